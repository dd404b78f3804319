"""How punctually this process runs, seen from its event loop and from a native thread.

A saturated generator shows neither in its CPU percentage nor in its response times alone. Both observers ask
to be woken at fixed instants: a greenlet, which the event loop must come to, and a thread of the operating
system, which needs the CPU and Python's lock. Late in the greenlet alone is the loop's own work; late in both
is a machine without CPU, which the kernel's account of waiting for it confirms.

An instant that was slept through counts as often as it should have been met: one long stall is as many rows
as it lasted ticks, or its share of the time would be lost (Tene's "coordinated omission").
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import gevent
from gevent import monkey

from reports.journal import PULSE
from reports.journal_writer import StreamWriter

EVERY_NS = 50_000_000
_PAGE = os.sysconf("SC_PAGE_SIZE")

_native_sleep = monkey.get_original("time", "sleep")
_start_native_thread = monkey.get_original("_thread", "start_new_thread")


class NativeThread:
    """A thread of the operating system that wakes every tick and keeps the worst delay of it."""

    def __init__(self) -> None:
        self._worst_ns = 0
        self._over = False

    def start(self) -> None:
        """Begin; the thread ends within a tick of :meth:`stop`."""
        _start_native_thread(self._run, ())

    def stop(self) -> None:
        """Let it end."""
        self._over = True

    def worst_ns(self) -> int:
        """The worst delay since the last call, in nanoseconds."""
        worst, self._worst_ns = self._worst_ns, 0
        return worst

    def _run(self) -> None:
        while not self._over:
            due = time.monotonic_ns() + EVERY_NS
            _native_sleep(EVERY_NS / 1e9)
            self._worst_ns = max(self._worst_ns, time.monotonic_ns() - due)


class Pulse:
    """Writes ``pulse.<process>.arrows``, one row per tick, until it is stopped.

    ``in_flight`` gives the requests under way. Raises what the writer raises, in :meth:`flush` and
    :meth:`close`.
    """

    def __init__(self, folder: Path, process: str, in_flight: Callable[[], int]) -> None:
        self._process = process
        self._in_flight = in_flight
        self._writer = StreamWriter(folder / f"pulse.{process}.arrows", PULSE, instants=("at",))
        self._thread = NativeThread()
        self._greenlet: gevent.Greenlet | None = None
        self._schedstat = -1
        self._statm = -1

    def on_clock(self, offset_ns: int) -> None:
        """From now on, instants are read on a clock this much (nanoseconds) ahead of the conductor's."""
        self._writer.shift_ns = offset_ns

    def start(self) -> None:
        """Begin to tick."""
        with suppress(OSError):  # a kernel without scheduler statistics: nothing is known of waiting
            self._schedstat = os.open("/proc/self/schedstat", os.O_RDONLY)
        with suppress(OSError):
            self._statm = os.open("/proc/self/statm", os.O_RDONLY)
        self._thread.start()
        self._greenlet = gevent.spawn(self._tick)

    def flush(self) -> None:
        """Write what was seen since the last call."""
        self._writer.flush()

    def close(self) -> None:
        """Stop, and end the file. May be called twice."""
        self._thread.stop()
        if self._greenlet is not None:
            self._greenlet.kill()
            self._greenlet = None
        for account in (self._schedstat, self._statm):
            if account >= 0:
                os.close(account)
        self._schedstat = self._statm = -1
        self._writer.close()

    def _tick(self) -> None:
        due = time.monotonic_ns()
        while True:
            due += EVERY_NS
            while (left := due - time.monotonic_ns()) > 0:  # a timer may fire a little early
                gevent.sleep(left / 1e9)
            gevent.sleep(0)  # a timer comes first; a visitor waits behind all who are ready to run
            due = self.note(due, time.monotonic_ns())

    def note(self, due: int, now: int) -> int:
        """Write the rows for every tick from ``due`` to ``now``; the last of them."""
        measured = (
            self._thread.worst_ns(),
            time.process_time_ns(),
            self._waited(),
            self._in_flight(),
            self._resident(),
        )
        while True:
            self._writer.append(self._process, now, now - due, *measured)
            if due + EVERY_NS > now:
                return due
            due += EVERY_NS

    def _waited(self) -> int:
        """Nanoseconds that the main thread was ready to run and had no CPU (proc(5), schedstat)."""
        return int(os.pread(self._schedstat, 64, 0).split()[1]) if self._schedstat >= 0 else 0

    def _resident(self) -> int:
        """Bytes of memory that the process has resident (proc(5), statm)."""
        return int(os.pread(self._statm, 64, 0).split()[1]) * _PAGE if self._statm >= 0 else 0
