"""When the prober sends: one request in every period, at a random instant of it. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator


def instants(start: float, end: float, rate: float, rng: random.Random) -> Iterator[float]:
    """Seconds after T0, in order, from ``start`` to ``end``: ``rate`` a second.

    Uniform within each period of 1/rate, so that it beats with nothing that is periodic itself: no timer of a
    system, no flush of a journal, no collection of garbage.
    """
    period = 1 / rate
    number = 0
    while (begin := start + number * period) < end:
        at = begin + rng.random() * period
        if at <= end:
            yield at
        number += 1
