"""How much CPU each part of a rehearsal uses: what a larger one will need follows from it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec
import psutil

PARTS = ("mocks", "toxiproxy", "swarm", "prober", "conductor")


class Usage(msgspec.Struct, frozen=True):
    """CPU seconds by part over ``seconds`` of the load."""

    seconds: float = 0.0
    cpu_seconds: dict[str, float] = {}


def part_of(command: Sequence[str]) -> str:
    """Which part of a rehearsal a process belongs to, by its command line."""
    if command and "toxiproxy" in command[0].rpartition("/")[2]:
        return "toxiproxy"
    module = next((after for word, after in pairwise(command) if word == "-m"), "")
    named = {"mocks": "mocks", "rehearsal.swarm": "swarm", "rehearsal.prober": "prober"}
    return named.get(module, "conductor")


@dataclass
class _Seen:
    part: str
    first: float
    last: float


@dataclass
class Meter:
    """Follows the CPU time of this process and all that it has started.

    A process that ends between two samples loses what it used after the last one.
    """

    _seen: dict[int, _Seen] = field(default_factory=dict)
    _began: float = 0.0
    _last: float = 0.0

    def sample(self) -> None:
        """Look at all processes; the first look is where counting begins."""
        me = psutil.Process()
        self.note(
            time.monotonic(), (each for each in map(_cpu_of, [me, *me.children(recursive=True)]) if each)
        )

    def note(self, at: float, processes: Iterable[tuple[int, str, float]]) -> None:
        """What was seen at an instant (seconds): process id, part, CPU seconds since its start."""
        self._began = self._began or at
        self._last = at
        for pid, part, used in processes:
            seen = self._seen.setdefault(pid, _Seen(part, used if at == self._began else 0.0, used))
            seen.last = used

    def usage(self) -> Usage:
        """CPU seconds by part, from the first look to the last."""
        cpu = dict.fromkeys(PARTS, 0.0)
        for seen in self._seen.values():
            cpu[seen.part] += seen.last - seen.first
        return Usage(round(self._last - self._began, 3), {part: round(used, 3) for part, used in cpu.items()})


def _cpu_of(process: psutil.Process) -> tuple[int, str, float] | None:
    try:
        with process.oneshot():
            times = process.cpu_times()
            return process.pid, part_of(process.cmdline()), times.user + times.system
    except psutil.Error:  # it has ended meanwhile
        return None
