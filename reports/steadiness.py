"""Whether systems stay as they were while they serve: do they slow down, do they keep memory?

Compared are the first and the last third of the requests of each system. Neither figure depends on the load:
waiting in the queue of the declared capacity is left out, memory is counted per request. How long an answer
took in all is looked at only where the machine left the mocks enough of itself.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from reports.evidence import Evidence
from reports.impact.quiet import inside, quiet
from reports.served import systems_of_processes

Floats = npt.NDArray[np.float64]

FEWEST = 180
"""Requests of a system without which nothing is said about its pace: sixty in each third."""

MOST = 2000
"""Requests of a third that are looked at, spread evenly over it: more would tell no more."""

BY_CHANCE = 1e-6
"""Probability of a rank sum from which on chance is no explanation; a country has hundreds of systems."""

PUNCTUAL = 0.002
"""Seconds of median lag of an event loop above which answers tell of the machine and not of a system."""

FEWEST_SERVED = 300
"""Requests of a process without which nothing is said about its memory."""

SETTLING = 0.2
"""Share of its requests in which a process still fills its caches."""


class Pace(msgspec.Struct, frozen=True):
    """The median time that a system works on a request, in seconds, of its ``first`` and ``last`` requests.

    ``what`` is ``service`` (by the declared capacity) or ``answer`` (from the request to its answer, without
    waiting in the queue; only of systems that ask no others, while no fault is felt). ``chance`` is the
    probability that the last third ranks so high by chance.
    """

    system: str
    what: str
    requests: int
    first: float
    last: float
    chance: float

    @property
    def ratio(self) -> float:
        """How many times as long the last ones take."""
        return self.last / self.first if self.first else 1.0


class Memory(msgspec.Struct, frozen=True):
    """What a process holds resident, in bytes, and how much of it is added per request after settling.

    ``per_request`` is the smallest of three thirds: what grows once, to its high-water mark, does not leak.
    """

    process: str
    systems: list[str]
    requests: int
    first: float
    last: float
    per_request: float


def paces(evidence: Evidence) -> list[Pace]:
    """How the pace of every system that was asked often enough developed."""
    received = evidence.frames.received
    codes = received["system"].cat.codes.to_numpy()
    served = np.flatnonzero(received["service_us"].to_numpy() > 0)
    if not len(served):
        return []
    # a stable sort leaves each system's requests in the order of its journal, which is that of time
    by_system = served[np.argsort(codes[served], kind="stable")]
    numbers, starts = np.unique(codes[by_system], return_index=True)
    asking = set(evidence.frames.calls["caller"].unique())
    undisturbed, punctual = inside(received["at"], quiet(evidence)), _punctual(evidence)
    found = []
    for number, rows in zip(numbers, np.split(by_system, starts[1:]), strict=True):
        system = str(received["system"].cat.categories[number])
        found.append(_pace(evidence, system, "service", rows))
        if system not in asking and punctual:
            found.append(_pace(evidence, system, "answer", rows[undisturbed[rows]]))
    return [pace for pace in found if pace is not None]


def memories(evidence: Evidence) -> list[Memory]:
    """How the memory of every process of mocks developed that served often enough."""
    received, pulses = evidence.frames.received, evidence.frames.pulses
    found = []
    for process, systems in systems_of_processes(evidence).items():
        pulse = _longest_life(pulses[(pulses["process"] == process) & (pulses["rss"] > 0)])
        mine = received.loc[received["system"].isin(systems), "at"].to_numpy()
        served = np.sort(mine, kind="stable")  # almost in order: a merge of long runs
        memory = _memory(process, sorted(systems), pulse, served)
        if memory is not None:
            found.append(memory)
    return found


def _punctual(evidence: Evidence) -> bool:
    """Whether the event loops of all mocks ran in time, in the first third of the load and in the last."""
    clock, pulses = evidence.run.plan.clock, evidence.frames.pulses
    third = (clock.end - clock.judged_from) / 3
    for begin in (clock.judged_from, clock.end - third):
        within = pulses[pulses["at"].between(begin, begin + third)]
        mocks = within[within["process"].astype(str).str.startswith("mocks-")]
        if (mocks.groupby("process", observed=True)["loop_lag"].median() > PUNCTUAL).any():
            return False
    return True


def _pace(evidence: Evidence, system: str, what: str, rows: npt.NDArray[np.intp]) -> Pace | None:
    """The pace in these rows of what was received."""
    if len(rows) < FEWEST:
        return None
    third = len(rows) // 3
    step = -(-third // MOST)
    first, last = (_seconds(evidence, what, part[::step]) for part in (rows[:third], rows[-third:]))
    return Pace(
        system=system,
        what=what,
        requests=len(rows),
        first=float(np.median(first)),
        last=float(np.median(last)),
        chance=_higher_by_chance(first, last),
    )


def _seconds(evidence: Evidence, what: str, rows: npt.NDArray[np.intp]) -> Floats:
    received = evidence.frames.received
    column = {name: received[name].to_numpy()[rows] for name in ("at", "done", "queued_us", "service_us")}
    seconds: Floats = (
        column["service_us"] / 1e6
        if what == "service"
        else column["done"] - column["at"] - column["queued_us"] / 1e6
    )
    return seconds


def _higher_by_chance(first: Floats, last: Floats) -> float:
    """The probability of so high ranks of the second sample where both are of one distribution.

    The normal approximation of the rank-sum test, ties at their mean rank (Mann and Whitney, 1947; Lehmann,
    Nonparametrics, 1975, 1.3 and 1.4).
    """
    m, n = len(first), len(last)
    both = np.concatenate([first, last])
    ranks = pd.Series(both).rank().to_numpy()
    _, ties = np.unique(both, return_counts=True)
    spread = m * n / 12 * (m + n + 1 - float((ties**3 - ties).sum()) / ((m + n) * (m + n - 1)))
    if spread <= 0:
        return 1.0
    excess = float(ranks[m:].sum()) - n * (m + n + 1) / 2
    return float(ndtr(-excess / math.sqrt(spread)))


def _longest_life(pulse: pd.DataFrame) -> pd.DataFrame:
    """A process that was started again begins to count its CPU anew, and to fill its memory."""
    life = (pulse["cpu"].diff() < 0).cumsum()
    longest: pd.DataFrame = pulse[life == life.value_counts().idxmax()] if len(pulse) else pulse
    return longest


def _memory(process: str, systems: list[str], pulse: pd.DataFrame, served: Floats) -> Memory | None:
    if not len(pulse):
        return None
    at, held = pulse["at"].to_numpy(), pulse["rss"].to_numpy(dtype="float64")
    count = np.searchsorted(served, at) - int(np.searchsorted(served, at[0]))
    total = int(count[-1])
    if total < FEWEST_SERVED:
        return None
    edges = np.linspace(SETTLING * total, total, 4)
    places = np.searchsorted(count, edges).clip(max=len(count) - 1)
    memory, requests = held[places], count[places]
    growth = np.diff(memory) / np.maximum(np.diff(requests), 1)
    return Memory(
        process=process,
        systems=systems,
        requests=int(requests[-1] - requests[0]),
        first=float(memory[0]),
        last=float(memory[-1]),
        per_request=float(growth.min()),
    )
