"""The folders of sweeps: a new one, the one to go on with, and the last one that was completed.

Whoever sweeps holds the folder (``flock`` on the folder itself, which the kernel lets go when the process
ends): a second sweep of the same things begins its own instead of writing into that of the first.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.run_record import fresh_folder
from rehearsal.turn import take
from reports.errors import ReportError
from reports.files import indented, write_whole
from reports.readiness.building import read_sweep
from reports.readiness.model import READINESS, SWEEP, Sweep

NAME = "readiness"
STALE = timedelta(hours=6)
"""What was examined longer ago may not be true any more: such a sweep is not gone on with."""


def unfinished(runs: Path, wanted: Sweep) -> tuple[Path, Sweep] | None:
    """The newest sweep of the same things, if it can be gone on with.

    It did not come to its end, is not stale, and nobody is at work in it.
    """
    for path, sweep in _newest_first(runs):
        if _same(sweep, wanted):
            age = datetime.fromisoformat(wanted.started) - datetime.fromisoformat(sweep.started)
            done = sweep.ended == "completed" or age > STALE
            return None if done or _is_held(path) else (path, sweep)
    return None


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """While this lasts nobody else sweeps into the folder. Raises :class:`SetUpError` where somebody does."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if not take(descriptor):
            raise SetUpError(f"{folder}: another sweep is at work in it; --fresh begins one of its own")
        yield
    finally:
        os.close(descriptor)


def _is_held(folder: Path) -> bool:
    try:
        with held(folder):
            return False
    except SetUpError:
        return True


def completed_before(runs: Path, folder: Path, wanted: Sweep) -> Path | None:
    """The last sweep that made these checks of the same systems and came to its end, other than this one."""
    checks = {check.name for check in wanted.checks}
    for path, sweep in _newest_first(runs):
        same = (sweep.target, sweep.moment, sweep.gaps) == (wanted.target, wanted.moment, wanted.gaps)
        same = same and checks <= {check.name for check in sweep.checks}
        if path != folder and same and sweep.ended == "completed" and (path / READINESS).exists():
            return path
    return None


def begin(runs: Path, started: datetime, sweep: Sweep) -> Path:
    """A new folder for a sweep. Raises :class:`SetUpError`."""
    path = fresh_folder(runs, NAME, started)
    save(path, sweep)
    return path


def save(folder: Path, sweep: Sweep) -> None:
    """Write ``sweep.json``, whole or not at all. Raises :class:`SetUpError`."""
    try:
        write_whole(folder / SWEEP, indented(sweep))
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

    def things(of: Sweep) -> tuple[object, ...]:
        return of.target, of.unnamed, of.moment, of.gaps, of.checks

    return things(sweep) == things(wanted)
