"""The theory of one sustaining effect: calls that are repeated for ever, before a queue that forgets nothing.

A caller makes λ calls per second to a callee with one line of waiting and the capacity μ. It waits τ for an
answer, pauses δ and calls again, until it is answered. The callee serves everything in its line, also what
nobody waits for any more. A trigger swallows all calls for L seconds; all that were made meanwhile are made
again in the moment when it ends. With ρ = λ / μ, and V(t) the work (in seconds) that lies before a call that
comes at t, the line starts at V(0) = ρ L::

    V │\\                     a call that comes while V > τ is given up before it is served, and
      │ \\  |\\  |\\            is made again: its first service was for nothing
      │  \\ | \\ | \\  …  stays down
    τ │---\\|--\\|--\\---------------------------
      │    `  fresh calls are served in time below here: recovers
      └────┴───┴───┴─► t    rounds of τ + δ

Recovers for certain: L ≤ τ / ρ. Then V never exceeds τ, so every call is answered and none is repeated.

Stays down for certain: ρ L ≥ (2 − ρ) τ + (1 − ρ) δ. V falls by (1 − ρ) a second, so it is still at least τ
when the first round comes again after τ + δ: nobody who came in between is served in time, and neither are
the μ (ρ L − τ) calls that were not answered and now line up behind at least τ of work. After the round V is
at least what it was, and so on for ever. Between the two lies the boundary, which fluid mechanics of the
rounds, :func:`boundary`, puts near the upper end at low load and at the lower end near saturation.

For the same reason no lower load heals what is down. Of n unanswered calls each comes again every τ + δ, even
where no visitor comes any more, and V does not fall while n ≥ μ (τ + δ), which the collapse has long passed.
Bounds of the number of tries, a pause that grows, a breaker: each takes the rounds away.

Before all this the country looks well: as long as ρ < 1, nothing but the missing trigger keeps it up. The
load below which every trigger is survived is its hidden capacity (Bronson et al. 2021); by the first formula
it is μ τ / L for triggers up to L, a tenth of the declared capacity where L is ten times the caller's limit.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SETTLED = 12.0
"""Rounds after which it is seen whether the line grows or has gone."""
CLOSE = 1.002


@dataclass(frozen=True, slots=True)
class Storm:
    """λ is ``rate`` and μ ``capacity`` (calls per second); τ is ``limit``, δ ``pause`` (seconds)."""

    rate: float
    capacity: float
    limit: float
    pause: float = 0.0

    @property
    def utilisation(self) -> float:
        """ρ."""
        return self.rate / self.capacity

    @property
    def harmless(self) -> float:
        """The longest trigger from which the callee recovers for certain: τ / ρ, in seconds."""
        return self.limit / self.utilisation

    @property
    def fatal(self) -> float:
        """The shortest trigger that keeps it down for certain: ((2 − ρ) τ + (1 − ρ) δ) / ρ, in seconds."""
        rho = self.utilisation
        return ((2 - rho) * self.limit + (1 - rho) * self.pause) / rho


def boundary(storm: Storm, calls: Sequence[float] = ()) -> float:
    """The shortest trigger that keeps the callee down, in seconds, by simulation.

    ``calls`` are the instants of fresh calls, in order, the trigger beginning at 0; without them they come
    evenly. They must reach :data:`SETTLED` rounds beyond the fatal trigger.
    """
    low, high = storm.harmless / 2, storm.fatal * 2
    after = high + SETTLED * (storm.limit + storm.pause)
    fresh = calls or np.arange(-storm.limit, after, 1 / storm.rate).tolist()
    while high > low * CLOSE:
        middle = math.sqrt(low * high)
        if stays_down(storm, fresh, middle):
            high = middle
        else:
            low = middle
    return math.sqrt(low * high)


def stays_down(storm: Storm, calls: Sequence[float], trigger: float) -> bool:
    """Whether calls of the last round are still not answered at the first try.

    The line of one server is played call by call; calls that come while the trigger lasts come when it ends.
    """
    service, end = 1 / storm.capacity, trigger + SETTLED * (storm.limit + storm.pause)
    line = [(trigger if 0 <= at < trigger else at, False) for at in calls if at < end]
    heapq.heapify(line)
    free, lost, seen = -math.inf, 0, 0
    while line:
        at, again = heapq.heappop(line)
        free = max(free, at) + service
        late = free - at > storm.limit
        if not again and at >= end - storm.limit:
            lost, seen = lost + late, seen + 1
        if late and at + storm.limit + storm.pause < end:
            heapq.heappush(line, (at + storm.limit + storm.pause, True))
    return 2 * lost > seen
