"""Who arrives when: a seeded schedule, drawn before the run and deaf to how the systems answer.

Each (block of the scenario, province) is a non-homogeneous Poisson process of its own, drawn by thinning:
candidates come at the constant rate of the phase's bound and are kept with probability λ(t) / bound
(P. A. W. Lewis and G. S. Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", Naval
Research Logistics Quarterly 26, 1979). Independent Poisson processes add up to one, so the country follows
the national curve.

Each stream has its own seed, spawned from the scenario's by (block, province, use). So another factor for
one province moves no visitor of another, and other journeys move no visitor in time. (NumPy keeps a seed's
numbers the same between machines, but not for ever between its releases: the plan's sha256 tells.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

from rehearsal import country
from rehearsal.scenario.model import Arrivals, Scenario, Visitors
from rehearsal.scenario.shapes import Phase
from reports.journal import ARRIVALS
from reports.journal_writer import column

SUBJECTS = 1_000_000
"""Synthetic people are numbered 0 ... 999,999."""

NANOSECONDS = 1_000_000_000
_TIMES, _MARKS = 0, 1  # what a stream of random numbers is used for

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """The rate of one stream: phases one after the other from ``start``, every rate times ``factor``.

    Times are seconds after T0, rates arrivals per second.
    """

    start: float
    phases: tuple[Phase, ...]
    factor: float = 1.0

    def windows(self) -> Iterator[tuple[float, Phase]]:
        """Each phase with the time at which it begins."""
        begin = self.start
        for phase in self.phases:
            yield begin, phase
            begin += phase.for_

    def intensity(self, at: Floats) -> Floats:
        """λ(t) at each time of ``at``; 0 outside the phases. At a border the later phase counts."""
        rate = np.zeros(at.shape)
        for begin, phase in self.windows():
            inside = (at >= begin) & (at < begin + phase.for_)
            rate[inside] = self.factor * phase.intensity(at[inside] - begin)
        return rate

    def expected(self, at: Floats) -> Floats:
        """Λ(t): arrivals to expect from ``start`` to each time of ``at``."""
        total = np.zeros(at.shape)
        for begin, phase in self.windows():
            total += self.factor * phase.expected(np.clip(at - begin, 0, phase.for_))
        return total

    def draw(self, rng: Generator) -> Floats:
        """Times of arrival in order: one realisation of the process, by thinning phase by phase."""
        kept = []
        for begin, phase in self.windows():
            bound = phase.bound()
            candidates = rng.uniform(0, phase.for_, rng.poisson(bound * self.factor * phase.for_))
            accepted = rng.uniform(0, bound, len(candidates)) < phase.intensity(candidates)
            kept.append(begin + candidates[accepted])
        return np.sort(np.concatenate(kept))


def curve(scenario: Scenario, block: Arrivals, province: str) -> Curve:
    """The curve that one block of arrivals has in one province."""
    phases, factor = block.curve_of(province)
    return Curve(scenario.clock.start, phases, factor)


def expected_per_second(scenario: Scenario) -> Floats:
    """Arrivals to expect in each second from clock.start to clock.end (the last may be a part of one)."""
    clock = scenario.clock
    edges = np.append(np.arange(clock.start, clock.end, 1.0), clock.end)
    total = np.zeros_like(edges)
    for block in scenario.arrivals:
        for province in country.province_codes():
            total += curve(scenario, block, province).expected(edges)
    return np.diff(total)


def draw(scenario: Scenario) -> pa.Table:
    """The whole schedule, in the columns of ``reports.journal.ARRIVALS``, in the order of time."""
    streams = [
        _stream(scenario, number, block, province)
        for number, block in enumerate(scenario.arrivals)
        for province in country.province_codes()
    ]
    columns = {name: np.concatenate([stream[name] for stream in streams]) for name in streams[0]}
    order = np.argsort(columns["planned"], kind="stable")
    columns = {name: values[order] for name, values in columns.items()}
    columns["arrival"] = np.arange(len(order), dtype=np.int32)
    return pa.Table.from_arrays(
        [column(columns[field.name].tolist(), field.type) for field in ARRIVALS], schema=ARRIVALS
    )


def digest(arrivals: pa.Table) -> str:
    """SHA-256 over the columns, independent of chunks and of Arrow's own format.

    For each column its name and, row by row, numbers as 8 bytes little-endian or text ended by a newline.
    """
    sha = hashlib.sha256()
    for name in arrivals.column_names:
        sha.update(f"{name}\n".encode())
        values = arrivals.column(name).to_pylist()  # to_numpy would import pandas
        if pa.types.is_integer(arrivals.schema.field(name).type):
            sha.update(np.array(values, dtype="<i8").tobytes())
        else:
            sha.update("".join(f"{text}\n" for text in values).encode())
    return sha.hexdigest()


def _stream(
    scenario: Scenario, number: int, block: Arrivals, province: str
) -> dict[str, NDArray[np.generic]]:
    """The columns of one stream (without the arrival's number), in the order of time."""

    def rng(use: int) -> Generator:
        return default_rng(SeedSequence(scenario.scenario.seed, spawn_key=(number, int(province), use)))

    times = curve(scenario, block, province).draw(rng(_TIMES))
    count, marks = len(times), rng(_MARKS)
    names = list(block.journeys)
    weights = np.array([block.journeys[name] for name in names])
    homes = country.homes(province)
    home = marks.integers(len(homes), size=count)
    return {
        "planned": np.rint(times * NANOSECONDS).astype(np.int64),
        "actor": np.full(count, block.actor, dtype=object),
        "journey": np.array(names, dtype=object)[marks.choice(len(names), count, p=weights / weights.sum())],
        "province": np.full(count, province, dtype=object),
        "commune": np.array([place.commune for place in homes], dtype=object)[home],
        "old_province": np.array([place.old_province for place in homes], dtype=object)[home],
        "entrance": _entrances(block.actor, scenario.visitors, times, marks.random(count)),
        "subject": marks.integers(SUBJECTS, size=count).astype(np.int32),
    }


def _entrances(actor: str, visitors: Visitors, times: Floats, luck: Floats) -> NDArray[np.object_]:
    """By which door each visitor comes; ``luck`` is uniform in [0, 1)."""
    if actor == "official":
        return np.full(len(times), "case-system", dtype=object)
    before = np.where(luck < visitors.old_portal_share_before, "provincial-portal", "national-portal")
    after = np.where(luck < visitors.old_bookmark_share_after, "old-bookmark", "national-portal")
    return np.where(times < 0, before, after).astype(object)
