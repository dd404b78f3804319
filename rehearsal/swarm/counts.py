"""Counts that survive the death of their process: a few integers in a memory-mapped file."""

from __future__ import annotations

import mmap
from pathlib import Path

from reports.journal import COUNTS

BEGUN, RECORDED, STARTED, DROPPED, ENDED, AT = range(len(COUNTS))


class Counts:
    """``counts.<w>.i64``: one signed 64-bit integer per name of :data:`reports.journal.COUNTS`.

    ``slots`` is the file itself: a change is in the kernel's page cache at once, costs no system call, and
    ``kill -9`` does not take it back. (The byte order is the machine's: little-endian wherever this runs.)
    Raises ``OSError``.
    """

    def __init__(self, path: Path) -> None:
        with path.open("w+b") as file:
            file.truncate(8 * len(COUNTS))
            self._map = mmap.mmap(file.fileno(), 8 * len(COUNTS))
        self.slots = memoryview(self._map).cast("q")

    def close(self) -> None:
        """Let go of the file."""
        self.slots.release()
        self._map.close()
