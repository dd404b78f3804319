"""A stall is seen for as long as it lasted, and a native thread sees another thing than a greenlet."""

import time
from pathlib import Path

import gevent
import pytest

from rehearsal.swarm.pulse import EVERY_NS, Pulse
from reports.journal import PULSE
from reports.journal_reader import read_stream

MS = 1_000_000


@pytest.fixture
def pulse(tmp_path: Path) -> Pulse:
    return Pulse(tmp_path, "worker-3", lambda: 17)


def rows(tmp_path: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = read_stream(tmp_path / "pulse.worker-3.arrows", PULSE)[0].to_pylist()
    return found


@pytest.mark.parametrize(
    ("late_ms", "lags_ms", "next_due_ms"),
    [
        (0, [0], 0),
        (3, [3], 0),
        (49, [49], 0),
        (50, [50, 0], 50),
        (120, [120, 70, 20], 100),
    ],
)
def test_every_tick_that_was_slept_through_is_a_row(
    pulse: Pulse, tmp_path: Path, late_ms: int, lags_ms: list[int], next_due_ms: int
) -> None:
    due = 10**12
    assert pulse.note(due, due + late_ms * MS) == due + next_due_ms * MS
    pulse.close()
    assert [row["loop_lag"] for row in rows(tmp_path)] == [lag * MS for lag in lags_ms]
    assert {row["at"] for row in rows(tmp_path)} == {due + late_ms * MS}
    assert {(row["process"], row["in_flight"]) for row in rows(tmp_path)} == {("worker-3", 17)}


def test_instants_are_on_the_clock_of_the_conductor(pulse: Pulse, tmp_path: Path) -> None:
    pulse.on_clock(5)
    pulse.note(10**12, 10**12 + 3)
    pulse.close()
    assert [row["at"] for row in rows(tmp_path)] == [10**12 - 2]


def test_a_busy_greenlet_makes_the_loop_late(pulse: Pulse, tmp_path: Path) -> None:
    pulse.start()
    gevent.sleep(0)
    ends = time.monotonic() + 0.2
    while time.monotonic() < ends:
        sum(range(1000))
    gevent.sleep(0.001)
    pulse.close()
    pulse.close()
    worst = max(int(str(row["loop_lag"])) for row in rows(tmp_path))
    assert worst >= 0.2e9 - EVERY_NS - MS, "the loop stood still for 0.2 s"
    assert all(int(str(row["cpu"])) > 0 for row in rows(tmp_path))
