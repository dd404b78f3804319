"""The timer is readable from its instant on, and never before."""

from __future__ import annotations

import select
import time

import pytest

from rehearsal.calibration.timerfd import Timer


@pytest.mark.parametrize(
    "ahead", [-1_000_000, 0, 300_000, 2_500_000], ids=lambda ns: f"{ns / 1e6:g} ms ahead"
)
def test_it_is_readable_from_its_instant_on(ahead: int) -> None:
    timer = Timer()
    poll = select.poll()
    poll.register(timer.fileno(), select.POLLIN)
    assert poll.poll(0) == [], "before it is set"
    due = time.monotonic_ns() + ahead
    timer.set(due)
    assert poll.poll(1000)
    assert time.monotonic_ns() >= due
    timer.set(time.monotonic_ns() + 10**12)
    assert poll.poll(0) == [], "set anew, it is readable no longer"
    timer.close()
    timer.close()
