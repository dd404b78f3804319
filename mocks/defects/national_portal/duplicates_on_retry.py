"""A submission that is repeated under its key becomes a second dossier."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from mocks.dossiers import Held
from mocks.systems.national_portal import NationalPortal


class DuplicatesOnRetry(NationalPortal):
    """Does not look at the key."""

    async def once(self, _key: str, take: Callable[[], Awaitable[Held]]) -> tuple[Held, bool]:
        """As often as it is submitted."""
        return await take(), True
