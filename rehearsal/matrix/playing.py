"""A series played and observed; or found again, where an unfinished matrix has played it already."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from rehearsal.conductor import How, conduct, open_folder
from rehearsal.decoding import decoded
from rehearsal.errors import EvidenceError
from rehearsal.matrix.layout import Series
from rehearsal.plan import make_plan
from rehearsal.progress import Progress
from rehearsal.scenario import Scenario
from reports.files import indented, write_whole
from reports.matrix.files import CELLS, OBSERVED, Cell, Cells, Observed

KEPT = "kept.json"

Player = Callable[[Scenario, Series], Path]
"""Plays a series by its scenario; gives the run folder, which holds what was observed."""


class Kept(msgspec.Struct):
    """``kept.json``: of each unfinished matrix, the run folder of each series by its scenario's digest."""

    unfinished: dict[str, dict[str, str]] = {}


class Keeper:
    """The folder of matrices: their runs, and which series each of them played.

    ``matrix`` tells one from another: the cells asked for, and the code that plays them (see
    :func:`rehearsal.sources.series`).
    """

    def __init__(self, folder: Path, matrix: str, *, fresh: bool) -> None:
        self.folder = folder
        self._matrix = matrix
        file = folder / KEPT
        self._kept = Kept() if fresh or not file.exists() else decoded(file, Kept, EvidenceError)

    def find(self, scenario: Scenario) -> Path | None:
        """The run that played this very scenario, if it is still there."""
        run = self._kept.unfinished.get(self._matrix, {}).get(digest(scenario))
        return self.folder / run if run and (self.folder / run / OBSERVED).exists() else None

    def keep(self, scenario: Scenario, run: Path) -> None:
        """Remember a finished run, as long as its matrix is not finished."""
        self._kept.unfinished.setdefault(self._matrix, {})[digest(scenario)] = run.name
        self._write()

    def finish(self) -> None:
        """The matrix has come to its end: the next one is begun anew. The run folders stay."""
        self._kept.unfinished.pop(self._matrix, None)
        self._write()

    def _write(self) -> None:
        write_whole(self.folder / KEPT, indented(self._kept))


def digest(scenario: Scenario) -> str:
    """What tells two generated scenarios apart: the SHA-256 of all their values."""
    return hashlib.sha256(scenario.model_dump_json().encode()).hexdigest()


def cells_of(series: Series, journeys: list[str]) -> Cells:
    """What the reports must know of a series."""
    return Cells(
        journeys,
        [
            Cell(
                name=slot.cell.name,
                faults=[name for name, _ in slot.cell.faults],
                start=slot.at,
                end=slot.end,
                until=slot.until,
                provinces=list(slot.cell.provinces),
            )
            for slot in series.slots
        ],
    )


def rehearsed(
    scenario: Scenario, series: Series, journeys: list[str], runs: Path, how: How, workers: int
) -> Path:
    """Play a series in a new folder below ``runs`` and observe it.

    Raises :class:`~rehearsal.errors.RehearsalError`.
    """
    planned = make_plan(scenario, workers)
    folder = open_folder(planned, runs)
    (folder.path / CELLS).write_bytes(msgspec.json.encode(cells_of(series, journeys)))
    show = Progress(planned.plan)
    asyncio.run(conduct(planned.plan, folder, how, show=show))
    show.say("observing its cells")
    command = [sys.executable, "-m", "reports.matrix", "observe", str(folder.path)]
    subprocess.run(command, check=False)  # noqa: S603 - our own module, which needs pandas
    if not (folder.path / OBSERVED).exists():
        raise EvidenceError(f"{folder.path}: what it showed could not be read")
    return folder.path


def observed(run: Path) -> Observed:
    """What a run showed. Raises :class:`EvidenceError`."""
    return decoded(run / OBSERVED, Observed, EvidenceError)
