"""Test dossiers at a system that holds dossiers, and how they are taken away again.

What is purged stays purged: a status of it that is still on its way is taken and changes nothing, and
neither is it forwarded any more.
"""

from __future__ import annotations

import msgspec

from mocks.dossiers import Dossiers
from mocks.http import Answer, Call, operation
from mocks.store import Put
from mocks.system import System

TOMBSTONE = "purged"


class TestDossiers(msgspec.Struct, frozen=True):
    """Test dossiers, by their codes."""

    codes: list[str]


class Purged(msgspec.Struct, frozen=True):
    """How many dossiers were removed."""

    purged: int


class TestRecords(System):
    """Mixed into whoever holds dossiers: needs ``dossiers`` from it, and gives it ``purged``."""

    kind = ""
    title = ""
    dossiers: Dossiers
    purged: set[str]

    def start_test_records(self) -> None:
        """Remember what an earlier life of the process purged."""
        self.purged = set(self.store.keys(TOMBSTONE))

    @operation("DELETE", "/api/test-dossiers", body=TestDossiers, answers={200: Purged})
    async def purge(self, call: Call[TestDossiers]) -> Answer:
        """Remove test dossiers for good; whatever is no test dossier, or unknown, stays as it is."""
        drops = self.dossiers.purge(call.body.codes)
        codes = [drop.key for drop in drops]
        self.purged.update(codes)  # before the commit: what arrives meanwhile must not bring one back
        await self.store.write(*drops, *(Put(TOMBSTONE, code, b"") for code in codes))
        return Answer(200, Purged(len(codes)))
