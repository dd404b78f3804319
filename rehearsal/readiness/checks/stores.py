"""No store of the own country holds anything of a test dossier: looked at directly, not by look-ups."""

from __future__ import annotations

import asyncio
from typing import Protocol

import fixtures
from mocks.operator import Stored
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import Desk
from rehearsal.readiness.purging import HEAR_OF_A_CERTIFIED_COPY, followers
from rehearsal.readiness.signing_in import PORTAL
from rehearsal.readiness.specimens import KEY
from reports.readiness.model import Cell

EMPTY = check(
    "stores-clean",
    "Không kho dữ liệu nào còn dấu vết của hồ sơ thử",
    "No store holds anything of a test dossier",
    "LC-1-3",
)


HOLD = (PORTAL, "national-data-centre")


class Stores(Protocol):
    """Whoever can look into a store."""

    async def stored(self, system: str) -> list[Stored]:
        """Everything that a system holds."""


class CleanStores:
    """Reads the stores of each province once, and those of the nation once for all.

    Nobody but the sweep hands in dossiers in the own country: what a follower keeps under the code of one is
    of the sweep.
    """

    name = "stores"
    checks = (EMPTY,)

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._national: asyncio.Task[list[Stored]] | None = None

    def systems(self, province: fixtures.Province) -> tuple[str, ...]:
        """Those that hold a dossier, and those that follow it."""
        return (*HOLD, f"case-{province.code}", *followers(province))

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:  # noqa: ARG002
        """Every record of the province; those of before the sweep are right."""
        notes = Notes(EMPTY, province)
        if self._national is None:
            self._national = asyncio.create_task(self._read(*HOLD, *HEAR_OF_A_CERTIFIED_COPY))
        case, documents = f"case-{province.code}", f"documents-{province.code}"
        for record in (*await self._national, *await self._read(case, documents)):
            if record.province not in (province.code, ""):
                continue
            if _is_of_a_test(record, holds=record.system in (*HOLD, case)):
                notes.lacks(
                    record.commune,
                    f"{record.system} còn giữ hồ sơ thử {record.dossier} của {name_of(province)}.",
                    f"{record.system} still holds test dossier {record.dossier} of {name_of(province)}.",
                    detail=f"{record.system}/{record.dossier}",
                )
            else:
                notes.right()
        return [notes.cell()]

    async def _read(self, *systems: str) -> list[Stored]:
        return [record for system in systems for record in await self._stores.stored(system)]


def _is_of_a_test(record: Stored, *, holds: bool) -> bool:
    """Whether this is a test dossier, a message about one that was set aside, or a trace of one."""
    if holds and record.kind != "dead-letter":
        return record.intent.startswith(KEY)
    return bool(record.dossier)
