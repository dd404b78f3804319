"""Little's law, L = λ·W, on every run: the mean number of requests under way is their rate times their mean
time.

The law holds for any stationary queue and, with the ends of the window cut off, for any stretch of any record
(J. D. C. Little, Operations Research 9, 1961; the same, Operations Research 59, 2011, for finite windows). So
the two sides must agree, and they come from different places:

- L is *counted*: a timer in each process reads a counter of requests under way, twenty times a second. It
  knows neither when requests began nor how long they took.
- λ·W is *derived* from the instants in the journals. It knows nothing of the counter.

Lost samples, wrong instants, requests that were begun and forgotten: each tears the two apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.absences import Span, absences, touch
from reports.evidence import Evidence
from reports.instrument.chance import standard_errors
from reports.instrument.event_loops import PERIOD

Values = npt.NDArray[np.float64]
Side = Literal["swarm", "mocks"]

TOLERANCE = 0.02
FLOOR = 0.05
"""Requests: an answer that is given within the same turn of an event loop is never seen under way."""
VAGUE = 0.5
"""Where chance explains a gap of this share of the mean, there is too little to compare."""


class LittlesLaw(msgspec.Struct, frozen=True):
    """Both sides of the law in the judged window.

    ``counted`` is L (requests), ``rate`` is λ (requests begun per second), ``time`` is W (seconds that a
    request spent in the window, on average). ``chance`` is how far L may be off because it was counted now
    and then, ``lag`` how late (seconds, on average) the event loops came to count.
    """

    side: Side
    counted: float
    rate: float
    time: float
    chance: float
    lag: float

    @property
    def derived(self) -> float:
        """λ·W."""
        return self.rate * self.time

    @property
    def tolerance(self) -> float:
        """What the two may differ by: 2 %, or what the sampling of L explains, or the lag of the loops.

        A loop that comes round ε late notices beginnings, ends and the moment to count in an order of its
        own: each request is counted by up to ε too long or too short, all together by λ·ε (the law again).
        Where next to nothing is under way, neither side is exact to less than :data:`FLOOR`.
        """
        return max(TOLERANCE * self.derived, self.chance, self.rate * self.lag, FLOOR)

    @property
    def known(self) -> bool:
        """Whether there is enough to compare."""
        return self.derived > 0 and self.chance <= VAGUE * self.derived

    @property
    def holds(self) -> bool:
        """Whether both sides agree as far as they can."""
        return abs(self.counted - self.derived) <= self.tolerance


def littles_law(evidence: Evidence) -> list[LittlesLaw]:
    """The law on the side of the swarm and on that of the mocks."""
    return evidence.once("Little's law", lambda: _littles_law(evidence))


def _littles_law(evidence: Evidence) -> list[LittlesLaw]:
    clock, frames = evidence.run.plan.clock, evidence.frames
    process = frames.pulses["process"].astype(str)
    edges = _edges(clock.judged_from, clock.end)
    away = []
    for system, spans in absences(evidence).items():
        mine = frames.received[frames.received["system"] == system]
        pulses = frames.pulses[process == f"mocks-{system}"]
        away.append(Away(pulses, mine["at"].to_numpy(), mine["done"].to_numpy(), spans))
    sides: list[tuple[Side, str, pd.Series, pd.Series, list[Away]]] = [
        ("swarm", "worker-", frames.samples["sent"], frames.samples["done"], []),
        ("mocks", "mocks-", frames.received["at"], frames.received["done"], away),
    ]
    return [
        compare(
            side,
            frames.pulses[process.str.startswith(prefix)],
            begun.to_numpy(),
            done.to_numpy(),
            edges,
            gone,
        )
        for side, prefix, begun, done, gone in sides
    ]


class Away(NamedTuple):
    """A process that was not there in ``spans``, by the plan, with its share of what is compared."""

    pulses: pd.DataFrame
    begun: Values
    done: Values
    spans: Sequence[Span]


def compare(
    side: Side, pulses: pd.DataFrame, begun: Values, done: Values, edges: Values, away: Sequence[Away] = ()
) -> LittlesLaw:
    """Both sides between the first and the last of ``edges`` (seconds, a second apart).

    A process that was away is left out of both sides in every second in which it was.

    The error of L comes from batch means, second by second, of what was counted less what was derived: the
    surge itself, which both sides see, is no error (a control variate; Law, Simulation Modeling and Analysis,
    2015, 9.5.3 and 11.4).
    """
    counted, derived, begins = _sides(pulses, begun, done, edges)
    for process in away:
        seconds = touch(process.spans, edges[:-1], edges[1:])
        for values, mine in zip((counted, derived, begins), _sides(*process[:3], edges), strict=True):
            values[seconds] -= mine[seconds]
        at = process.pulses["at"]
        pulses = pulses.drop(at.index[touch(process.spans, at, at)])
    length, widths = float(edges[-1] - edges[0]), np.diff(edges)
    present = float(derived.sum())
    rate = float(begins.sum()) / length
    differences = (counted - derived) / widths
    batches = len(widths)
    return LittlesLaw(
        side=side,
        counted=float(counted.sum()) / length,
        rate=rate,
        time=present / length / rate if rate else 0.0,
        chance=standard_errors(batches) * float(differences.std(ddof=1)) / math.sqrt(batches)
        if batches > 1
        else math.inf,
        lag=_mean_lag(pulses, edges),
    )


def _sides(pulses: pd.DataFrame, begun: Values, done: Values, edges: Values) -> tuple[Values, Values, Values]:
    """Between each two edges: request-seconds as counted and as derived, and how many requests began."""
    counted = np.zeros(len(edges) - 1)
    for _, rows in pulses.groupby("process", observed=True):
        ordered = rows.sort_values("at")
        counted += integral(ordered["at"].to_numpy(), ordered["in_flight"].to_numpy(dtype="float64"), edges)
    begins = np.histogram(begun[begun < edges[-1]], edges)[0].astype("float64")
    return counted, under_way(begun, done, edges), begins


def _mean_lag(pulses: pd.DataFrame, edges: Values) -> float:
    inside = pulses.loc[pulses["at"].between(edges[0], edges[-1]), "loop_lag"]
    return float(inside.mean()) if len(inside) else 0.0


def under_way(begun: Values, done: Values, edges: Values) -> Values:
    """Request-seconds between each two edges: the integral of the number of requests under way."""
    return np.diff(_waited_until(begun, edges) - _waited_until(done, edges))


def _waited_until(instants: Values, edges: Values) -> Values:
    """At each edge e the sum of e − t over all instants t before it; one pass, whatever their order."""
    place = np.clip(np.searchsorted(edges, instants, side="right"), 0, len(edges))
    number = np.bincount(place, minlength=len(edges) + 1)[: len(edges)].cumsum()
    total = np.bincount(place, weights=instants, minlength=len(edges) + 1)[: len(edges)].cumsum()
    reached: Values = edges * number - total
    return reached


def integral(at: Values, values: Values, edges: Values) -> Values:
    """The integral of a sampled quantity between each two edges (trapezoids); 0 before and after its
    samples."""
    if len(at) < 2:
        return np.zeros(len(edges) - 1)
    # a process that was killed, or began late, has nothing under way outside of its pulses
    at = np.concatenate([[at[0] - PERIOD], at, [at[-1] + PERIOD]])
    values = np.concatenate([[0.0], values, [0.0]])
    reached = np.concatenate([[0.0], np.cumsum(np.diff(at) * (values[1:] + values[:-1]) / 2)])
    inside = np.clip(edges, at[0], at[-1])
    place = np.clip(np.searchsorted(at, inside, side="right") - 1, 0, len(at) - 2)
    step = inside - at[place]
    slope = (values[place + 1] - values[place]) / np.maximum(at[place + 1] - at[place], 1e-12)
    return np.diff(reached[place] + values[place] * step + slope * step**2 / 2)


def _edges(first: float, last: float) -> Values:
    """From the first to the last moment in steps of about a second."""
    return np.linspace(first, last, max(round(last - first), 1) + 1)
