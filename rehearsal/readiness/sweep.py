"""All examinations in all provinces: beside each other, at one desk; finished ones are kept on disk.

::

    first ─► turn (an own country's clock passes T0) ─► main ─► last
      └────────── each: every province beside every other, one line in cells.jsonl when it is done

A sweep that was killed goes on with what is missing. A cell that could not be examined is not kept as
finished: it is tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

import fixtures
from rehearsal.errors import SetUpError
from rehearsal.readiness.checks.base import Examination, Stage, visit
from rehearsal.readiness.desk import Desk
from rehearsal.together import together
from reports.files import write_whole
from reports.readiness.model import CELLS, Cell

Follow = Callable[[str], None]


class Kept:
    """The cells of a sweep's folder, and which visits need not be made again."""

    def __init__(self, folder: Path, cells: Sequence[Cell] = ()) -> None:
        self._path = folder / CELLS
        self._whole = {(cell.check, cell.province) for cell in cells if cell.whole}
        try:
            # what a killed sweep wrote of its last line must not run into the next one
            write_whole(self._path, _lines(cells))
            self._file = self._path.open("ab")
        except OSError as error:
            raise SetUpError(f"{self._path}: cannot be written ({error.strerror})") from error

    def has(self, examination: Examination, province: str) -> bool:
        """Whether all that this visit would show is there."""
        return all((check.name, province) in self._whole for check in examination.checks)

    def add(self, cells: Sequence[Cell]) -> None:
        """Keep the cells of one visit; when this returns they outlive our own death. Raises `SetUpError`."""
        try:
            self._file.write(_lines(cells))
            self._file.flush()
        except OSError as error:
            raise SetUpError(f"{self._path}: cannot be written ({error.strerror})") from error

    def close(self) -> None:
        """No more cells will come."""
        self._file.close()


def _lines(cells: Sequence[Cell]) -> bytes:
    return b"".join(msgspec.json.encode(cell) + b"\n" for cell in cells)


async def sweep(
    stages: Sequence[Stage],
    provinces: Sequence[fixtures.Province],
    desk: Desk,
    kept: Kept,
    follow: Follow,
) -> None:
    """Make all visits that have not been made yet; ``follow`` is told how far it is."""
    visits = sum(len(stage.examinations) for stage in stages) * len(provinces)
    done = 0

    async def one(examination: Examination, province: fixtures.Province) -> None:
        nonlocal done
        if not kept.has(examination, province.code):
            kept.add(await visit(examination, province, desk))
        done += 1
        follow(f"{done} of {visits} visits made, {desk.requests} requests | {examination.name}")

    for stage in stages:
        if stage.before is not None:
            await stage.before()
        async with together() as group:
            for examination in stage.examinations:
                for province in provinces:
                    group.create_task(one(examination, province))
