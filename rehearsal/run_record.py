"""The run folder as the conductor keeps it: ``run.json``, ``events.jsonl``, ``targets.json``."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import platform
import sys
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
import psutil

from mocks.operator import CountersReport
from rehearsal.errors import SetUpError
from rehearsal.usage import Usage
from reports.files import write_whole
from reports.journal_writer import LineWriter

RUNS = Path("runs")
LATEST = "latest"
TOLD_VERSIONS = (
    "locust",
    "pandas",
    "pyarrow",
    "faker",
    "toxiproxy-python",
    "gevent",
    "httptools",
    "uvloop",
)

Ended = Literal["stopped", "running", "completed", "interrupted", "aborted"]


class Toxiproxy(msgspec.Struct):
    """The server that carried the links."""

    version: str = ""
    how: str = ""
    links: int = 0


class Worker(msgspec.Struct):
    """One worker of the swarm: its share of the arrivals, and whether it came to its end."""

    worker: int
    planned: int
    finished: bool = False
    host: str = ""
    lost_at: int = 0
    """Instant at which it was last heard, where it was lost; 0 where it was not."""


class ProcessClock(msgspec.Struct):
    """The monotonic clock of a process against the conductor's: its reading minus ours, in nanoseconds."""

    process: str
    host: str
    offset_ns: int
    uncertainty_ns: int
    drift_ns: int = 0
    wall_offset_ns: int = 0


class Machine(msgspec.Struct):
    """Where the run was made."""

    cpus: int
    memory_gb: float
    platform: str
    python: str


class RunRecord(msgspec.Struct):
    """``run.json``: clock, versions, processes, and how the run ended."""

    scenario: str
    started: str
    format: int = 1
    t0_monotonic_ns: int = 0
    t0_unix_ns: int = 0
    ended: Ended = "running"
    reason: str = ""
    stopped_at: int = 0  # monotonic nanoseconds, where a stop condition ended it
    toxiproxy: Toxiproxy = msgspec.field(default_factory=Toxiproxy)
    workers: list[Worker] = msgspec.field(default_factory=list)
    clocks: list[ProcessClock] = msgspec.field(default_factory=list)
    usage: Usage = msgspec.field(default_factory=Usage)
    drained: bool = False
    drain_seconds: float = 0.0
    backlog: dict[str, int] = msgspec.field(default_factory=dict)
    counters: dict[str, CountersReport] = msgspec.field(default_factory=dict)
    machine: Machine | None = None
    versions: dict[str, str] = msgspec.field(default_factory=dict)


class RunFolder:
    """One run on disk. :meth:`save` follows every change of :attr:`record`, so a killed run is readable."""

    def __init__(self, path: Path, scenario: str, started: datetime) -> None:
        self.path = path
        self.record = RunRecord(scenario=scenario, started=started.isoformat(timespec="seconds"))
        self.record.machine = Machine(
            cpus=os.cpu_count() or 1,
            memory_gb=round(psutil.virtual_memory().total / 2**30, 1),
            platform=platform.platform(),
            python=sys.version.split()[0],
        )
        self.record.versions = {name: importlib.metadata.version(name) for name in TOLD_VERSIONS}
        self._events = LineWriter(path / "events.jsonl")
        self.save()

    @property
    def logs(self) -> Path:
        """Where the output of the processes goes."""
        return self.path / "logs"

    def save(self) -> None:
        """Write ``run.json``, whole or not at all."""
        self._write("run.json", msgspec.json.format(msgspec.json.encode(self.record), indent=2))

    def event(self, event: str, **details: Any) -> None:
        """Note something that was done or seen, now."""
        self._events.write({"at": time.monotonic_ns(), "event": event, **details})

    def targets(self, links: dict[str, str]) -> None:
        """Write ``targets.json``: where the links of citizens and officials begin."""
        self._write("targets.json", msgspec.json.encode({"links": links}))

    def clocks(self, measured: Iterable[ProcessClock]) -> None:
        """Put clocks on record; of a process that was there already, the newer measurement counts."""
        by_process = {clock.process: clock for clock in (*self.record.clocks, *measured)}
        self.record.clocks = [by_process[process] for process in sorted(by_process)]
        self.save()

    def end(self, ended: Ended, reason: str = "") -> None:
        """Say how the run ended, and why."""
        self.record.ended = ended
        self.record.reason = reason
        if ended == "aborted":
            self.event("failed", reason=reason)
        self.save()

    def close(self) -> None:
        """End the journal of events."""
        self._events.close()

    def _write(self, name: str, content: bytes) -> None:
        write_whole(self.path / name, content)


def make_folder(runs: Path, scenario: str, started: datetime) -> Path:
    """A fresh folder of a run, to which ``<runs>/latest`` points from now on.

    Raises :class:`SetUpError` where it cannot be made.
    """
    path = fresh_folder(runs, scenario, started)
    try:
        (path / "logs").mkdir()
        fresh = runs / f".{LATEST}.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(path.relative_to(runs))
        fresh.replace(runs / LATEST)
    except OSError as error:
        raise _unmade(path, error.strerror) from error
    return path


def fresh_folder(runs: Path, name: str, started: datetime) -> Path:
    """A folder ``<runs>/<name>/<started>`` that nobody else has. Raises :class:`SetUpError`."""
    stamp = f"{started:%Y%m%d-%H%M%S}"
    path = runs / name / stamp
    try:
        for number in range(2, 100):
            with contextlib.suppress(FileExistsError):
                path.mkdir(parents=True)
                return path
            path = path.with_name(f"{stamp}-{number}")
    except OSError as error:
        raise _unmade(path, error.strerror) from error
    raise _unmade(path, "98 of this second are there")


def _unmade(path: Path, why: str | None) -> SetUpError:
    return SetUpError(f"{path}: the folder cannot be made ({why}); name another with --runs")
