"""The rows that earlier calls have made: kept one by one, so that an unfinished series goes on.

A series is unfinished while a run of it is missing, or has come to no conclusive verdict. What is kept of it
is gone on with by a call for the same runs in the same code (:func:`rehearsal.sources.series`); a series that
has come to its end is history, and the next call begins anew.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from rehearsal.errors import SetUpError
from rehearsal.selftest.rows import Row, Task
from reports.files import indented, write_whole

FINISHED = ""
"""The series of rows that no call goes on with."""


class _Kept(msgspec.Struct, frozen=True):
    """A row, the unfinished series that it is of, and the content hash of its scenario."""

    series: str
    sha256: str
    row: Row


class Records:
    """One JSON file for each row in a folder; what is kept is of ``series``."""

    def __init__(self, folder: Path, series: str) -> None:
        self._folder = folder
        self._series = series

    def unfinished(self, task: Task, sha256: str) -> Row | None:
        """The row of this task in this series, if that has not come to its end.

        Defect, scenario, seed and the scenario's content must be the same; an unreadable file holds none.
        """
        kept = self._kept(task, sha256)
        return kept.row if kept is not None and kept.series == self._series != FINISHED else None

    def conclusive(self, task: Task, sha256: str) -> Row | None:
        """The row of this task in the last series, finished or not, whatever code made it; see above."""
        kept = self._kept(task, sha256)
        return kept.row if kept is not None and kept.row.conclusive else None

    def keep(self, task: Task, sha256: str, row: Row) -> None:
        """Keep a row, whole or not at all. Raises :class:`SetUpError`."""
        self._write(task, _Kept(self._series, sha256, row))

    def finish(self, tasks: Iterable[Task]) -> None:
        """The series has come to its end: nobody goes on with its rows. Raises :class:`SetUpError`."""
        for task in tasks:
            kept = self._read(task)
            if kept is not None and kept.series == self._series:
                self._write(task, msgspec.structs.replace(kept, series=FINISHED))

    def _kept(self, task: Task, sha256: str) -> _Kept | None:
        kept = self._read(task)
        if kept is None or kept.sha256 != sha256:
            return None
        of = (kept.row.defect, kept.row.system, kept.row.scenario, kept.row.seed)
        return kept if of == (task.defect, task.system, task.scenario, task.seed) else None

    def _read(self, task: Task) -> _Kept | None:
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return msgspec.json.decode(self._path(task).read_bytes(), type=_Kept)
        return None

    def _write(self, task: Task, kept: _Kept) -> None:
        path = self._path(task)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, indented(kept))
        except OSError as error:
            raise SetUpError(
                f"{path}: cannot be written ({error.strerror}); name another with --runs"
            ) from error

    def _path(self, task: Task) -> Path:
        return self._folder / f"{task.name}.json"
