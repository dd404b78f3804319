"""The open model: starts every arrival at its planned instant, whatever became of those before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scenarios.journeys.visitor import Arrival

LATE_NS = 5_000_000_000
"""An arrival this late (nanoseconds) is not started: it would be load that nobody planned."""


def walk(
    arrivals: Iterable[Arrival],
    t0_ns: int,
    start: Callable[[Arrival], None],
    drop: Callable[[Arrival], None],
    *,
    now: Callable[[], int],
    sleep: Callable[[float], None],
) -> None:
    """Call ``start`` for each arrival (in the order of time) at its instant, ``drop`` for those too late.

    ``now`` gives nanoseconds, ``sleep`` takes seconds. ``start`` must not wait.
    """
    for arrival in arrivals:
        due = t0_ns + arrival.planned
        while (left := due - now()) > 0:  # a timer may fire a little early
            sleep(left / 1e9)
        if -left <= LATE_NS:
            start(arrival)
        else:
            drop(arrival)
