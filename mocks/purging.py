"""Test dossiers at a system that holds them or traces of them, and how they are taken away again.

=============================  ===  ====================================================================
``DELETE /api/test-dossiers``  200  {codes}: {purged}, the dossiers of which something was here; whatever
                                    is known to be no test dossier stays as it is
=============================  ===  ====================================================================

What is purged stays purged: what is still on its way here is refused with 422, and what waits here for others
is sent no more. These systems offer it:

==========================================  ============================================================
portal, case systems                        dossiers, receipts, answers of registers, states of orders
registers, population, birth and death      the entry that a dossier brought about, and its parts
EMC, signatures                             events; signatures of results
documents, document axis                    documents about a dossier, sent and taken in
post                                        orders
==========================================  ============================================================

The second site follows the portal, and figures (operations centres, reporting) are counted anew without
them. Money is no test record: orders, charges and settlements stay in the books.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Annotated

import msgspec

from mocks.http import Answer, Call, Refusal, operation
from mocks.store import Drop, Put
from mocks.system import System

TOMBSTONE = "purged"
Trace = tuple[str, Drop]
"""The code of a dossier, and what takes away one record about it."""


class TestDossiers(msgspec.Struct, frozen=True):
    """Test dossiers, by their codes."""

    codes: list[Annotated[str, msgspec.Meta(min_length=1)]]


class Purged(msgspec.Struct, frozen=True):
    """Of how many dossiers something was removed."""

    purged: int


class TestRecords(System):
    """Mixed into whoever holds records about dossiers; ``purged`` are those that were taken away."""

    kind = ""
    title = ""
    purged: set[str]

    def start_test_records(self) -> None:
        """Remember what an earlier life of the process purged; to be called before records are loaded."""
        self.purged = set(self.store.keys(TOMBSTONE))

    def may_be_purged(self, code: str) -> bool:  # noqa: ARG002 - a hook
        """Whether this may be a test dossier, as far as this system can say."""
        return True

    def message_keys(self, codes: Set[str]) -> Set[str]:
        """Under which keys messages about these dossiers wait here; asked before they are taken away."""
        return codes

    def take_away(self, codes: Set[str]) -> list[Trace]:  # noqa: ARG002 - nothing is kept here
        """Show nothing about these dossiers any more; what is returned, committed, makes that last."""
        return []

    @operation("DELETE", "/api/test-dossiers", body=TestDossiers, answers={200: Purged})
    async def purge(self, call: Call[TestDossiers]) -> Answer:
        """Remove test dossiers for good; whatever is no test dossier stays as it is."""
        codes = frozenset(filter(self.may_be_purged, call.body.codes))
        self.purged.update(codes)  # before the commit: what arrives meanwhile must not bring one back
        unsent = [] if self.outgoing is None else self.outgoing.forget(self.message_keys(codes))
        traces = self.take_away(codes)
        tombstones = (Put(TOMBSTONE, code, b"") for code in codes)
        await self.store.write(*(drop for _, drop in traces), *unsent, *tombstones)
        return Answer(200, Purged(len({code for code, _ in traces})))

    def refuse_purged(self, code: str) -> None:
        """Refuses with 422 what is about a dossier that was purged."""
        if code in self.purged:
            raise Refusal(
                422, "purged", "Hồ sơ thử đã được xoá.", f"The test dossier {code} has been taken away."
            )

    async def keep_record(self, code: str, *puts: Put) -> None:
        """Make records about a dossier durable. Refuses with 422 where it was purged meanwhile."""
        self.refuse_purged(code)
        await self.store.write(*puts)
        if code in self.purged:
            await self.store.write(*(Drop(put.kind, put.key) for put in puts))
            self.refuse_purged(code)
