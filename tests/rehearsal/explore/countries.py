"""Simulated countries: whether they stay down is a formula, so that what a search finds can be held to it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rehearsal.explore.search import answered, search
from reports.explore.model import Limits, Point, State

LIMITS = Limits(
    least_load=0.125, most_load=1.0, shortest=0.3, longest=10.0, precision=0.1, columns=3, recover_within=8.0
)


@dataclass
class Country:
    """Stays down where the trigger is longer than ``at_full_load`` · load^−``slope``.

    Within a factor 1 + ``noise`` of the boundary, chance answers. Down at any trigger above ``carries``;
    ``heals`` is the load below which a collapse ends; a point in ``dark`` cannot be known.
    """

    at_full_load: float
    slope: float = 1.3
    noise: float = 0.0
    chance: Iterator[bool] = field(default_factory=lambda: iter(()))
    carries: float = math.inf
    heals: float = 0.0
    dark: Callable[[Point], bool] = lambda _: False
    asked: list[Point] = field(default_factory=list)

    def boundary(self, load: float) -> float:
        return self.at_full_load / math.pow(load, self.slope)

    def __call__(self, point: Point) -> State:
        self.asked.append(point)
        if self.dark(point):
            return "not-known"
        if point.load > self.carries:
            return "overloaded"
        if point.lowered is not None:
            return "recovered" if point.lowered < self.heals else "stayed-down"
        ratio = point.trigger / self.boundary(point.load)
        if self.noise and 1 / (1 + self.noise) < ratio < 1 + self.noise:
            return "stayed-down" if next(self.chance, True) else "recovered"
        return "stayed-down" if ratio > 1 else "recovered"


def explored(country: Country, limits: Limits = LIMITS, *, heal: bool = False) -> dict[Point, State]:
    """Everything that a search of a country saw."""
    seen: dict[Point, State] = {}

    def answer(point: Point) -> State:
        assert point not in seen, f"{point} was asked for twice"
        seen[point] = country(point)
        return seen[point]

    answered(search(limits, heal=heal), answer)
    return seen
