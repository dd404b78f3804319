"""The rows that earlier calls have made: kept one by one, so that an interrupted series goes on."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import msgspec

from rehearsal.errors import SetUpError
from rehearsal.selftest.rows import Row, Task


class _Kept(msgspec.Struct, frozen=True):
    """A row, and the content hash of the scenario that it is of."""

    sha256: str
    row: Row


class Records:
    """One JSON file for each row in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def forget(self) -> None:
        """Remove all rows."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def find(self, task: Task, sha256: str) -> Row | None:
        """The row of this task, if defect, scenario, seed and the scenario's content are the same.

        A run without a conclusive verdict is not taken for done, nor is a file that cannot be read.
        """
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            kept = msgspec.json.decode(self._path(task).read_bytes(), type=_Kept)
            of = (kept.row.defect, kept.row.system, kept.row.scenario, kept.row.seed)
            same = of == (task.defect, task.system, task.scenario, task.seed) and kept.sha256 == sha256
            if same and kept.row.conclusive:
                return kept.row
        return None

    def keep(self, task: Task, sha256: str, row: Row) -> None:
        """Keep a row, whole or not at all. Raises :class:`SetUpError`."""
        path = self._path(task)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_bytes(msgspec.json.format(msgspec.json.encode(_Kept(sha256, row)), indent=1) + b"\n")
            fresh.replace(path)
        except OSError as error:
            raise SetUpError(
                f"{path}: cannot be written ({error.strerror}); name another with --runs"
            ) from error

    def _path(self, task: Task) -> Path:
        return self._folder / f"{task.name}.json"
