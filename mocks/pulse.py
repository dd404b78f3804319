"""How punctually a process of mocks runs, 20 times a second: a busy machine is not a slow system.

Two clocks tick in one process, and their lateness tells three cases apart:

===========  ============  ==================================================================
event loop   thread        the process
===========  ============  ==================================================================
punctual     punctual      had what it needed: waiting times are those of the declared capacity
late         punctual      kept its own event loop busy
late         late          had no CPU (``waited`` says for how long)
===========  ============  ==================================================================

The thread needs the interpreter lock to look at the clock, so a busy loop delays it by a switch interval
(``sys.getswitchinterval``, 5 ms), not more.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Callable

from mocks.received import Journal

PERIOD = 50_000_000
"""Nanoseconds between two ticks, which come at multiples of it on the monotonic clock."""
TICK = 1_000_000
"""Nanoseconds by which a timer of libuv may be late without any lag: it counts in whole milliseconds."""
_SCHEDSTAT = "/proc/self/schedstat"
_STATM = "/proc/self/statm"
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Pulse:
    """One row of :data:`mocks.received.PULSE` per period, from :meth:`start` to :meth:`stop`.

    ``in_flight`` gives the requests that the process has received and not answered.
    """

    def __init__(self, process: str, journal: Journal, in_flight: Callable[[], int]) -> None:
        self._process = process
        self._journal = journal
        self._in_flight = in_flight
        self._timer: asyncio.Handle | None = None
        self._due = 0
        self._thread = Lateness()
        self._run_queue = RunQueue()
        self._memory = Memory()

    def start(self) -> None:
        """Begin to tick; needs a running event loop."""
        self._thread.start()
        self._due = following(time.monotonic_ns())
        self._arm()

    def stop(self) -> None:
        """Tick no longer."""
        if self._timer is not None:
            self._timer.cancel()
        self._thread.stop()
        self._run_queue.close()
        self._memory.close()

    def _arm(self) -> None:
        self._timer = asyncio.get_running_loop().call_at(self._due / 1e9, self._tick)

    def _tick(self) -> None:
        # a timer comes before the tasks of requests that were received in the turn before: they are under way
        self._timer = asyncio.get_running_loop().call_soon(self._note)

    def _note(self) -> None:
        now = time.monotonic_ns()
        measured = (
            self._thread.worst(now),
            time.process_time_ns(),
            self._run_queue.waited(),
            self._in_flight(),
            self._memory.resident(),
        )
        # a row for every instant that was slept through: a long stall must not count as a single one
        while self._due <= now:
            lag = max(0, now - self._due - TICK)
            self._journal.append((self._process, now, lag, *measured))
            self._due += PERIOD
        self._arm()


def following(now: int) -> int:
    """The next instant of the grid after ``now``."""
    return (now // PERIOD + 1) * PERIOD


class Lateness:
    """A native thread that waits for instants between those of the loop, and notes how late it wakes."""

    def __init__(self) -> None:
        self._worst = 0
        self._due = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        """Begin to tick."""
        self._due = following(time.monotonic_ns()) + PERIOD // 2
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def worst(self, now: int) -> int:
        """Nanoseconds, the worst since the last call; one that has not woken by ``now`` is late already."""
        # after a stop of the whole process the event loop may come first: it must not seem to be late alone
        worst, self._worst = max(self._worst, now - self._due, 0), 0
        return worst

    def _run(self) -> None:
        while not self._stopped.wait((self._due - time.monotonic_ns()) / 1e9):
            now = time.monotonic_ns()
            self._worst = max(self._worst, now - self._due)
            self._due = following(now) + PERIOD // 2


class _Account:
    """A file below ``/proc`` that is read again and again, where the system has it."""

    def __init__(self, path: str) -> None:
        self._file: int | None = None
        with contextlib.suppress(OSError):
            self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def field(self, number: int) -> int:
        """One of its numbers, 0 where there is none."""
        if self._file is None:
            return 0
        fields = os.pread(self._file, 128, 0).split()
        return int(fields[number]) if len(fields) > number else 0

    def close(self) -> None:
        """Ask no more."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class RunQueue(_Account):
    """How long the main thread was ready to run and had no CPU (``/proc/<pid>/schedstat``, field 2)."""

    def __init__(self) -> None:
        super().__init__(_SCHEDSTAT)

    def waited(self) -> int:
        """Nanoseconds since the process began; 0 where the kernel does not count them."""
        return self.field(1)


class Memory(_Account):
    """How much memory of the process is resident (``/proc/<pid>/statm``, field 2, in pages)."""

    def __init__(self) -> None:
        super().__init__(_STATM)

    def resident(self) -> int:
        """Bytes; 0 where the kernel does not say."""
        return self.field(1) * _PAGE
