"""The clocks of other processes, measured by exchanges of four timestamps. Pure.

::

    master   T1 ──ping──►            ◄──pong── T4
    worker             T2 ─────► T3

    offset of the worker's clock   θ = ((T2 − T1) + (T3 − T4)) / 2
    round trip on the network      δ = (T4 − T1) − (T3 − T2)

RFC 5905, section 8. The true offset lies in θ ± δ/2 however unlike the two ways were. Of several exchanges
the one with the smallest δ is taken (section 10, the clock filter): what delays a message, a queue or a busy
process, shows in δ.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import NamedTuple


class Reading(NamedTuple):
    """One instant on both clocks of a process, in nanoseconds."""

    monotonic: int
    day: int


class Exchange(NamedTuple):
    """T1 to T4 as above."""

    ping_sent: Reading
    ping_received: Reading
    pong_sent: Reading
    pong_received: Reading

    @property
    def delay(self) -> int:
        """δ in nanoseconds of the monotonic clocks."""
        there_and_back = self.pong_received.monotonic - self.ping_sent.monotonic
        return there_and_back - (self.pong_sent.monotonic - self.ping_received.monotonic)

    @property
    def offset(self) -> int:
        """θ of the monotonic clocks, in nanoseconds."""
        return self._offset(0)

    @property
    def day_offset(self) -> int:
        """θ of the clocks of the day, in nanoseconds."""
        return self._offset(1)

    def _offset(self, clock: int) -> int:
        there = self.ping_received[clock] - self.ping_sent[clock]
        back = self.pong_sent[clock] - self.pong_received[clock]
        return (there + back) // 2


class Estimate(NamedTuple):
    """What the clocks of a process read more than ours: ``offset`` ± ``uncertainty``, in nanoseconds."""

    offset: int
    uncertainty: int
    day_offset: int

    @property
    def correction(self) -> int:
        """What is to be subtracted from its readings: nothing where it may be the very same clock."""
        return self.offset if abs(self.offset) > self.uncertainty else 0


def read() -> Reading:
    """Our clocks, now."""
    return Reading(time.monotonic_ns(), time.time_ns())


def estimate(exchanges: Collection[Exchange]) -> Estimate | None:
    """The best estimate from several exchanges; None where there are none."""
    if not exchanges:
        return None
    best = min(exchanges, key=lambda exchange: exchange.delay)
    return Estimate(best.offset, -(-max(0, best.delay) // 2), best.day_offset)


class Clocks:
    """The clocks of all workers, as measured before the run and at its end."""

    def __init__(self) -> None:
        self._first: dict[int, Estimate] = {}
        self._last: dict[int, Estimate] = {}

    def begin(self, worker: int, measured: Estimate) -> None:
        """Before the run; a later measurement takes the place of an earlier one."""
        self._first[worker] = measured

    def end(self, worker: int, measured: Estimate) -> None:
        """When the worker had finished."""
        self._last[worker] = measured

    def correction(self, worker: int) -> int:
        """What the worker subtracts from its clock. Raises ``KeyError`` where it was not measured."""
        return self._first[worker].correction

    def table(self, hosts: Mapping[int, str]) -> list[dict[str, object]]:
        """One row per worker, as ``run.json`` has it; without a last measurement the drift is 0."""
        return [
            {
                "worker": worker,
                "host": hosts.get(worker, ""),
                "offset_ns": first.offset,
                "uncertainty_ns": first.uncertainty,
                "drift_ns": self._last[worker].offset - first.offset if worker in self._last else 0,
                "wall_offset_ns": first.day_offset,
            }
            for worker, first in sorted(self._first.items())
        ]
