"""A run folder that can be reported on."""

from __future__ import annotations

from pathlib import Path

import msgspec

from reports.errors import RunFolderError
from reports.plan import Plan, Record
from reports.run_check import contradiction, decoded


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
        return cls(folder, plan, record)

    def seconds(self, instant_ns: int) -> float:
        """An instant of the monotonic clock, in seconds relative to T0."""
        return (instant_ns - self.record.t0_monotonic_ns) / 1e9
