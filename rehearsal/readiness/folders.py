"""The folders of sweeps: a new one, the one to go on with, and the last one that was completed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.run_record import make_folder
from reports.errors import ReportError
from reports.readiness.building import read_sweep
from reports.readiness.model import READINESS, SWEEP, Sweep

NAME = "readiness"


def unfinished(runs: Path, wanted: Sweep) -> tuple[Path, Sweep] | None:
    """The newest sweep of the same things, if it did not come to its end."""
    for path, sweep in _newest_first(runs):
        if _same(sweep, wanted):
            return None if sweep.ended == "completed" else (path, sweep)
    return None


def completed_before(runs: Path, folder: Path, wanted: Sweep) -> Path | None:
    """The last sweep that made these checks of the same target and came to its end, other than this one."""
    checks = {check.name for check in wanted.checks}
    for path, sweep in _newest_first(runs):
        same = (sweep.target, sweep.moment) == (wanted.target, wanted.moment)
        same = same and checks <= {check.name for check in sweep.checks}
        if path != folder and same and sweep.ended == "completed" and (path / READINESS).exists():
            return path
    return None


def begin(runs: Path, started: datetime, sweep: Sweep) -> Path:
    """A new folder for a sweep. Raises :class:`SetUpError`."""
    path = make_folder(runs, NAME, started)
    save(path, sweep)
    return path


def save(folder: Path, sweep: Sweep) -> None:
    """Write ``sweep.json``, whole or not at all. Raises :class:`SetUpError`."""
    fresh = folder / f"{SWEEP}.new"
    try:
        fresh.write_bytes(msgspec.json.format(msgspec.json.encode(sweep), indent=1))
        fresh.replace(folder / SWEEP)
    except OSError as error:
        raise SetUpError(f"{folder / SWEEP}: cannot be written ({error.strerror})") from error


def life(folder: Path) -> Path:
    """Where the next own country of a sweep keeps what it holds: each life of it begins with nothing."""
    for number in range(1, 1000):
        path = folder / f"country-{number}"
        if not path.exists():
            return path
    raise EvidenceError(f"{folder}: was begun too often; start anew with --fresh")


def _newest_first(runs: Path) -> Iterator[tuple[Path, Sweep]]:
    for path in sorted((runs / NAME).glob("*/"), reverse=True):
        with contextlib.suppress(ReportError):  # of a folder that was begun and holds nothing yet, or is old
            yield path, read_sweep(path)


def _same(sweep: Sweep, wanted: Sweep) -> bool:
    """Whether two sweeps examine the same things of the same systems."""
    return (sweep.target, sweep.moment, sweep.gaps, sweep.checks) == (
        wanted.target,
        wanted.moment,
        wanted.gaps,
        wanted.checks,
    )
