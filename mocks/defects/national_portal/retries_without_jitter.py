"""Whatever failed is tried again after the same pause: what fails together comes back together."""

from __future__ import annotations

import random
from dataclasses import dataclass

from mocks.resilience import Backoff
from mocks.systems.national_portal import NationalPortal

PAUSE = 0.25
"""Seconds between two tries, however many have failed."""


@dataclass(frozen=True, slots=True)
class InStep(Backoff):
    """The same pause for everybody."""

    def pause(self, failures: int, rng: random.Random) -> float:  # noqa: ARG002 - that is the defect
        """No longer after more failures, and not a random part of it."""
        return PAUSE

    def spread(self, seconds: float, rng: random.Random) -> float:  # noqa: ARG002 - that is the defect
        """Not at all."""
        return seconds


class RetriesWithoutJitter(NationalPortal):
    """Has one pause for everything."""

    def backoff(self, first: float = 0.1, longest: float = 2.0) -> Backoff:
        """For provinces and payments alike."""
        return InStep(first, longest)
