"""Whether a plan asks for more than its workers have been shown to offer honestly. Pure."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

from rehearsal.calibration.record import Calibration
from rehearsal.errors import UsageError
from rehearsal.plan import Plan
from rehearsal.plan.sentences import peak
from rehearsal.scenario.section import spell_moment
from scenarios.journeys import JOURNEYS


@dataclass(frozen=True)
class Demand:
    """The most that a plan asks for: ``requests`` per second, in the second from ``at`` (after T0)."""

    requests: float
    at: float


@dataclass(frozen=True)
class Judgement:
    """A plan's demand against its workers. ``per_worker`` is None where this machine was never calibrated."""

    demand: Demand
    workers: int
    per_worker: float | None

    @property
    def needed(self) -> int:
        """How many workers it takes; those that there are, where nothing is known."""
        if self.per_worker is None:
            return self.workers
        return max(1, math.ceil(self.demand.requests / self.per_worker))

    @property
    def within(self) -> bool:
        """Whether the workers suffice, as far as is known."""
        return self.needed <= self.workers

    def __str__(self) -> str:
        """One sentence for the user."""
        planned = (
            f"{self.demand.requests:,.0f} requests per second are planned from {spell_moment(self.demand.at)}"
        )
        if self.per_worker is None:
            return (
                f"{planned}; what a worker can offer here is not known: this machine was not calibrated "
                "(rehearse calibrate)"
            )
        offered = (
            f"{self.workers} worker{'s' if self.workers > 1 else ''} can offer "
            f"{self.workers * self.per_worker:,.0f} ({self.per_worker:,.0f} each, as calibrated)"
        )
        return (
            f"{planned}; {offered}"
            if self.within
            else f"{planned}; only {offered}: it takes {self.needed} workers"
        )


def demand(plan: Plan) -> Demand:
    """The peak: arrivals expected in a second, times the requests of an average visit.

    As if every visit made all its requests in the second in which it begins: thinking spreads them, so the
    true peak is at most that.
    """
    count = sum(plan.arrivals.by_journey.values())
    requests = sum(JOURNEYS[name].requests * times for name, times in plan.arrivals.by_journey.items())
    arrivals, at = peak(plan)
    return Demand(arrivals * requests / count if count else 0.0, at)


def check_plan(plan: Plan, calibration: Calibration | None) -> Judgement:
    """Hold a plan against what was calibrated on this machine."""
    per_worker = calibration.requests_per_second if calibration else None
    return Judgement(demand(plan), plan.arrivals.workers, per_worker)


def refuse(judgement: Judgement) -> None:
    """Raise :class:`UsageError` where the workers do not suffice."""
    if judgement.within:
        return
    cpus = len(os.sched_getaffinity(0))
    hosts = "" if judgement.needed <= cpus else f", on more machines than this one with its {cpus} processors"
    raise UsageError(
        f"{judgement}{hosts}. Give that many with --workers, or run it all the same with "
        "--above-calibration warn"
    )
