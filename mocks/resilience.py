"""How a caller protects itself and its callee: backoff with jitter, and a circuit breaker."""

from __future__ import annotations

import random
from dataclasses import dataclass

SPREAD = 0.25
"""Seconds over which callers come back that have rested equally long."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses between tries: exponential with full jitter, in seconds.

    The n-th pause (n = 1, 2, …) is uniform in [0, min(longest, first × 2^(n−1))] — "full jitter" of
    M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015.
    """

    first: float = 0.1
    longest: float = 2.0

    def pause(self, failures: int, rng: random.Random) -> float:
        """How long to wait after this many failures in a row."""
        return rng.uniform(0, min(self.longest, self.first * 2 ** (max(failures, 1) - 1)))

    def spread(self, seconds: float, rng: random.Random) -> float:
        """A pause that many begin at the same moment, and must not end at the same moment."""
        return seconds + rng.uniform(0, SPREAD)


@dataclass(slots=True)
class Breaker:
    """Closed until ``threshold`` failures in a row; then open for ``cool_down`` seconds, then half-open.

    Half-open lets one call through: its success closes the breaker, its failure opens it again. Instants are
    seconds on the caller's clock, so that a test needs no waiting.
    """

    threshold: int = 5
    cool_down: float = 1.0
    failures: int = 0
    opened: float | None = None
    probing: bool = False

    def allows(self, now: float) -> bool:
        """Whether a call may be made; a half-open breaker gives its one permission away."""
        if self.opened is None:
            return True
        if self.probing or now < self.opened + self.cool_down:
            return False
        self.probing = True
        return True

    def succeeded(self) -> None:
        """A call came back well."""
        self.failures = 0
        self.opened = None
        self.probing = False

    def failed(self, now: float) -> None:
        """A call failed."""
        self.failures += 1
        self.probing = False
        if self.failures >= self.threshold:
            self.opened = now

    def waits(self, now: float) -> float:
        """Seconds until the next call may be tried; 0 when one may be tried now."""
        if self.opened is None:
            return 0.0
        return max(0.0, self.opened + self.cool_down - now)
