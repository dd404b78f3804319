"""What a person sees while a rehearsal runs: steps as lines, and one line that follows the load."""

from __future__ import annotations

import math
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from typing import TextIO

from rehearsal.plan import Plan
from rehearsal.run_record import ProcessClock
from rehearsal.swarm_processes import Event

PLAIN_EVERY = 5.0
"""Seconds between two lines of progress where the output is no terminal (CI logs)."""


def agreement(clocks: Sequence[ProcessClock]) -> str:
    """How far the clocks of all processes of a run agree, once those that differ are corrected."""
    if not clocks:
        return "no clock was measured"
    within = max(clock.uncertainty_ns for clock in clocks) / 1e3
    said = f"the clocks of {len(clocks)} processes agree within {within:.0f} us"
    farthest = max(clocks, key=lambda clock: abs(clock.offset_ns))
    if abs(farthest.offset_ns) > farthest.uncertainty_ns:
        said += (
            f" once corrected, the farthest by {farthest.offset_ns / 1e9:+.6f} s ({farthest.process} on "
            f"{farthest.host})"
        )
    return said


class Progress:
    """Writes to a terminal, where one line is overwritten, or to a log, where lines follow each other."""

    def __init__(
        self,
        plan: Plan,
        stream: TextIO | None = None,
        *,
        quiet: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._plan = plan
        self._stream = stream = stream or sys.stderr
        self._now = now
        self._quiet = quiet
        self._overwrites = stream.isatty()
        self._pending = False
        self._last_plain = -math.inf
        self._requests = (0.0, 0)

    def say(self, message: str) -> None:
        """One step, on a line of its own."""
        if self._quiet:
            return
        if self._pending:
            self._stream.write("\r\033[K")
            self._pending = False
        self._stream.write(f"  {message}\n")
        self._stream.flush()

    def follow(self, message: str) -> None:
        """A state that will be replaced by the next one."""
        if self._quiet:
            return
        if self._overwrites:
            width = shutil.get_terminal_size().columns  # a line that wraps could not be overwritten
            self._stream.write(f"\r\033[K  {message}"[: width + len("\r\033[K") - 1])
            self._stream.flush()
            self._pending = True
        elif self._now() - self._last_plain >= PLAIN_EVERY:
            self._last_plain = self._now()
            self.say(message)

    def load(self, event: Event, active: set[str]) -> None:
        """Where the load stands: a progress event of the swarm, and the faults that are on."""
        t, requests = float(event["t"]), int(event["requests"])
        before_t, before = self._requests
        rate = (requests - before) / (t - before_t) if t > before_t and before else 0.0
        self._requests = (t, requests)
        faults = f" | FAULT {', '.join(sorted(active))}" if active else ""
        self.follow(
            f"T0{t:+4.0f} s of {self._plan.clock.end:+.0f} | visitors {event['started']}/{event['planned']}, "
            f"{event['in_flight']} under way | {rate:4.0f} requests/s | failed {event['failed']}, "
            f"unknown {event['unknown']} | lag p99 {event['lag_p99_ms']:.0f} ms{faults}"
        )
