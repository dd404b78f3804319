"""The pulse tells a busy event loop from a machine without CPU; granular timers are no lag."""

from __future__ import annotations

import asyncio
import time as clock
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import uvloop

from mocks import pulse
from mocks.pulse import PERIOD, TICK, Lateness, Pulse, RunQueue, following
from mocks.received import PULSE, Journal
from reports.journal_reader import read_stream
from tests.virtual_time import START, VirtualTime

MS = 1_000_000


class StillThread(Lateness):
    """Takes no part in virtual time; ``late`` is what it would have seen."""

    late = 0

    def start(self) -> None:
        """Nothing to start."""

    def worst(self, now: int) -> int:  # noqa: ARG002 - as the real one
        """What it was told."""
        return self.late


@pytest.fixture
def virtual() -> Iterator[VirtualTime]:
    with VirtualTime() as time:
        yield time


def rows(path: Path) -> list[dict[str, Any]]:
    table, _ = read_stream(path, PULSE)
    return [dict(row) for row in table.to_pylist()]


def beat(
    folder: Path, virtual: VirtualTime, monkeypatch: pytest.MonkeyPatch, *, busy_at: float, busy_for: float
) -> list[dict[str, Any]]:
    """One virtual second, in which the event loop is kept busy once."""
    monkeypatch.setattr(pulse, "Lateness", StillThread)
    journal = Journal(folder / "pulse.arrows", PULSE)

    def work() -> None:
        virtual.now_ns += round(busy_for * 1e9)

    async def live() -> None:
        beating = Pulse("mocks-test", journal, lambda: 3)
        beating.start()
        asyncio.get_running_loop().call_later(busy_at, work)
        await asyncio.sleep(1.02)
        beating.stop()

    virtual.run(live())
    journal.close()
    return rows(folder / "pulse.arrows")


def test_a_punctual_process_beats_twenty_times_a_second_without_lag(
    tmp_path: Path, virtual: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = beat(tmp_path, virtual, monkeypatch, busy_at=0.5, busy_for=0.0)
    assert [row["at"] for row in found] == pytest.approx([START + n * PERIOD for n in range(1, 21)], abs=100)
    assert {row["loop_lag"] for row in found} == {0}
    assert {(row["process"], row["in_flight"]) for row in found} == {("mocks-test", 3)}
    assert all(row["cpu"] > 0 for row in found)


def test_a_stall_is_as_many_rows_as_beats_were_slept_through_and_makes_no_later_one_late(
    tmp_path: Path, virtual: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Busy from 0.51 s to 0.69 s: the beats of 0.55, 0.60 and 0.65 s come together, the next is punctual."""
    found = beat(tmp_path, virtual, monkeypatch, busy_at=0.51, busy_for=0.18)
    late = [(row["at"] - START, row["loop_lag"]) for row in found if row["loop_lag"]]
    assert [at for at, _ in late] == pytest.approx([690 * MS] * 3, abs=100)
    assert [lag for _, lag in late] == pytest.approx([lag * MS - TICK for lag in (140, 90, 40)], abs=100)
    assert len(found) == 20


def test_a_request_that_came_in_the_same_turn_is_counted_although_its_task_comes_later(
    tmp_path: Path, virtual: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "Lateness", StillThread)
    journal = Journal(tmp_path / "pulse.arrows", PULSE)
    under_way: list[str] = []

    async def serve() -> None:
        under_way.append("request")

    async def live() -> None:
        loop = asyncio.get_running_loop()
        tasks: list[asyncio.Task[None]] = []
        loop.call_at((START + PERIOD) / 1e9, lambda: tasks.append(loop.create_task(serve())))
        beating = Pulse("mocks-test", journal, lambda: len(under_way))
        beating.start()
        await asyncio.sleep(1.5 * PERIOD / 1e9)
        beating.stop()
        await asyncio.gather(*tasks)

    virtual.run(live())
    journal.close()
    assert [row["in_flight"] for row in rows(tmp_path / "pulse.arrows")] == [1]


def test_the_grid_is_of_the_clock_and_not_of_the_start() -> None:
    assert [following(at) for at in (0, 1, PERIOD - 1, PERIOD)] == [PERIOD, PERIOD, PERIOD, 2 * PERIOD]


def test_the_granularity_of_the_real_loop_is_no_lag(tmp_path: Path) -> None:
    """Timers of uvloop come up to a millisecond late; half of the beats of this machine must show none."""
    journal = Journal(tmp_path / "pulse.arrows", PULSE)

    async def live() -> None:
        beating = Pulse("mocks-test", journal, lambda: 0)
        beating.start()
        await asyncio.sleep(0.42)
        beating.stop()

    uvloop.run(live())
    journal.close()
    found = rows(tmp_path / "pulse.arrows")
    assert len(found) >= 7
    lags = sorted(row["loop_lag"] for row in found)
    assert lags[len(lags) // 2] < 2 * MS, f"median lag of an idle loop: {lags}"
    assert all(row["at"] >= before["at"] for before, row in pairwise(found))
    assert all(row["thread_lag"] >= 0 for row in found)


def test_a_thread_that_has_not_woken_is_late_already() -> None:
    """Stopped as a whole, the process must not look as if its event loop alone had been busy."""
    thread = Lateness()
    thread._due = 1_000
    assert thread.worst(1_000 + 80 * MS) == 80 * MS
    thread._due = 10_000 * MS
    thread._worst = 7 * MS
    assert [thread.worst(0), thread.worst(0)] == [7 * MS, 0]


def test_waiting_for_the_cpu_grows_only() -> None:
    queue = RunQueue()
    first = queue.waited()
    assert 0 <= first <= queue.waited()
    queue.close()
    assert queue.waited() == 0


def test_a_kernel_that_does_not_count_gives_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "_SCHEDSTAT", str(tmp_path / "none"))
    assert RunQueue().waited() == 0


def test_the_clock_of_the_loop_is_that_of_the_journal() -> None:
    """``call_at`` is asked for instants of ``time.monotonic_ns``."""

    async def both() -> float:
        return asyncio.get_running_loop().time() - clock.monotonic()

    assert abs(uvloop.run(both())) < 0.1
