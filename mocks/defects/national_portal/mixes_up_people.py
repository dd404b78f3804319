"""Some forms are filled in with the data of whoever opened one before."""

from __future__ import annotations

from mocks.systems.national_portal import NationalPortal
from mocks.systems.population import PersonRecord

SHARE = 1 / 10


class MixesUpPeople(NationalPortal):
    """Keeps the citizen of a request where the next one finds it."""

    async def start(self) -> None:
        """Nobody has come yet."""
        self._before = ""
        await super().start()

    async def prefill(self, citizen_id: str, trace: str) -> PersonRecord | None:
        """Asks for the one before, perhaps."""
        before, self._before = self._before, citizen_id
        mixed_up = before and self.rng.random() < SHARE
        return await super().prefill(before if mixed_up else citizen_id, trace)
