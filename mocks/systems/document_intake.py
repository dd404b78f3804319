"""The taking half of a document system: documents from the axis, and those that old provinces left."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Set

import msgspec

import fixtures
from fixtures.reference.agencies import provincial_centre
from mocks.documents import DocumentReceipt, Interchange
from mocks.http import Answer, Call, Problem, Refusal, key_reused, operation
from mocks.once import Once
from mocks.purging import TestRecords, Trace
from mocks.store import Drop, Put
from mocks.systems.agency_codes import agencies

OLD_DOCUMENTS = 200
"""Documents that each old province left, by serial numbers from 1."""
_OLD_CODE = re.compile(r"(\d{4})/UBND-(H\d{2})", re.ASCII)


class DocumentsQuery(msgspec.Struct, frozen=True):
    """Which document of before the merger, by the code that it had."""

    old_code: str = ""


class OldDocument(msgspec.Struct, frozen=True):
    """A document of an old province, and the agency of today that holds it."""

    old_code: str
    sender: str = msgspec.field(name="from")
    holder: str
    subject: str
    digest: str


class Incoming(msgspec.Struct, frozen=True):
    """A document that was taken in."""

    document: Interchange
    at: int


class DocumentIntake(TestRecords):
    """Mixed into a document system. ``own`` are the codes in force of the province's agencies."""

    kind = ""
    title = ""

    async def start(self) -> None:
        """Take up the documents that an earlier life of the process has taken in."""
        self.start_test_records()
        rows = agencies(self.config.province).values()
        self.own = frozenset(each.code for each in rows if each.state == "active")
        self.taken_in: dict[str, Incoming] = {}
        self._ids: Once[str] = Once()
        for key, body in self.store.load("incoming"):
            self.taken_in[key] = msgspec.json.decode(body, type=Incoming)
            self._ids.remember(key, key)

    @operation(
        "POST",
        "/api/incoming",
        body=Interchange,
        answers={200: DocumentReceipt, 201: DocumentReceipt, 422: Problem},
    )
    async def take_in(self, call: Call[Interchange]) -> Answer:
        """Take in a document from the axis, once per id."""
        document = call.body
        call.key = document.id
        if document.recipient not in self.own:
            raise Refusal(
                422,
                "not-here",
                f"{document.recipient} không thuộc tỉnh này.",
                f"{document.recipient!r} is no agency of province {self.config.province}.",
            )

        self.refuse_purged(document.dossier)

        async def keep() -> str:
            incoming = Incoming(document, time.monotonic_ns())
            record = Put("incoming", document.id, msgspec.json.encode(incoming))
            await self.keep_record(document.dossier, record)
            self.taken_in[document.id] = incoming
            return document.id

        code, new = await self._ids.do(document.id, keep)
        if self.taken_in[code].document != document:
            raise key_reused()
        return Answer(201 if new else 200, DocumentReceipt(code, "delivered"))

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """The documents about these dossiers that were taken in."""
        gone = [each.document for each in self.taken_in.values() if each.document.dossier in codes]
        for document in gone:
            del self.taken_in[document.id]
        return [(document.dossier, Drop("incoming", document.id)) for document in gone]

    @operation("GET", "/api/incoming/{id}", answers={200: Interchange, 404: Problem})
    async def incoming(self, call: Call[None]) -> Answer:
        """A document that was taken in."""
        call.key = call.path["id"]
        found = self.taken_in.get(call.key)
        if found is None:
            raise Refusal(404, "no-such-document", "Không có văn bản này.", "There is no such document.")
        return Answer(200, found.document)

    @operation("GET", "/api/documents", query=DocumentsQuery, answers={200: list[OldDocument]})
    async def old_documents(self, call: Call[None]) -> Answer:
        """A document of an old province by the code that it had."""
        code = call.query.old_code
        match = _OLD_CODE.fullmatch(code)
        left = {each.agency_code for each in fixtures.merged_into(self.config.province)}
        if match is None or match[2] not in left or not 1 <= int(match[1]) <= OLD_DOCUMENTS:
            return Answer(200, [])
        digest = hashlib.sha256(f"{self.context.seed}/{code}".encode()).hexdigest()
        holder = provincial_centre(fixtures.province(self.config.province))
        return Answer(200, [OldDocument(code, match[2], holder, f"Văn bản {code} (thử nghiệm)", digest)])
