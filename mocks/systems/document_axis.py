"""The national axis between the provinces' document systems: takes a document, delivers it, tells the sender.

===========================  ===  =====================================================================
``POST /api/messages``       202  {id, from, to, subject, digest}: {id, state}; 200 an id that is known;
                                  422 ``to`` is closed, naming its successor, or was never given, or the
                                  id was used for another document; 502 the register of agencies, or the
                                  recipient's system, cannot be reached from here: send it again
``GET /api/messages/{id}``   200  {id, state, reason}; 404
``GET /api/dead-letters``    200  [{id, to, subject, reason, message}] that a recipient's system refused
``GET /api/state``           200  {in_transit, delivered, bounced}
===========================  ===  =====================================================================

::

    documents-PP ── messages ──► axis ── incoming ──► documents-QQ
         ▲                        │
         └──────── receipts ──────┘
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Set

import msgspec

import fixtures
from fixtures.reference.agencies import province_of_agency
from mocks.caller import CallFailed
from mocks.documents import BOUNCED, AgencyBook, Bounced, DocumentReceipt, Interchange
from mocks.http import Answer, Call, Problem, Refusal, key_reused, operation
from mocks.once import Once
from mocks.operator import Backlog, Stored
from mocks.outbox import Message, Outbox
from mocks.partner import LIMIT
from mocks.problems import for_good, problem_of
from mocks.purging import TestRecords, Trace
from mocks.store import Drop, Put


class Carried(msgspec.Struct, frozen=True):
    """A document on the axis, and how far it is; ``at`` is when it came, in monotonic nanoseconds."""

    document: Interchange
    receipt: DocumentReceipt
    at: int


class AxisState(msgspec.Struct, frozen=True):
    """How far the documents are."""

    in_transit: int
    delivered: int
    bounced: int


class DocumentAxis(TestRecords):
    """National document interconnection axis (Trục liên thông văn bản quốc gia)."""

    kind = "document-axis"
    title = "National document axis"

    async def start(self) -> None:
        """Take up what an earlier life of the process has accepted, and deliver on."""
        self.start_test_records()
        self._agencies = AgencyBook(self.config, self.caller)
        self._carried: dict[str, Carried] = {}
        self._taken: Once[str] = Once()
        for _, body in self.store.load("message"):
            carried = msgspec.json.decode(body, type=Carried)
            self._carried[carried.document.id] = carried
            self._taken.remember(carried.document.id, carried.document.id)
        self._dead = {key: msgspec.json.decode(body, type=Bounced) for key, body in self.store.load(BOUNCED)}
        self._outbox = self.outbox(self._deliver)

    @operation(
        "POST",
        "/api/messages",
        body=Interchange,
        answers={200: DocumentReceipt, 202: DocumentReceipt, 422: Problem, 502: Problem},
    )
    async def take(self, call: Call[Interchange]) -> Answer:
        """Take a document, once per id, if its recipient can be reached."""
        document = call.body
        call.key = document.id
        self.refuse_purged(document.dossier)
        destination = await self._destination(document, call.trace)

        async def keep() -> str:
            receipt = DocumentReceipt(document.id, "in-transit")
            await self._commit(
                Carried(document, receipt, time.monotonic_ns()),
                _message(destination, document, "incoming", call.trace),
            )
            return document.id

        known, new = await self._taken.do(document.id, keep)
        if self._carried[known].document != document:
            raise key_reused()
        return Answer(202 if new else 200, self._carried[known].receipt)

    async def _destination(self, document: Interchange, trace: str) -> str:
        """The recipient's system; refuses with 422 where there is none, with 502 where nobody can say."""
        try:
            agency = await self._agencies.active(document.recipient, trace)
        except CallFailed as failure:
            raise Refusal(
                502,
                "register-unavailable",
                "Chưa tra cứu được mã định danh, vui lòng gửi lại.",
                f"The agency code could not be looked up ({failure.error}); please send it again.",
            ) from failure
        destination = f"documents-{province_of_agency(agency.code).code}"
        if destination not in self.config.peers:
            raise Refusal(
                502,
                "not-connected",
                f"Hệ thống {destination} chưa kết nối trục.",
                f"{destination} is not connected to the axis.",
            )
        return destination

    @operation("GET", "/api/messages/{id}", answers={200: DocumentReceipt, 404: Problem})
    async def look_up(self, call: Call[None]) -> Answer:
        """How far a document is."""
        carried = self._carried.get(call.path["id"])
        if carried is None:
            raise Refusal(404, "no-such-document", "Không có văn bản này.", "There is no such document.")
        return Answer(200, carried.receipt)

    @operation("GET", "/api/dead-letters", answers={200: list[Bounced]})
    async def dead_letters(self, _call: Call[None]) -> Answer:
        """Documents that a recipient's system refused."""
        return Answer(200, list(self._dead.values()))

    @operation("GET", "/api/state", answers={200: AxisState})
    async def state(self, _call: Call[None]) -> Answer:
        """How far the documents are."""
        states = [each.receipt.state for each in self._carried.values()]
        return Answer(
            200, AxisState(states.count("in-transit"), states.count("delivered"), states.count("bounced"))
        )

    async def _commit(self, carried: Carried, onward: Message | None, *others: Put) -> None:
        """A document as it is now, and who is told. Refuses with 422 where it was purged meanwhile."""
        changes = [Put("message", carried.document.id, msgspec.json.encode(carried)), *others]
        if onward is not None:
            changes.append(Outbox.put(onward))
        await self.keep_record(carried.document.dossier, *changes)
        self._carried[carried.document.id] = carried
        if onward is not None:
            self._outbox.accept(onward)

    # -- the way on --------------------------------------------------------------------------------

    async def _deliver(self, destination: str, messages: list[Message], attempt: int) -> None:
        for message in messages:
            what = message.id.rpartition("-")[2]
            carried = self._carried.get(message.key)
            if carried is None:
                continue  # it has been purged
            try:
                await self.caller.call(
                    self.config,
                    destination,
                    what,
                    "POST",
                    f"/api/{what}",
                    limit=LIMIT,
                    body=message.body,
                    key=message.key,
                    trace=message.trace,
                    attempt=attempt,
                )
            except CallFailed as failure:
                if what != "incoming" or not for_good(failure):
                    raise
                await self._bounced(carried, problem_of(failure), message.trace)
            else:
                if what == "incoming":
                    await self._settle(carried, "", message.trace)

    async def _bounced(self, carried: Carried, why: Problem, trace: str) -> None:
        document = carried.document
        dead = Bounced(document.id, document.recipient, document.subject, why.code, why.message)
        if document.id in self._carried:
            self._dead[document.id] = dead
        await self._settle(carried, why.code, trace, Put(BOUNCED, document.id, msgspec.json.encode(dead)))

    async def _settle(self, carried: Carried, reason: str, trace: str, *others: Put) -> None:
        """A document has come to its end: its sender is told, unless it was purged meanwhile."""
        document = carried.document
        receipt = DocumentReceipt(document.id, "bounced" if reason else "delivered", reason)
        sender = _system_of(document.sender)
        onward = _message(sender, receipt, "receipts", trace) if sender in self.config.peers else None
        with contextlib.suppress(Refusal):
            await self._commit(msgspec.structs.replace(carried, receipt=receipt), onward, *others)

    # -- for the operator --------------------------------------------------------------------------

    def message_keys(self, codes: Set[str]) -> Set[str]:
        """The documents about these dossiers."""
        return {key for key, each in self._carried.items() if each.document.dossier in codes}

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """The documents about these dossiers."""
        gone = [each.document for each in self._carried.values() if each.document.dossier in codes]
        traces: list[Trace] = []
        for document in gone:
            del self._carried[document.id]
            self._dead.pop(document.id, None)
            traces += [(document.dossier, Drop(kind, document.id)) for kind in ("message", BOUNCED)]
        return traces

    def backlog(self) -> Backlog:
        """Documents and receipts that were not yet taken."""
        return Backlog(undelivered=self._outbox.undelivered())

    def stored(self, page: slice) -> list[Stored]:
        """Documents that came."""
        return [
            Stored(
                system=self.name,
                kind="document",
                record=each.document.id,
                dossier=each.document.dossier,
                history=each.receipt.state,
                digest=each.document.digest,
                at=each.at,
            )
            for each in list(self._carried.values())[page]
        ]


def _message(destination: str, body: Interchange | DocumentReceipt, what: str, trace: str) -> Message:
    made = f"{time.monotonic_ns():020d}-{body.id}-{what}"
    return Message(made, destination, msgspec.json.encode(body), body.id, trace)


def _system_of(agency: str) -> str:
    """The document system of an agency's province; "" for one of no province."""
    try:
        return f"documents-{province_of_agency(agency).code}"
    except fixtures.UnknownCodeError:
        return ""
