"""Trials that are played and judged, and the journeys of those that need their own."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from rehearsal.plan import records as plans
from rehearsal.trials.playbook import SYSTEM
from rehearsal.trials.playing import conduct, playing
from rehearsal.trials.trial import Trial
from reports import frames
from reports.assemble import verdict
from reports.evidence import Evidence
from reports.finding import Finding
from reports.run import Run
from reports.verdict import Verdict
from scenarios.journeys.visitor import Playbook, Visitor

PATIENT = plans.Validity(
    offered_within=0.005, lag_p99=0.5, minimum_samples=100, loop_lag_p99=0.5, clock_within=0.05
)
"""Limits that a machine keeps which runs other tests at the same time. The numbers that are asserted are not
affected by them."""

NAMES = 5_000
"""Steps of the trial with too many names."""
NAMES_PER_VISIT = 5
BURNT = 0.003
"""Seconds for which a visit of the busy client keeps the event loop."""


@dataclass(frozen=True)
class Judged:
    """A run folder, read and judged."""

    evidence: Evidence
    verdict: Verdict

    @classmethod
    def of(cls, folder: Path) -> Judged:
        """Judge it. What trials have no stores for, no ledger is kept of."""
        run = Run.open(folder)
        evidence = Evidence(run, frames.load(run), None)
        return cls(evidence, verdict(evidence))

    @property
    def broken(self) -> dict[str, Finding]:
        """Why the run cannot be believed, by the name of the check; empty where it can be."""
        return {each.name: each for each in self.verdict.validity.findings if each.outcome != "met"}

    def believed(self) -> None:
        """Assert that it can be."""
        assert not self.broken, {name: each.explanation.en for name, each in self.broken.items()}


def played(trial: Trial, folder: Path) -> Judged:
    """The trial, from its start to its verdict."""
    return Judged.of(asyncio.run(conduct(trial, folder)))


async def freeze(trial: Trial, folder: Path, at: float, lasting: float) -> tuple[float, float]:
    """The trial, in which the stub stands still; from when to when it did. Seconds, after T0."""
    async with playing(trial, folder) as play:
        await play.until(at)
        stopped = time.monotonic_ns()
        os.kill(play.stub.pid, signal.SIGSTOP)
        await play.until(at + lasting)
        os.kill(play.stub.pid, signal.SIGCONT)
        return (stopped - play.t0_ns) / 1e9, (time.monotonic_ns() - play.t0_ns) / 1e9


def uniform(rate: float, seconds: float) -> list[float]:
    """Instants that follow each other at equal distances."""
    return [(number + 0.5) / rate for number in range(round(rate * seconds))]


def burn(visitor: Visitor) -> None:
    """Keep the event loop from everybody else, then ask for a page."""
    until = time.monotonic() + BURNT
    while time.monotonic() < until:
        pass
    visitor.request("get", SYSTEM, "GET", "/")


def step_name(number: int) -> str:
    """The names come round again after :data:`NAMES`."""
    return f"step-{number % NAMES:04d}"


def many_names(visitor: Visitor) -> None:
    """A few requests, each with a name of its own."""
    first = visitor.arrival.number * NAMES_PER_VISIT
    for number in range(first, first + NAMES_PER_VISIT):
        visitor.request(step_name(number), SYSTEM, "GET", "/")


PLAYBOOK = Playbook({"burn": burn, "many-names": many_names}, people=lambda seed: seed)
PLAYBOOK_NAME = f"{__name__}:PLAYBOOK"
