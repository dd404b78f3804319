"""What waited because of a fault, and whether it was worked off as fast as the spare capacity allows.

A queue of n that is served at the capacity c while r more come per second is empty after n / (c − r)
seconds (the fluid approximation; Kleinrock, Queueing Systems II, 1976, 2.7). c and r are those of the
narrowest place on the way behind the fault's links: a system, or a line of messages sent one by one.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.evidence import Evidence, Window
from reports.impact.quiet import (
    Together,
    cured_together,
    inside,
    ordinary_rates,
    quiet,
    undisturbed_until,
)
from reports.impact.waiting import calls_waiting, late_dossiers, transits, ways_hit

REST = 8.0
"""Seconds after a cure in which a caller need not have noticed it: the time limit of a try under way (3.5 s),
the longest pause or the rest of a breaker (2 s, or 1 s and a quarter), and the same once more one hop on."""

SLOWER = 2.0
"""A backlog may take so many times the predicted time: the prediction knows means only."""


class Backlog(msgspec.Struct, frozen=True):
    """What waited: ``dossiers`` on their way between two stores, or ``calls`` that were tried again.

    ``ways`` are the last links of the ways on which they waited. At most ``peak`` waited, since ``peak_at``
    (relative to T0), and ``at_cure`` when the last fault on the same way was cured (``cured``).

    ``arriving`` and ``capacity`` are per second at the ``bottleneck``, the narrowest place of the way that
    was predicted to take longest. ``predicted`` is how long emptying it takes at that rate, ``allowed`` the
    same with allowances; both None where the plan declares no capacity or none is to spare. ``gone_after``
    counts from the cure; None where something still waited ``observed`` seconds after it (censored).
    """

    kind: str
    ways: list[str]
    peak: int
    peak_at: float
    cured: float
    at_cure: int
    arriving: float
    capacity: float | None
    bottleneck: str
    predicted: float | None
    allowed: float | None
    gone_after: float | None
    observed: float


def backlogs(evidence: Evidence, window: Window) -> list[Backlog]:
    """What waited because of the fault; nothing where nothing did."""
    return evidence.once(f"backlogs {window.fault.name}", lambda: _backlogs(evidence, window))


def level(waiting: pd.DataFrame, moments: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """How many of ``left`` … ``arrived`` are under way at each moment."""
    left, arrived = np.sort(waiting["left"].to_numpy()), np.sort(waiting["arrived"].to_numpy())
    begun = np.searchsorted(left, moments, side="right")
    found: npt.NDArray[np.int64] = begun - np.searchsorted(arrived, moments, side="right")
    return found


def because_of(evidence: Evidence, window: Window) -> list[tuple[str, pd.DataFrame]]:
    """By kind: what left while the fault was there or while its backlog was still being worked off."""
    return evidence.once(f"waiting {window.fault.name}", lambda: _because_of(evidence, window))


def _because_of(evidence: Evidence, window: Window) -> list[tuple[str, pd.DataFrame]]:
    ways = ways_hit(evidence, window)
    late = late_dossiers(evidence)
    of_ways = pd.MultiIndex.from_frame(late[["province", "down"]]).isin(list(ways))
    on_way = {link for links in ways.values() for link in links}
    others = [link for link in window.fault.links if link not in on_way]
    kinds = [("dossiers", late[of_ways]), ("calls", calls_waiting(evidence, others))]
    return [(kind, _caused(waiting, window)) for kind, waiting in kinds]


def _caused(waiting: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Of what was late, what left during the fault, and what followed while something still waited."""
    mine = waiting[(waiting["arrived"] > window.start) & (waiting["left"] < math.inf)].sort_values("left")
    # what left before it and was late anyhow has another cause, unless it was under way when it began
    left, arrived = mine["left"].to_numpy(), mine["arrived"].to_numpy()
    busy_until = np.maximum.accumulate(np.append(window.end, arrived))[:-1]
    kept: pd.DataFrame = mine[(left < window.end) | (left <= busy_until)]
    return kept


def _backlogs(evidence: Evidence, window: Window) -> list[Backlog]:
    found = [
        _backlog(evidence, window, kind, waiting)
        for kind, waiting in because_of(evidence, window)
        if len(waiting)
    ]
    return [each for each in found if each.peak]


def _backlog(evidence: Evidence, window: Window, kind: str, waiting: pd.DataFrame) -> Backlog:
    sharing = _sharing(evidence, window, kind)
    cured = cured_together(evidence, window, sharing)[-1].end
    clock = evidence.run.plan.clock
    ends = clock.end + evidence.run.record.drain_seconds
    disturbed = undisturbed_until(evidence, cured, sharing)
    observed = (ends if disturbed >= clock.end else disturbed) - cured
    moments = np.sort(np.append(waiting["left"].to_numpy(), cured))
    height = level(waiting, moments)
    highest = int(np.argmax(height))
    gone = max(float(waiting["arrived"].max()) - cured, 0.0)
    at_cure = int(level(waiting, np.array([cured]))[0])
    speed, predicted = _slowest(evidence, window, kind, waiting, cured)
    return Backlog(
        kind=kind,
        ways=_names(evidence, window, kind, waiting),
        peak=int(height[highest]),
        peak_at=float(moments[highest]),
        cured=cured,
        at_cure=at_cure,
        arriving=speed.arriving,
        capacity=speed.capacity,
        bottleneck=speed.bottleneck,
        predicted=predicted,
        allowed=None if predicted is None else REST + SLOWER * predicted,
        gone_after=gone if gone <= observed else None,
        observed=max(observed, 0.0),
    )


def _names(evidence: Evidence, window: Window, kind: str, waiting: pd.DataFrame) -> list[str]:
    """The last link of every way on which something waited."""
    if kind == "calls":
        return list(window.fault.links)
    hit = ways_hit(evidence, window)
    both = waiting[["province", "down"]].drop_duplicates()
    return sorted({hit[str(p), bool(d)][-1] for p, d in both.itertuples(index=False)})


def _sharing(evidence: Evidence, window: Window, kind: str) -> Together:
    if kind == "calls":
        return lambda other: bool(set(window.fault.links) & set(other.fault.links))
    mine = set(ways_hit(evidence, window))
    return lambda other: bool(mine & set(ways_hit(evidence, other)))


class _Speed(msgspec.Struct, frozen=True):
    """How fast a way can be emptied: its narrowest place, what that does and what it must do anyhow."""

    bottleneck: str = ""
    capacity: float | None = None
    arriving: float = 0.0

    @property
    def spare(self) -> float:
        """What is left for the backlog, per second."""
        return math.inf if self.capacity is None else max(self.capacity - self.arriving, 0.0)

    def predicted(self, n: int) -> float | None:
        """Seconds in which n are worked off."""
        if self.capacity is None:
            return None
        return n / self.spare if self.spare else math.inf


class _Way(msgspec.Struct, frozen=True):
    """Queues that are emptied independently of those of other ways: ``n`` wait at the cure."""

    n: int
    links: list[str]
    arriving: float | None = None


def _slowest(
    evidence: Evidence, window: Window, kind: str, waiting: pd.DataFrame, cured: float
) -> tuple[_Speed, float | None]:
    """The way that takes longest, and how long; None where nothing is to spare."""
    ways = _call_ways if kind == "calls" else _dossier_ways
    speeds = [(_speed(evidence, way), way.n) for way in ways(evidence, window, waiting, cured)]
    known = [(speed.predicted(n) or 0.0, place) for place, (speed, n) in enumerate(speeds) if speed.capacity]
    if not known:
        return _Speed(), None
    longest, place = max(known)
    return speeds[place][0], longest if math.isfinite(longest) else None


def _call_ways(evidence: Evidence, window: Window, waiting: pd.DataFrame, cured: float) -> list[_Way]:
    ends = evidence.run.plan.link_ends
    n = int(level(waiting, np.array([cured]))[0])
    return [_Way(n, [link]) for link in window.fault.links if link in ends]


def _dossier_ways(evidence: Evidence, window: Window, waiting: pd.DataFrame, cured: float) -> list[_Way]:
    hit, every = ways_hit(evidence, window), transits(evidence)
    since = max(window.start, evidence.run.plan.clock.judged_from)
    came = every[(every["left"] >= since) & (every["left"] < cured)]
    rates = came.groupby(["province", "down"]).size() / max(cured - since, 1.0)
    return [
        _Way(int(level(rows, np.array([cured]))[0]), hit[str(province), bool(down)],
             float(rates.get((province, down), 0.0)))
        for (province, down), rows in waiting.groupby(["province", "down"])
    ]  # fmt: skip


def _speed(evidence: Evidence, way: _Way) -> _Speed:
    plan = evidence.run.plan
    systems = {system.name: system for system in plan.systems}
    ordinary = ordinary_rates(evidence)
    places = []
    for link in way.links:
        system = systems.get(plan.link_ends[link].callee)
        if system is not None and system.service_mean:
            capacity = system.servers / system.service_mean
            places.append(_Speed(system.name, capacity, ordinary.get(system.name, 0.0)))
    durations = evidence.once("ordinary durations", lambda: _ordinary_durations(evidence))
    took = durations.get(way.links[0])
    if took and way.arriving is not None:  # a line of messages: one after another
        places.append(_Speed(way.links[0], 1 / took, way.arriving))
    return min(places, key=lambda place: place.spare, default=_Speed())


def _ordinary_durations(evidence: Evidence) -> dict[str, float]:
    """Link → median seconds of a successful call while no fault is felt."""
    calls = evidence.frames.calls
    free = inside(calls["at"], quiet(evidence)) & (calls["error"] == "").to_numpy()
    mine = calls.loc[free, ["link"]].assign(took=calls["done"] - calls["at"])
    medians = mine.groupby("link", observed=True)["took"].median()
    return {str(link): float(took) for link, took in medians.items()}
