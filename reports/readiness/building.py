"""From the files of a sweep to its matrix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from reports.errors import RunFolderError
from reports.finding import Outcome, worst
from reports.readiness import telling
from reports.readiness.model import (
    CELLS,
    FORMAT,
    READINESS,
    SWEEP,
    Cell,
    Change,
    Changes,
    CheckRow,
    Judged,
    Readiness,
    Sweep,
)
from reports.run_check import decoded


def read_sweep(folder: Path) -> Sweep:
    """What a folder swept. Raises :class:`~reports.errors.RunFolderError`."""
    sweep = decoded(folder / SWEEP, Sweep)
    if sweep.format != FORMAT:
        raise RunFolderError(
            f"{folder / SWEEP}: format is {sweep.format}; this version reads format {FORMAT}"
        )
    if not _is_instant(sweep.started):
        raise RunFolderError(
            f"{folder / SWEEP}: started is {sweep.started!r}; legal is ISO 8601 with an offset, such as "
            "2025-07-01T00:00:00+07:00"
        )
    return sweep


def _is_instant(words: str) -> bool:
    try:
        return datetime.fromisoformat(words).utcoffset() is not None
    except ValueError:
        return False


def read_cells(folder: Path) -> list[Cell]:
    """The cells that were finished; of one that was examined twice, the later.

    A last line without its end is left out: its sweep was killed while it wrote. Raises
    :class:`~reports.errors.RunFolderError` for any other damage.
    """
    path = folder / CELLS
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunFolderError(f"{path}: cannot be read: {error.strerror}") from error
    found: dict[tuple[str, str], Cell] = {}
    for number, line in enumerate(content.split(b"\n")[:-1], 1):
        try:
            cell = msgspec.json.decode(line, type=Cell)
        except msgspec.DecodeError as error:
            raise RunFolderError(f"{path}: line {number}: {error}; the file is damaged") from error
        found[cell.check, cell.province] = cell
    return list(found.values())


def build(folder: Path, before: Path | None = None) -> Readiness:
    """The matrix of a folder, compared with that of the sweep ``before``.

    Raises :class:`~reports.errors.RunFolderError`.
    """
    earlier = None if before is None else decoded(before / READINESS, Readiness)
    return assembled(read_sweep(folder), read_cells(folder), earlier)


def assembled(sweep: Sweep, cells: list[Cell], earlier: Readiness | None = None) -> Readiness:
    """The matrix of what was to be examined and what was found."""
    of_check: defaultdict[str, dict[str, Cell]] = defaultdict(dict)
    for cell in cells:
        of_check[cell.check][cell.province] = cell
    provinces = [province.code for province in sweep.provinces]
    judged = [_judged(check, of_check[check.name], sweep) for check in sweep.checks]
    ready = sum(
        all(_outcome(of_check[check.name], province) == "met" for check in sweep.checks)
        for province in provinces
    )
    communes = sum(province.communes for province in sweep.provinces)
    return Readiness(
        outcome=worst(check.outcome for check in judged),
        sentence=(
            telling.sentence(sweep, judged, ready, communes)
            if sweep.ended == "completed"
            else telling.sentence_so_far(sweep, judged, cells)
        ),
        notes=telling.notes(sweep),
        sweep=sweep,
        checks=judged,
        cells=cells,
        ready=ready,
        communes=communes,
        changes=None if earlier is None else _changes(earlier, sweep, cells),
    )


def _outcome(cells: Mapping[str, Cell], province: str) -> Outcome:
    cell = cells.get(province)
    return "inconclusive" if cell is None else cell.outcome


def _judged(check: CheckRow, cells: Mapping[str, Cell], sweep: Sweep) -> Judged:
    outcomes = [_outcome(cells, province.code) for province in sweep.provinces]
    examined = sum(cell.examined for cell in cells.values())
    shortfalls = sum(len(cell.shortfalls) for cell in cells.values())
    unseen = sum(len(cell.unseen) for cell in cells.values())
    ready = outcomes.count("met")
    return Judged(
        name=check.name,
        title=check.title,
        requirements=check.requirements,
        outcome=worst(outcomes),
        finding=telling.finding(check, sweep, cells.values(), ready),
        examined=examined,
        shortfalls=shortfalls,
        unseen=unseen,
        ready=ready,
    )


def _changes(earlier: Readiness, sweep: Sweep, cells: list[Cell]) -> Changes:
    """What is lacking now and was not, and the other way round. Only what was examined now can be gone."""
    checks = {check.name for check in sweep.checks}
    before = _lacking(cell for cell in earlier.cells if cell.check in checks)
    now = _lacking(cells)
    seen = {(cell.check, cell.province) for cell in cells if cell.examined}
    unseen = {(cell.check, each.unit) for cell in cells for each in cell.unseen}
    missing = [change for key, change in before.items() if key not in now]
    still_unseen = [
        change
        for change in missing
        if (change.check, change.province) not in seen or (change.check, change.shortfall.unit) in unseen
    ]
    return Changes(
        since=earlier.sweep.started,
        appeared=[change for key, change in now.items() if key not in before],
        gone=[change for change in missing if change not in still_unseen],
        unseen_now=still_unseen,
        kept=len(before.keys() & now.keys()),
    )


def _lacking(cells: Iterable[Cell]) -> dict[tuple[str, str, str], Change]:
    return {
        (cell.check, each.unit, each.detail): Change(cell.check, cell.province, each)
        for cell in cells
        for each in cell.shortfalls
    }
