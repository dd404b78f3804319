"""The search for the highest rate at which the generator stays honest. Pure.

Stairs double until one breaks (or halve until one holds); between the last that held and the first that broke
the geometric mean is tried, until the two are close.
"""

from __future__ import annotations

import math

import msgspec

OFFERED_WITHIN = 0.005
"""Part of the planned arrivals that may be missing."""
LAG_P99 = 0.020
"""Seconds by which one request in a hundred may be sent later than planned."""
BIAS_SHARE, BIAS_SECONDS = 0.05, 0.002
"""The measured 99th percentile may be off by this share, or by this many seconds where that is more."""
TARDINESS_P99 = 0.002
"""Seconds of the stub's own tardiness beyond which the stub was the limit, and not the generator."""

STARVED = 0.1
"""Share of the time without a processor, though ready to run, from which a stair that broke is doubted."""

FACTOR = 2.0
CLOSE = 1.15
LOWEST, HIGHEST = 50.0, 64_000.0


class Stair(msgspec.Struct, frozen=True):
    """What was seen at one rate (requests per second); times are seconds, quantiles the 99th percentile."""

    rate: float
    planned: int
    offered: int
    lag_p99: float
    true_p99: float
    measured_p99: float
    tardiness_p99: float = 0.0
    starved: float = 0.0

    def breaches(self) -> list[str]:
        """What is not honest about it, in words; none: it holds."""
        found = []
        missing = 1 - self.offered / self.planned if self.planned else 1.0
        if missing > OFFERED_WITHIN:
            found.append(
                f"{missing:.1%} of the planned requests were not offered (limit {OFFERED_WITHIN:.1%})"
            )
        if self.lag_p99 > LAG_P99:
            found.append(f"requests were sent late: p99 {_ms(self.lag_p99)} (limit {_ms(LAG_P99)})")
        bias, limit = self.measured_p99 - self.true_p99, max(BIAS_SHARE * self.true_p99, BIAS_SECONDS)
        if abs(bias) > limit:
            found.append(
                f"the measured p99 was off by {_ms(bias)}: {_ms(self.measured_p99)}, in truth "
                f"{_ms(self.true_p99)} (limit {_ms(limit)})"
            )
        return found

    @property
    def stub_was_the_limit(self) -> bool:
        """Whether the stub had not the CPU to be what it declares: nothing is known of the generator then."""
        return self.tardiness_p99 > TARDINESS_P99


class Staircase:
    """Which rate to try next.

    A stair that broke while something else had the processor is climbed once more before it counts.
    """

    def __init__(self, start: float) -> None:
        self.held: Stair | None = None
        self.broke: Stair | None = None
        self.tried: list[Stair] = []
        self._next: float | None = start
        self._doubted = False

    @property
    def rate(self) -> float | None:
        """The rate to try next (requests per second); None where the search is over."""
        return self._next

    def note(self, stair: Stair) -> None:
        """Take note of what was seen at :attr:`rate`."""
        self.tried.append(stair)
        if not stair.breaches():
            self.held, self._doubted = stair, False
        elif stair.starved > STARVED and not self._doubted:
            self._doubted = True
            return
        else:
            self.broke, self._doubted = stair, False
        self._next = self._following()

    def _following(self) -> float | None:
        held, broke = self.held, self.broke
        if held is None and broke is not None:
            return broke.rate / FACTOR if broke.rate > LOWEST else None
        if held is None:
            return self._next
        if broke is None:
            return held.rate * FACTOR if held.rate * FACTOR <= HIGHEST else None
        return math.sqrt(held.rate * broke.rate) if broke.rate / held.rate > CLOSE else None


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms"
