"""The open model in simulated time."""

from hypothesis import given
from hypothesis import strategies as st

from rehearsal.swarm.walk import LATE_NS, walk
from scenarios.journeys.testing import arrival
from scenarios.journeys.visitor import Arrival
from tests.rehearsal.swarm.fakes import MS, SECOND, T0, Time

OFFSETS = st.lists(st.integers(-40 * SECOND, 110 * SECOND), max_size=40).map(sorted)


def play(offsets: list[int], time: Time, cost_ns: int = 0) -> list[tuple[int, int]]:
    """Number and instant of every start, where each start costs the generator ``cost_ns``."""
    started, dropped = walked(offsets, time, cost_ns)
    assert sorted([number for number, _ in started] + dropped) == list(range(len(offsets)))
    return started


def walked(offsets: list[int], time: Time, cost_ns: int = 0) -> tuple[list[tuple[int, int]], list[int]]:
    """The starts, and the numbers of those that were dropped."""
    started: list[tuple[int, int]] = []
    dropped: list[int] = []

    def start(arrival: Arrival) -> None:
        started.append((arrival.number, time.now_ns))
        time.now_ns += cost_ns

    arrivals = [arrival(number, planned=offset) for number, offset in enumerate(offsets)]

    def drop(arrival: Arrival) -> None:
        dropped.append(arrival.number)

    walk(arrivals, T0, start, drop, now=time.now, sleep=time.sleep)
    return started, dropped


@given(OFFSETS)
def test_every_arrival_starts_at_its_instant_and_never_before(offsets: list[int]) -> None:
    time = Time(T0 - 41 * SECOND)
    started = play(offsets, time)
    assert [number for number, _ in started] == list(range(len(offsets)))
    assert all(0 <= at - (T0 + offsets[number]) <= 1 for number, at in started)


def test_a_slow_start_delays_the_next_but_drops_nothing() -> None:
    started = play([0, 10 * MS, 20 * MS, 100 * MS], Time(), cost_ns=15 * MS)
    assert [(at - T0) / MS for _, at in started] == [0, 15, 30, 100]


def test_timers_that_fire_early_are_waited_for_again() -> None:
    class Early(Time):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds * 0.7 + 1e-6)

    ((_, at),) = play([50 * MS], Early())
    assert at >= T0 + 50 * MS


def test_arrivals_that_are_too_late_are_left_out() -> None:
    late = T0 + 10 * SECOND
    started, dropped = walked([0, 10 * SECOND - LATE_NS - 1, 10 * SECOND - LATE_NS, 11 * SECOND], Time(late))
    assert [number for number, _ in started] == [2, 3]
    assert dropped == [0, 1]
