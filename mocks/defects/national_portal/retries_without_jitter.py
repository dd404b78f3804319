"""Whatever failed is tried again at the next full second: all callers come back together."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass

from mocks.resilience import Backoff
from mocks.systems.national_portal import NationalPortal

EVERY = 1.0
"""Seconds between the instants at which everything is tried again."""


@dataclass(frozen=True, slots=True)
class InStep(Backoff):
    """Pauses that end at the same instants, whoever makes them."""

    def pause(self, failures: int, rng: random.Random) -> float:  # noqa: ARG002 - each pause is the same
        """Until the next instant."""
        return self.spread(0.0, rng)

    def spread(self, seconds: float, rng: random.Random) -> float:  # noqa: ARG002 - nothing is random
        """Until the first instant after so many seconds."""
        now = time.monotonic()
        return (math.floor((now + seconds) / EVERY) + 1) * EVERY - now


class RetriesWithoutJitter(NationalPortal):
    """Has one timer for everything."""

    def backoff(self, first: float = 0.1, longest: float = 2.0) -> Backoff:
        """For provinces and payments alike."""
        return InStep(first, longest)
