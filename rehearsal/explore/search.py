"""Where to probe next, and what the probes so far say. Pure.

The boundary is taken to fall: where a longer trigger or a higher load would not harm more than a shorter or
lower one, it is not a boundary. Four stages, each a bisection of a ratio::

    1  the corner (highest load, longest trigger): if it recovers, shorter triggers there, then "none found"
    2  at the longest trigger: the lowest load that stays down
    3  at each of some loads from there up to the highest: the shortest trigger that it stays down after
    4  after a collapse: the highest lowered load at which it heals

A bracket of the ratio r is narrowed to 1 + p by n = ceil(log2(ln r / ln(1 + p))) probes, and one more where
its lower end turns out to be the limit, which nobody has tried. Where a probe answers wrongly only within a
factor 1 + d of the true boundary b, the bracket that is found begins at b (1 + d) or below and ends at
b / (1 + d) or above, so that its geometric mean is within (1 + d) sqrt(1 + p) of b.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import TypeVar

from reports.explore.model import Bracket, Column, Healing, Limits, Outcome, Point, State

T = TypeVar("T")
Asking = Generator[Point, State, T]
"""Yields points, is sent what a probe there showed, and returns what follows from it."""

STEP_DOWN = 0.8
"""A load that the country, or this machine, does not even carry undisturbed is multiplied by this."""
SURELY = 2.0
"""To see what heals a collapse, the trigger is so many times as long as the collapse takes."""
DIGITS = 3
FRACTIONS = (0.5, 0.25, 0.75)
"""Where in a bracket to look; the later ones where the earlier could not be known."""


def rounded(value: float) -> float:
    """To three significant digits: what a person can type again."""
    return float(f"{value:.{DIGITS}g}")


def search(limits: Limits, *, heal: bool = True) -> Asking[None]:
    """Where to probe, one point after the other."""
    top, state = yield from _carried(limits)
    if top is None:
        return
    longest = yield from _harmful(limits, top, state)
    if longest is None:
        return
    lowest = yield from _narrowed(
        lambda load: Point(load, longest), limits.least_load, top, limits.precision, tried=False
    )
    shortest, tried, at_top = limits.shortest, False, longest
    for load in _columns(lowest.stays_down or top, top, limits):
        found = yield from _narrowed(_at(load), shortest, longest, limits.precision, tried=tried)
        if found.recovers is not None:  # what recovers at a high load recovers at a lower one
            shortest, tried = found.recovers, True
        if load == top:
            at_top = found.stays_down or longest
    if heal:
        yield from _heals(limits, top, min(longest, rounded(SURELY * at_top)))


def answered(asking: Asking[None], answer: Callable[[Point], State]) -> None:
    """Lead a search to its end."""
    try:
        point = next(asking)
        while True:
            point = asking.send(answer(point))
    except StopIteration:
        return


def most_probes(limits: Limits, *, heal: bool = True) -> int:
    """How many points :func:`search` asks for at most, where every probe is known and none overloaded."""
    along_load = _halvings(limits.most_load / limits.least_load, limits.precision)
    along_trigger = _halvings(limits.longest / limits.shortest, limits.precision)
    return 1 + limits.columns + along_load + limits.columns * along_trigger + (1 + along_load) * heal


def outcome(probes: Mapping[Point, State]) -> Outcome:
    """Whether anything was found that stays down."""
    states = {state for point, state in probes.items() if point.lowered is None}
    if "stayed-down" in states:
        return "found"
    return "none-found" if "recovered" in states else "not-known"


def lowest_load(limits: Limits, probes: Mapping[Point, State]) -> Bracket:
    """At the longest trigger that was harmful: between which loads the country begins to stay down."""
    longest = max((p.trigger for p, state in _down(probes)), default=limits.longest)
    seen = {p.load: state for p, state in probes.items() if p.trigger == longest and p.lowered is None}
    return _bracket(seen, limits.precision)


def boundary(limits: Limits, probes: Mapping[Point, State]) -> list[Column]:
    """By load: between which lengths the trigger begins to be too long.

    Where no probe at a load recovered, one at a higher load stands for it.
    """
    looked = {point: state for point, state in probes.items() if point.lowered is None}
    columns = []
    for load in sorted({point.load for point, _ in _down(probes)}):
        seen = {point.trigger: state for point, state in looked.items() if point.load == load}
        if len(seen) > 1:
            if "recovered" not in seen.values():
                harder = {p.trigger: s for p, s in looked.items() if p.load > load and s == "recovered"}
                seen = harder | seen
            columns.append(Column(load, _bracket(seen, limits.precision)))
    return columns


def healing(limits: Limits, probes: Mapping[Point, State]) -> Healing | None:
    """How far the load must be lowered after a collapse; None where nobody has looked."""
    lowered = {p.lowered: state for p, state in probes.items() if p.lowered is not None}
    known = {load: state for load, state in lowered.items() if state in ("recovered", "stayed-down")}
    if not known:
        return None
    point = next(point for point in probes if point.lowered is not None)
    # without lowering it stays down: that is what was found
    loads = _bracket(known | {point.load: "stayed-down"}, limits.precision)
    return Healing(point.load, point.trigger, min(known), loads)


def contradictions(probes: Mapping[Point, State]) -> int:
    """Pairs of probes of which the milder stayed down and the harder recovered."""
    down = [point for point, _ in _down(probes)]
    up = [point for point, state in probes.items() if state == "recovered" and point.lowered is None]
    return sum(low.load <= high.load and low.trigger <= high.trigger for low in down for high in up)


# -- the stages --------------------------------------------------------------------------------------


def _carried(limits: Limits) -> Asking[tuple[float | None, State]]:
    """The highest load that is carried undisturbed, and what the longest trigger does there."""
    load = limits.most_load
    while load >= limits.least_load:
        state = yield Point(load, limits.longest)
        if state in ("recovered", "stayed-down"):
            return load, state
        load = rounded(load * STEP_DOWN)
    return None, "not-known"


def _harmful(limits: Limits, top: float, state: State) -> Asking[float | None]:
    """The longest trigger that keeps the country down at ``top``: not always the longest of all."""
    for trigger in reversed(_ladder(limits.shortest, limits.longest, limits.columns)):
        if trigger != limits.longest:
            state = yield Point(top, trigger)
        if state == "stayed-down":
            return trigger
    return None


def _columns(lowest: float, top: float, limits: Limits) -> list[float]:
    """Loads at which to look for the boundary, the highest first."""
    if top <= lowest * (1 + limits.precision):
        return [top]
    return _ladder(lowest, top, limits.columns + 1)[:0:-1]


def _heals(limits: Limits, load: float, trigger: float) -> Asking[None]:
    """First the lowest load: where it does not heal there, it heals nowhere."""
    state = yield Point(load, trigger, limits.least_load)
    if state == "recovered":
        # a lower load is the milder one, as a shorter trigger is
        yield from _narrowed(
            lambda lowered: Point(load, trigger, lowered),
            limits.least_load,
            load,
            limits.precision,
            tried=True,
        )


def _narrowed(
    along: Callable[[float], Point], recovers: float, stays_down: float, precision: float, *, tried: bool
) -> Asking[Bracket]:
    """Halve the ratio of a bracket until it is within the precision.

    ``stays_down`` is known to; ``recovers`` only where it was ``tried``, else it is where no look is worth
    it: it is tried in the end, if nothing between the two recovers.
    """
    unknown: list[float] = []
    while stays_down > recovers * (1 + precision):
        value = _between(recovers, stays_down, unknown)
        if value is None:
            break
        match (yield along(value)):
            case "recovered":
                recovers, tried = value, True
            case "stayed-down" | "overloaded":
                stays_down = value
            case _:
                unknown.append(value)
    if not tried:
        state = yield along(recovers)
        if state == "stayed-down":
            return Bracket(None, recovers)
        tried = state == "recovered"
    return Bracket(recovers if tried else None, stays_down)


def _between(low: float, high: float, unknown: list[float]) -> float | None:
    """A value inside that has not been in vain; None where there is none."""
    for fraction in FRACTIONS:
        value = rounded(low * (high / low) ** fraction)
        if low < value < high and value not in unknown:
            return value
    return None


def _at(load: float) -> Callable[[float], Point]:
    return lambda trigger: Point(load, trigger)


def _ladder(low: float, high: float, rungs: int) -> list[float]:
    """``rungs`` values in equal ratios, both ends included; of one rung the high one."""
    inner = (rounded(low * (high / low) ** (rung / (rungs - 1))) for rung in range(1, rungs - 1))
    return [low, *inner, high] if rungs > 1 else [high]


def _halvings(ratio: float, precision: float) -> int:
    """n of the formula above, with one for rounding and one for the end that nobody has tried."""
    if ratio <= 1 + precision:
        return 1
    return max(0, math.ceil(math.log2(math.log(ratio) / math.log1p(precision)))) + 2


def _down(probes: Mapping[Point, State]) -> Iterable[tuple[Point, State]]:
    return [(p, state) for p, state in probes.items() if state == "stayed-down" and p.lowered is None]


def _bracket(seen: Mapping[float, State], precision: float) -> Bracket:
    """Of probes along one line."""
    up = max((value for value, state in seen.items() if state == "recovered"), default=None)
    down = min((value for value, state in seen.items() if state == "stayed-down"), default=None)
    settled = up is not None and down is not None and up < down <= up * (1 + precision) * (1 + 1e-9)
    return Bracket(up, down, settled)
