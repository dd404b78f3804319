"""No store of the own country holds a test dossier of the sweep: looked at directly, not by look-ups."""

from __future__ import annotations

import asyncio
from typing import Protocol

import fixtures
from mocks.operator import Stored
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import Desk
from rehearsal.readiness.signing_in import PORTAL
from rehearsal.readiness.specimens import KEY
from reports.readiness.model import Cell

EMPTY = check(
    "stores-clean",
    "Kho dữ liệu của Cổng quốc gia và hệ thống một cửa không còn hồ sơ thử",
    "The stores of the national portal and the case system hold no test dossier",
    "LC-1-3",
)


class Stores(Protocol):
    """Whoever can look into a store."""

    async def stored(self, system: str) -> list[Stored]:
        """Everything that a system holds."""


class CleanStores:
    """Reads the store of each case system once, and that of the portal once for all."""

    name = "stores"
    checks = (EMPTY,)

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._portal: asyncio.Task[list[Stored]] | None = None

    def systems(self, province: fixtures.Province) -> tuple[str, ...]:
        """The two systems that hold a dossier."""
        return (PORTAL, f"case-{province.code}")

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:  # noqa: ARG002
        """Every record of the province; those of before the sweep are right."""
        notes = Notes(EMPTY, province)
        if self._portal is None:
            self._portal = asyncio.create_task(self._stores.stored(PORTAL))
        case = await self._stores.stored(f"case-{province.code}")
        for record in (*await self._portal, *case):
            if record.province != province.code:
                continue
            if record.intent.startswith(KEY):
                notes.lacks(
                    record.commune,
                    f"{record.system} còn giữ hồ sơ thử {record.dossier} của {name_of(province)}.",
                    f"{record.system} still holds test dossier {record.dossier} of {name_of(province)}.",
                    detail=f"{record.system}/{record.dossier}",
                )
            else:
                notes.right()
        return [notes.cell()]
