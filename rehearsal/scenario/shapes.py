"""Shapes of load: how the rate of arrivals moves within one phase.

A shape is pure mathematics over the seconds since its phase began. To add one, write a class with the three
methods of :class:`Phase` and add it to ``AnyPhase``; :class:`Constant` is the smallest example.

::

    constant        ramp           step           spike           hourly
    ─────────          ╱               ┌──           ╭─╮             ┌─┐
                     ╱              ┌──┘            ╱   ╲         ┌──┘ └─┐
                   ╱              ──┘             ─╯     ╰─     ──┘      └──
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from fixtures.reference.traffic import hourly_profile
from rehearsal.scenario.section import Duration, Section

Floats = NDArray[np.float64]
Rate = Annotated[float, Field(ge=0, le=100_000)]


class Phase(Section):
    """One stretch of the curve. Rates are arrivals per second, times seconds since the phase began."""

    for_: Duration = Field(alias="for", gt=0, description="how long the phase lasts")

    def intensity(self, at: Floats) -> Floats:
        """The rate at each time of ``at``, all within [0, for]."""
        raise NotImplementedError

    def bound(self) -> float:
        """The highest rate of the phase, exactly: thinning draws this many candidates per second."""
        raise NotImplementedError

    def expected(self, at: Floats) -> Floats:
        """Arrivals to expect from the beginning of the phase to each time of ``at``: the rate's integral."""
        raise NotImplementedError

    def expected_in_all(self) -> float:
        """Arrivals to expect in the whole phase."""
        return float(self.expected(np.array([self.for_]))[0])


class Constant(Phase):
    """The same rate throughout."""

    shape: Literal["constant"]
    rate: Rate

    def intensity(self, at: Floats) -> Floats:
        """λ(t) = rate."""
        return np.full(at.shape, self.rate)

    def bound(self) -> float:
        """The rate."""
        return self.rate

    def expected(self, at: Floats) -> Floats:
        """Λ(t) = rate · t."""
        return self.rate * at


class Ramp(Phase):
    """From one rate to another in a straight line."""

    shape: Literal["ramp"]
    from_: Rate = Field(alias="from")
    to: Rate

    def intensity(self, at: Floats) -> Floats:
        """λ(t) = from + (to − from) · t / for."""
        return self.from_ + (self.to - self.from_) * at / self.for_

    def bound(self) -> float:
        """The higher end."""
        return max(self.from_, self.to)

    def expected(self, at: Floats) -> Floats:
        """Λ(t) = from · t + (to − from) · t² / (2 · for)."""
        return self.from_ * at + (self.to - self.from_) * at**2 / (2 * self.for_)


class _Stairs(Phase):
    """A rate that stands still on equal stairs."""

    def levels(self) -> Floats:
        """The rate of each stair."""
        raise NotImplementedError

    def intensity(self, at: Floats) -> Floats:
        """λ(t) = the level of the stair at t."""
        levels = self.levels()
        return levels[self._stair(at, len(levels))]

    def bound(self) -> float:
        """The highest stair."""
        return float(self.levels().max())

    def expected(self, at: Floats) -> Floats:
        """Λ(t): the stairs already passed whole, and the part of the present one."""
        levels = self.levels()
        width = self.for_ / len(levels)
        stair = self._stair(at, len(levels))
        passed = np.concatenate(([0.0], np.cumsum(levels) * width))
        return passed[stair] + levels[stair] * (at - stair * width)

    def _stair(self, at: Floats, count: int) -> NDArray[np.int64]:
        return np.minimum((at * count / self.for_).astype(np.int64), count - 1)


class Step(_Stairs):
    """From one rate to another in equal stairs: the first stands at ``from``, the last at ``to``."""

    shape: Literal["step"]
    from_: Rate = Field(alias="from")
    to: Rate
    steps: int = Field(ge=2, le=1000, description="number of stairs")

    def levels(self) -> Floats:
        """from + (to − from) · i / (steps − 1), for i = 0 ... steps − 1."""
        return np.linspace(self.from_, self.to, self.steps)


class Hourly(_Stairs):
    """Some hours of an ordinary working day, played within the phase, each in an equal part of it.

    An hour keeps its real rate: the arrivals of a whole day, times the hour's share of the day (an assumed
    profile, see ``fixtures``), over 3,600 seconds. From 22 to 2 plays the hours 22, 23, 0 and 1.
    """

    shape: Literal["hourly"]
    daily: float = Field(gt=0, le=1e10, description="arrivals of one whole day")
    from_hour: int = Field(ge=0, le=23, description="the first hour played")
    to_hour: int = Field(ge=0, le=24, description="the hour at which the phase ends")

    def levels(self) -> Floats:
        """daily · share(hour) / 3600, for each hour played."""
        count = (self.to_hour - self.from_hour - 1) % 24 + 1
        hours = [(self.from_hour + offset) % 24 for offset in range(count)]
        return np.array([self.daily * hourly_profile()[hour] / 3600 for hour in hours])


class Spike(Phase):
    """From a base to a peak at half time and back, along a raised cosine."""

    shape: Literal["spike"]
    base: Rate
    peak: Rate

    def intensity(self, at: Floats) -> Floats:
        """λ(t) = base + (peak − base) · (1 − cos(2πt / for)) / 2."""
        return self.base + (self.peak - self.base) * (1 - np.cos(2 * math.pi * at / self.for_)) / 2

    def bound(self) -> float:
        """The peak, or the base where the spike points downwards."""
        return max(self.base, self.peak)

    def expected(self, at: Floats) -> Floats:
        """Λ(t) = base · t + (peak − base) / 2 · (t − for / 2π · sin(2πt / for))."""
        wave = self.for_ / (2 * math.pi) * np.sin(2 * math.pi * at / self.for_)
        return self.base * at + (self.peak - self.base) / 2 * (at - wave)


AnyPhase = Annotated[Constant | Ramp | Step | Spike | Hourly, Field(discriminator="shape")]
