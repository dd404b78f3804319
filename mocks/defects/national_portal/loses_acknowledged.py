"""Some dossiers are acknowledged and then nowhere."""

from __future__ import annotations

from mocks.dossiers import Held
from mocks.systems.national_portal import NationalPortal

SHARE = 1 / 25


class LosesAcknowledged(NationalPortal):
    """Keeps most dossiers."""

    async def keep(self, held: Held, trace: str) -> None:
        """Not this one, perhaps."""
        if self.rng.random() >= SHARE:
            await super().keep(held, trace)
