"""For how long it makes sense to wait for news that may never come: it depends on how others fare.

As long as news comes from anywhere, the country is still at work, and on a busy machine that may take a
while. Once all is quiet for longer than the slowest news took, the rest is not coming.
"""

from __future__ import annotations

from rehearsal.readiness.desk import Desk

SHORTEST, LONGEST = 6.0, 30.0
"""Seconds of quiet after which no more is waited for, at least, and where no news ever came."""
TIMES = 1.5
"""So many times the longest delay that was seen anywhere."""
LOOK_EVERY = 1.0


class Patience:
    """What all provinces have seen so far of one kind of news."""

    def __init__(self) -> None:
        self._slowest = 0.0
        self.last = float("-inf")
        """When news came last, on the desk's clock."""

    def seen(self, now: float, delay: float) -> None:
        """News has come, after so many seconds."""
        self.last = now
        self._slowest = max(self._slowest, delay)

    def limit(self) -> float:
        """Seconds of quiet until the rest is given up."""
        if not self._slowest:
            return LONGEST
        return min(LONGEST, max(SHORTEST, TIMES * self._slowest))


class Vigil:
    """One wait: ``while await vigil.goes_on(): look, and tell it where there was news``."""

    def __init__(self, desk: Desk, patience: Patience) -> None:
        self._desk = desk
        self._patience = patience
        self._begun = desk.now()

    async def goes_on(self) -> bool:
        """Wait a little; false where that makes no sense any more."""
        if self._desk.now() - max(self._begun, self._patience.last) >= self._patience.limit():
            return False
        await self._desk.wait(LOOK_EVERY)
        return True

    def news(self) -> None:
        """Something that was waited for has come."""
        now = self._desk.now()
        self._patience.seen(now, now - self._begun)
