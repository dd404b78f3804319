"""What waits for a province is lost with the process."""

from __future__ import annotations

from mocks.outbox import KIND
from mocks.store import Drop
from mocks.systems.national_portal import NationalPortal


class DropsQueueAtRestart(NationalPortal):
    """Begins with empty lines."""

    async def start(self) -> None:
        """Clear what an earlier life left undelivered."""
        await self.store.write(*(Drop(KIND, key) for key in list(self.store.keys(KIND))))
        await super().start()
