"""A dossier is acknowledged and shown while it is in memory only: a kill in between loses it."""

from __future__ import annotations

import asyncio

from mocks.dossiers import Held
from mocks.systems.national_portal import NationalPortal

LATER = 2.0
"""Seconds between the acknowledgement and the commit."""


class AcknowledgesBeforeCommit(NationalPortal):
    """Writes behind."""

    async def keep(self, held: Held, trace: str) -> None:
        """Show it now, commit it and send it on later."""
        self.dossiers.keep(held)
        self.context.spawn(self._commit(held, trace), f"{self.name} commits {held.code}")

    async def _commit(self, held: Held, trace: str) -> None:
        await asyncio.sleep(LATER)
        await super().keep(held, trace)
