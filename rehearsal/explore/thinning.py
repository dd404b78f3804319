"""The plan of a probe: the same country and the same visitors, fewer of them, and a trigger of its length.

All probes thin one schedule, drawn once for the highest load and the longest probe. Each arrival has a mark,
uniform in [0, 1), and comes at the load x if its mark is below x / highest load. Thinning a Poisson process
gives a Poisson process of the smaller rate (P. A. W. Lewis and G. S. Shedler, 1979), and whoever comes at a
load comes at every higher one: chance moves no probe against another, so that what remains of noise is that
of the machine.

::

    start         trigger      gone        (lowered)                 end
      │  undisturbed │  fault    │   HOLD     │   recover_within  STILL │
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.random import SeedSequence, default_rng
from numpy.typing import NDArray

from rehearsal import arrivals
from rehearsal.explore.judging import STILL
from rehearsal.plan import Planned, make_plan
from rehearsal.scenario.faults import PlacedFault
from rehearsal.scenario.model import Arrivals, Scenario, Stop
from rehearsal.scenario.shapes import AnyPhase, Constant
from reports.explore.model import Limits, Point
from reports.journal import ARRIVALS
from reports.journal_writer import column

HOLD = 4.0
"""Seconds that a collapse is left alone before the load is lowered: long enough to be seen."""
_MARKS = 2_000_000_000
"""Key of the marks' own stream of random numbers, apart from those of blocks and provinces."""


@dataclass(frozen=True)
class Schedule:
    """The longest probe at the highest load, of which all others are a part.

    ``sessions_per_second`` is what the share 1 of the scenario's rate means.
    """

    longest: Planned
    most_load: float
    marks: NDArray[np.float64]
    sessions_per_second: float

    def probe(self, point: Point, within: float) -> Planned:
        """The plan of a probe and its arrivals; ``within`` is the time to recover."""
        plan = self.longest.plan
        gone = plan.faults[0].start + point.trigger
        lowered = gone + HOLD
        end = (gone if point.lowered is None else lowered) + within + STILL
        table = self._thinned(point, lowered, end)
        expected = self._expected(point, plan.clock.start, lowered, end)
        fault = plan.faults[0].model_copy(update={"end": gone, "recover_within": within})
        journeys = Counter(table.column("journey").to_pylist())
        return Planned(
            plan.model_copy(
                update={
                    "scenario": plan.scenario.model_copy(update={"scale": point.load}),
                    "clock": plan.clock.model_copy(update={"end": end}),
                    "arrivals": plan.arrivals.model_copy(
                        update={
                            "count": table.num_rows,
                            "sha256": arrivals.digest(table),
                            "by_journey": dict(sorted(journeys.items())),
                            "expected_per_second": tuple(np.round(expected, 6).tolist()),
                        }
                    ),
                    "faults": (fault,),
                }
            ),
            table,
        )

    def _expected(self, point: Point, start: float, lowered: float, end: float) -> NDArray[np.float64]:
        """Arrivals to expect in each second of the probe."""
        seconds = np.append(np.arange(start, end, 1.0), end)
        loads = point.load * np.diff(seconds)
        if point.lowered is not None:
            loads -= (point.load - point.lowered) * np.diff(np.clip(seconds, lowered, end))
        return loads * self.sessions_per_second

    def _thinned(self, point: Point, lowered: float, end: float) -> pa.Table:
        table = self.longest.arrivals
        at = np.array(table.column("planned").to_pylist()) / 1e9
        load = np.full(len(at), point.load)
        if point.lowered is not None:
            load[at >= lowered] = point.lowered
        kept = np.flatnonzero((self.marks < load / self.most_load) & (at < end))
        columns = {name: table.column(name).take(kept.tolist()).to_pylist() for name in table.column_names}
        columns["arrival"] = list(range(len(kept)))
        return pa.Table.from_arrays(
            [column(columns[field.name], field.type) for field in ARRIVALS], schema=ARRIVALS
        )


def schedule(scenario: Scenario, trigger: PlacedFault, limits: Limits, workers: int) -> Schedule:
    """Draw the visitors of the longest probe at the highest load, at a constant rate.

    The rate that share 1 stands for is the highest that the scenario's curves reach.
    """
    end = trigger.at + limits.longest + HOLD + limits.recover_within + STILL
    length = end - scenario.clock.start
    flat = scenario.model_copy(
        update={
            "clock": scenario.clock.model_copy(update={"end": end}),
            "arrivals": tuple(_constant(block, length) for block in scenario.arrivals),
            "faults": (trigger.model_copy(update={"for_": limits.longest}),),
            "stop": Stop(),  # a collapse is what is looked for
        }
    )
    longest = make_plan(flat, workers, limits.most_load)
    rng = default_rng(SeedSequence(scenario.scenario.seed, spawn_key=(_MARKS,)))
    rate = longest.plan.arrivals.expected_per_second[0] / limits.most_load
    return Schedule(longest, limits.most_load, rng.random(longest.arrivals.num_rows), rate)


def _constant(block: Arrivals, length: float) -> Arrivals:
    """The block at its highest rate all the time; a province with a curve of its own at its own highest."""

    def flat(phases: tuple[AnyPhase, ...]) -> tuple[AnyPhase, ...]:
        rate = max(phase.bound() for phase in phases)
        return (Constant.model_construct(shape="constant", for_=length, rate=rate),)

    provinces = {
        code: own.model_copy(update={"phases": flat(own.phases)}) if own.phases else own
        for code, own in block.provinces.items()
    }
    return block.model_copy(update={"phases": flat(block.phases), "provinces": provinces})
