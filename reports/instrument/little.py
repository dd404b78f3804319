"""Little's law, L = λ·W, on every run: the mean number of requests under way is their rate times their mean
time.

With the ends of the window cut off, the law is an identity of any record (J. D. C. Little, Operations
Research 59, 2011, section 3; the law itself: Operations Research 9, 1961). So the two sides must agree, and
they come from different places:

- L is *counted*: a timer in each process reads a counter of requests under way, twenty times a second. It
  knows neither when requests began nor how long they took.
- λ·W is *derived* from the instants in the journals. It knows nothing of the counter.

Lost samples, wrong instants, requests that were begun and forgotten: each tears the two apart.

The mean of what a timer counts is not yet L. A loop comes to its timer when it is idle, or right after what
has held it up, and at such instants more is under way than at others: only instants that do not depend on
the state see time averages (R. W. Wolff, Operations Research 30, 1982). But the journals say how many were
under way at the very instants of counting, N_J(t), so what was counted, N(t), is corrected by how far that is
from λ·W::

    L = mean of N(t) - (mean of N_J(t) - λ·W) = λ·W + mean of (N(t) - N_J(t))

a control variate with coefficient 1 (A. M. Law, Simulation Modeling and Analysis, 2015, 11.4). Where nothing
is wrong, N and N_J are the same at every single instant, however late the loop is and however short the run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.absences import Span, of_process, touch
from reports.evidence import Evidence
from reports.instrument.chance import standard_errors
from reports.instrument.event_loops import PERIOD
from reports.served import systems_of_processes

Values = npt.NDArray[np.float64]
Side = Literal["swarm", "mocks"]

TOLERANCE = 0.02
VAGUE = 0.5
"""Where chance explains a gap of this share of the mean, there is too little to compare."""
NONE_OF = 3.0
"""Where none of n requests was counted wrongly, up to 3/n of all may be (at 95 %; Hanley and Lippman-Hand,
JAMA 249, 1983)."""


class LittlesLaw(msgspec.Struct, frozen=True):
    """Both sides of the law in the judged window.

    ``counted`` is L (requests), ``rate`` is λ (requests begun per second), ``time`` is W (seconds that a
    request spent in the window, on average). ``seen`` is how many requests were under way at an instant of
    counting, ``chance`` what L may be off by (requests) because it was not more.
    """

    side: Side
    counted: float
    rate: float
    time: float
    chance: float
    seen: int

    @property
    def derived(self) -> float:
        """λ·W."""
        return self.rate * self.time

    @property
    def tolerance(self) -> float:
        """What the two may differ by: 2 %, or what chance explains."""
        return max(TOLERANCE * self.derived, self.chance)

    @property
    def known(self) -> bool:
        """Whether there is enough to compare."""
        return self.derived > 0 and self.chance <= VAGUE * self.derived

    @property
    def holds(self) -> bool:
        """Whether both sides agree as far as they can."""
        return abs(self.counted - self.derived) <= self.tolerance


class Process(NamedTuple):
    """One process: what it counted (``in_flight`` at the instants ``at``), and what its journals have.

    By the plan it was not there in the spans of ``away``.
    """

    at: Values
    in_flight: Values
    begun: Values
    done: Values
    away: Sequence[Span] = ()


def littles_law(evidence: Evidence) -> list[LittlesLaw]:
    """The law on the side of the swarm and on that of the mocks."""
    return evidence.once("Little's law", lambda: _littles_law(evidence))


def _littles_law(evidence: Evidence) -> list[LittlesLaw]:
    clock = evidence.run.plan.clock
    edges = _edges(clock.judged_from, clock.end)
    return [
        compare("swarm", _workers(evidence), edges),
        compare("mocks", _mocks(evidence), edges),
    ]


def _workers(evidence: Evidence) -> list[Process]:
    samples, workers = evidence.frames.samples, evidence.run.plan.arrivals.workers
    share = samples["arrival"].to_numpy() % workers
    return [
        _process(evidence, f"worker-{worker}", samples[share == worker], "sent") for worker in range(workers)
    ]


def _mocks(evidence: Evidence) -> list[Process]:
    received, serving = evidence.frames.received, systems_of_processes(evidence)
    pulsing = {name for name in evidence.frames.pulses["process"].unique() if name.startswith("mocks-")}
    return [
        _process(evidence, name, received[received["system"].isin(serving.get(name, set()))], "at")
        for name in sorted(pulsing | serving.keys())
    ]


def _process(evidence: Evidence, name: str, requests: pd.DataFrame, begun: str) -> Process:
    pulses = evidence.frames.pulses
    mine = pulses[pulses["process"] == name].sort_values("at")
    return Process(
        at=mine["at"].to_numpy(),
        in_flight=mine["in_flight"].to_numpy(dtype="float64"),
        begun=requests[begun].to_numpy(),
        done=requests["done"].to_numpy(),
        away=of_process(evidence, name),
    )


def compare(side: Side, processes: Sequence[Process], edges: Values) -> LittlesLaw:
    """Both sides between the first and the last of ``edges`` (seconds, a second apart).

    A process that was away is left out of both sides in every second in which it was. The error of L comes
    from batch means, second by second, of what was counted less what was derived (Law, 9.5.3).
    """
    counted, derived, begins = (np.zeros(len(edges) - 1) for _ in range(3))
    for process in processes:
        there = ~touch(process.away, edges[:-1], edges[1:])
        counted += there * _counted(process, edges)
        derived += there * under_way(process.begun, process.done, edges)
        begins += there * np.histogram(process.begun[process.begun < edges[-1]], edges)[0]
    length, widths = float(edges[-1] - edges[0]), np.diff(edges)
    mean, rate = float(derived.sum()) / length, float(begins.sum()) / length
    seen = sum(_seen(process, edges) for process in processes)
    return LittlesLaw(
        side=side,
        counted=float(counted.sum()) / length,
        rate=rate,
        time=mean / rate if rate else 0.0,
        chance=_by_batches((counted - derived) / widths) + (NONE_OF / seen * mean if seen else math.inf),
        seen=seen,
    )


def _counted(process: Process, edges: Values) -> Values:
    """Request-seconds between each two edges, as counted and corrected for when that was."""
    at, begun, done = process.at, process.begun, process.done
    if len(at) < 2:
        return np.zeros(len(edges) - 1)
    by_journals = np.searchsorted(np.sort(begun), at, "right") - np.searchsorted(np.sort(done), at, "right")
    # a process that was killed, or began late, has nothing under way outside of its pulses
    covered = np.clip(edges, at[0] - PERIOD, at[-1] + PERIOD)
    return under_way(begun, done, covered) + integral(at, process.in_flight - by_journals, edges)


def _seen(process: Process, edges: Values) -> int:
    """How many of its requests were under way at an instant of counting."""
    at = process.at
    at = at[(at >= edges[0]) & (at <= edges[-1]) & ~touch(process.away, at, at)]
    return int((np.searchsorted(at, process.begun) < np.searchsorted(at, process.done)).sum())


def _by_batches(differences: Values) -> float:
    """What chance explains of the mean of these; infinite for a single one."""
    batches = len(differences)
    if batches < 2:
        return math.inf
    return standard_errors(batches) * float(differences.std(ddof=1)) / math.sqrt(batches)


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
