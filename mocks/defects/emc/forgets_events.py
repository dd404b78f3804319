"""Some events are answered for and not kept."""

from __future__ import annotations

from mocks.defects.chance import struck
from mocks.store import Put
from mocks.systems.emc import Emc, Event

ONE_IN = 4


class ForgetsEvents(Emc):
    """Writes to a full disk and does not look."""

    async def keep_record(self, code: str, *changes: Put) -> None:
        """Keep the others."""
        if kept := [each for each in changes if not struck("forgets-events", each.key, ONE_IN)]:
            await super().keep_record(code, *kept)

    def _count(self, key: str, event: Event) -> None:
        if not struck("forgets-events", key, ONE_IN):
            super()._count(key, event)
