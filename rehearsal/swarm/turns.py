"""Keeps every turn of the event loop short, so that nobody is late because many answers came at once.

The loop calls the watchers of all sockets that became readable before it looks at its timers again. When a
frozen system thaws, thousands of answers come in one turn; reading them all would hold up the visitors whose
time has come. So a turn reads for a while, and what is left is read in slices, between which the loop goes
on with its timers and with whoever was spawned meanwhile.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import cache
from time import monotonic_ns
from typing import Any

TURN_NS = 2_000_000
"""Nanoseconds that a turn may spend on reading; the share of one slice."""

_FIRST = 2  # libev's highest priority: before the sockets of the same turn


class Turns:
    """The turns of one event loop."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._waiting: deque[Callable[[], None]] = deque()
        self._began = monotonic_ns()
        self._check = loop.check()
        self._check.priority = _FIRST
        self._check.start(self._begin)

    def spent(self) -> bool:
        """Whether this turn has read for long enough."""
        return monotonic_ns() - self._began > TURN_NS

    def later(self, what: Callable[[], None]) -> None:
        """Call ``what`` in one of the next turns, in the order in which it was asked for."""
        if not self._waiting:
            self._loop.run_callback(self._slice)
        self._waiting.append(what)

    def _begin(self) -> None:
        self._began = monotonic_ns()

    def _slice(self) -> None:
        waiting, ends = self._waiting, monotonic_ns() + TURN_NS
        while waiting and monotonic_ns() < ends:
            waiting.popleft()()
        if waiting:
            self._loop.run_callback(self._slice)


@cache
def turns_of(loop: Any) -> Turns:
    """Those of a loop: one watcher for all its connections."""
    return Turns(loop)
