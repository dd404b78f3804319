"""The document system of a province: sends documents to agencies, takes in those for its own, keeps old ones.

================================  ===  ================================================================
``POST /api/documents``           201  {from, to, subject, digest} with an Idempotency-Key: {id, state,
                                       reason}; 200 the same key again; 403 ``from`` is no agency of the
                                       province in force; 422 the key was used for another document
``GET /api/documents/{id}``       200  {id, state, reason}: waiting, in-transit, delivered or bounced
``GET /api/documents?old_code=``  200  [{old_code, from, holder, subject, digest}] of the old provinces,
                                       by a code such as ``0007/UBND-H63``; none or one
``GET /api/dead-letters``         200  [{id, to, subject, reason, message}] that came back or never left:
                                       ``to`` is closed, with its successor, or was never given
``POST /api/incoming``            201  from the axis: {id, from, to, subject, digest}; 200 an id that is
                                       known; 422 ``to`` is no agency of the province in force
``GET /api/incoming/{id}``        200  {id, from, to, subject, digest} that was taken in; 404
``POST /api/receipts``            200  from the axis: {id, state, reason}; 404 no document of ours
================================  ===  ================================================================

``digest`` is the SHA-256 of the document in hex; ``dossier``, which may be left out, the code of the dossier
that it is about. The answer to a sender comes when the document is durable; its recipient is looked up, and
it is handed to the axis, afterwards; it waits while the axis is away.
"""

from __future__ import annotations

import time
from collections.abc import Set

import msgspec

from mocks.caller import CallFailed
from mocks.documents import (
    BOUNCED,
    AgencyBook,
    Bounced,
    DocumentReceipt,
    DocumentRequest,
    DocumentState,
    Interchange,
)
from mocks.http import Answer, Call, Problem, Refusal, key_reused, operation
from mocks.once import Once
from mocks.operator import Backlog, Stored
from mocks.outbox import Message, Outbox
from mocks.partner import LIMIT
from mocks.problems import for_good, problem_of
from mocks.purging import Trace
from mocks.store import Drop, Put
from mocks.systems.document_intake import DocumentIntake, Incoming

AXIS = "document-axis"
_RANK: dict[DocumentState, int] = {"waiting": 0, "in-transit": 1, "delivered": 2, "bounced": 2}


class Sent(msgspec.Struct, frozen=True):
    """A document that was handed in, under which key, and how far it is."""

    document: Interchange
    receipt: DocumentReceipt
    key: str
    at: int


class Documents(DocumentIntake):
    """Document management system of a province (Hệ thống quản lý văn bản và điều hành)."""

    kind = "documents"
    title = "Document system"

    async def start(self) -> None:
        """Take up the documents of an earlier life of the process, and send on."""
        self.start_test_records()
        await super().start()
        self._agencies = AgencyBook(self.config, self.caller)
        self._sent: dict[str, Sent] = {}
        self._keys: Once[str] = Once()
        for _, body in self.store.load("sent"):
            sent = msgspec.json.decode(body, type=Sent)
            self._sent[sent.document.id] = sent
            self._keys.remember(sent.key, sent.document.id)
        self._dead = {key: msgspec.json.decode(body, type=Bounced) for key, body in self.store.load(BOUNCED)}
        self._outbox = self.outbox(self._hand_over)

    # -- sending -----------------------------------------------------------------------------------

    @operation(
        "POST",
        "/api/documents",
        body=DocumentRequest,
        key_required=True,
        answers={200: DocumentReceipt, 201: DocumentReceipt, 403: Problem, 422: Problem},
    )
    async def send(self, call: Call[DocumentRequest]) -> Answer:
        """Take a document that is to be sent, once per Idempotency-Key."""
        asked, key = call.body, call.key
        if asked.sender not in self.own:
            raise Refusal(
                403,
                "not-ours",
                f"{asked.sender} không phải mã còn hiệu lực của tỉnh này.",
                f"{asked.sender!r} is no code in force of province {self.config.province}.",
            )

        self.refuse_purged(asked.dossier)

        async def take() -> str:
            at = time.monotonic_ns()
            code = f"VB-{self.config.province}-{at:020d}-{self.rng.getrandbits(32):08x}"
            document = Interchange(code, *msgspec.structs.astuple(asked))
            onward = Message(code, AXIS, msgspec.json.encode(document), code, call.trace)
            sent = Sent(document, DocumentReceipt(code, "waiting"), key, at)
            record = Put("sent", code, msgspec.json.encode(sent))
            await self.keep_record(asked.dossier, record, Outbox.put(onward))
            self._sent[code] = sent
            self._outbox.accept(onward)
            return code

        code, new = await self._keys.do(key, take)
        known = self._sent[code].document
        if known != Interchange(code, *msgspec.structs.astuple(asked)):
            raise key_reused()
        call.key = code
        return Answer(201 if new else 200, self._sent[code].receipt)

    async def _hand_over(self, axis: str, messages: list[Message], attempt: int) -> None:
        for message in messages:
            sent = self._sent.get(message.key)
            if sent is None:
                continue  # it has been purged
            try:
                await self._check(sent.document.recipient, message.trace)
                await self.caller.call(
                    self.config,
                    axis,
                    "messages",
                    "POST",
                    "/api/messages",
                    limit=LIMIT,
                    body=message.body,
                    key=message.key,
                    trace=message.trace,
                    attempt=attempt,
                    expect=(200, 202),
                )
            except Refusal as refusal:
                await self._bounce(sent.document, refusal.problem)
            except CallFailed as failure:
                if not for_good(failure):
                    raise
                await self._bounce(sent.document, problem_of(failure))
            else:
                await self._advance(DocumentReceipt(message.key, "in-transit"))

    async def _check(self, recipient: str, trace: str) -> None:
        """Refuses with 422 a recipient that there is not; where the register does not say, the axis will."""
        try:
            await self._agencies.active(recipient, trace)
        except CallFailed:
            return

    async def _bounce(self, document: Interchange, why: Problem) -> None:
        dead = Bounced(document.id, document.recipient, document.subject, why.code, why.message)
        if document.id in self._sent:
            self._dead[document.id] = dead
        await self._advance(
            DocumentReceipt(document.id, "bounced", why.code),
            Put(BOUNCED, document.id, msgspec.json.encode(dead)),
        )

    async def _advance(self, receipt: DocumentReceipt, *others: Put) -> None:
        """Note how far a document is; a receipt that overtook an earlier one stays."""
        sent = self._sent.get(receipt.id)
        if sent is None:
            return  # it was purged while it was under way
        if _RANK[receipt.state] > _RANK[sent.receipt.state]:
            later = msgspec.structs.replace(sent, receipt=receipt)
            self._sent[receipt.id] = later
            await self.store.write(Put("sent", receipt.id, msgspec.json.encode(later)), *others)

    @operation("GET", "/api/documents/{id}", answers={200: DocumentReceipt, 404: Problem})
    async def look_up(self, call: Call[None]) -> Answer:
        """How far a document is."""
        call.key = call.path["id"]
        return Answer(200, self._own_document(call.key).receipt)

    @operation("GET", "/api/dead-letters", answers={200: list[Bounced]})
    async def dead_letters(self, _call: Call[None]) -> Answer:
        """Documents that came back, or never left."""
        return Answer(200, list(self._dead.values()))

    @operation("POST", "/api/receipts", body=DocumentReceipt, answers={200: DocumentReceipt, 404: Problem})
    async def receipt(self, call: Call[DocumentReceipt]) -> Answer:
        """Hear from the axis what became of a document."""
        told = call.body
        call.key = told.id
        document = self._own_document(told.id).document
        if told.state == "bounced":
            vi = f"Bên nhận từ chối: {told.reason}."
            en = f"The recipient refused it: {told.reason}."
            await self._bounce(document, Refusal(422, told.reason, vi, en).problem)
        else:
            await self._advance(told)
        return Answer(200, self._sent[told.id].receipt)

    def _own_document(self, code: str) -> Sent:
        found = self._sent.get(code)
        if found is None:
            raise Refusal(404, "no-such-document", "Không có văn bản này.", "There is no such document.")
        return found

    # -- for the operator --------------------------------------------------------------------------

    def message_keys(self, codes: Set[str]) -> Set[str]:
        """The documents about these dossiers."""
        return {key for key, each in self._sent.items() if each.document.dossier in codes}

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """The documents about these dossiers, sent and taken in."""
        gone = [each.document for each in self._sent.values() if each.document.dossier in codes]
        traces = super().take_away(codes)
        for document in gone:
            del self._sent[document.id]
            self._dead.pop(document.id, None)
            traces += [(document.dossier, Drop(kind, document.id)) for kind in ("sent", BOUNCED)]
        return traces

    def backlog(self) -> Backlog:
        """Documents that the axis has not taken yet."""
        return Backlog(undelivered=self._outbox.undelivered())

    def stored(self, page: slice) -> list[Stored]:
        """Documents that were handed in, and those that were taken in."""
        sent = [
            self._kept("document-sent", each, each.receipt.state, each.key) for each in self._sent.values()
        ]
        taken = [self._kept("document-received", each, "delivered") for each in self.taken_in.values()]
        return sorted([*sent, *taken], key=lambda each: (each.at, each.kind))[page]

    def _kept(self, kind: str, kept: Sent | Incoming, state: str, intent: str = "") -> Stored:
        return Stored(
            system=self.name,
            kind=kind,
            record=kept.document.id,
            intent=intent,
            dossier=kept.document.dossier,
            province=self.config.province,
            history=state,
            digest=kept.document.digest,
            at=kept.at,
        )
