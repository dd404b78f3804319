"""Little's law, L = λ·W, on every run: the mean number of requests under way is their rate times their mean
time.

With the ends of the window cut off, the law is an identity of any record (J. D. C. Little, Operations Research
59, 2011, section 3; the law itself: Operations Research 9, 1961). So the two sides must agree, and they come
from different places:

- L is *counted*: a timer in each process reads a counter of requests under way, twenty times a second. It
  knows neither when requests began nor how long they took.
- λ·W is *derived* from the instants in the journals. It knows nothing of the counter.

Lost samples, wrong instants, requests that were begun and forgotten: each tears the two apart.

The mean of what a timer counts is not L: the loop comes to its timer when it is idle, or right after what has
held it up, and there the number under way is not what it is at any moment (arrivals that see time averages must
not depend on the state: R. W. Wolff, Operations Research 30, 1982). The journals say how many were under way at
the very instants of counting, N_J(t), and in truth, λ·W. What was counted, N(t), is corrected by that::

    L = mean of N(t) - (mean of N_J(t) - λ·W) = λ·W + mean of (N(t) - N_J(t))

a control variate with coefficient 1 (A. M. Law, Simulation Modeling and Analysis, 2015, 11.4). Where nothing is
wrong, the difference is 0 at every single instant, however late the loop, and not only on average.
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
"""Where none of n requests was counted wrongly, up to 3/n of all may be (at 95 %: Hanley and Lippman-Hand, JAMA
249, 1983)."""


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
    received = evidence.frames.received
    return [
        _process(evidence, name, received[received["system"].isin(systems)], "at")
        for name, systems in systems_of_processes(evidence).items()
    ]


def _process(evidence: Evidence, name: str, requests: pd.DataFrame, begun: str) -> Process:
    pulses = evidence.frames.pulses
    mine = pulses[pulses["process"] == name].sort_values("at")
    return Process(
        at=mine["at"].to_numpy(),
        in_flight=mine["in_flight"].to_numpy(dtype="float64"),
        begun=np.sort(requests[begun].to_numpy()),
        done=np.sort(requests["done"].to_numpy()),
        away=of_process(evidence, name),
    )
