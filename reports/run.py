"""A run folder that can be reported on."""

from __future__ import annotations

from pathlib import Path

import msgspec

from reports.errors import RunFolderError
from reports.plan import Plan, Record
from reports.run_check import contradiction, decoded

LEAST_JUDGED = 1.0
"""Seconds of a stopped run that are judged at least; where nobody came in them, the samples are too few."""


class Run(msgspec.Struct, frozen=True):
    """A run folder that can be reported on."""

    path: Path
    plan: Plan
    record: Record

    @classmethod
    def open(cls, path: Path | str) -> Run:
        """Read and check the folder; :class:`RunFolderError` where it is missing, damaged or inconsistent.

        Journals are not read here: a missing journal makes a run inconclusive, not unreadable.
        """
        folder = Path(path)
        if not folder.is_dir():
            raise RunFolderError(f"{folder}: no such folder; a run folder is runs/<scenario>/<started>")
        plan = decoded(folder / "plan.json", Plan)
        record = decoded(folder / "run.json", Record)
        problem = contradiction(plan, record)
        if problem:
            raise RunFolderError(f"{folder}: {problem}")
        return cls(folder, until_stopped(plan, record), record)

    def seconds(self, instant_ns: int) -> float:
        """An instant of the monotonic clock, in seconds relative to T0."""
        return (instant_ns - self.record.t0_monotonic_ns) / 1e9


def until_stopped(plan: Plan, record: Record) -> Plan:
    """The part of the plan that was played, where a stop condition ended the run; else all of it."""
    if record.ended != "stopped":
        return plan
    end = (record.stopped_at - record.t0_monotonic_ns) / 1e9
    return msgspec.structs.replace(
        plan,
        clock=msgspec.structs.replace(
            plan.clock, end=min(plan.clock.end, max(end, plan.clock.judged_from + LEAST_JUDGED))
        ),
        faults=[fault for fault in plan.faults if fault.start < end],
    )
