"""What a person sees: on a terminal one line that changes, in a log a line now and then."""

from __future__ import annotations

import io

import pytest

from rehearsal.plan import Plan
from rehearsal.progress import PLAIN_EVERY, Progress, agreement
from rehearsal.run_record import ProcessClock
from tests.rehearsal.fakes import Time

EVENT = {
    "t": -3.0, "requests": 100, "started": 40, "planned": 154, "in_flight": 7, "failed": 2, "unknown": 1,
    "lag_p99_ms": 4.4,
}  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def test_on_a_terminal_a_state_replaces_the_one_before_and_steps_stay(plan: Plan) -> None:
    show = Progress(plan, stream := Terminal())
    show.say("one")
    show.follow("a")
    show.follow("b")
    show.say("two")
    assert stream.getvalue() == "  one\n" + "\r\033[K  a" + "\r\033[K  b" + "\r\033[K" + "  two\n"


def test_a_line_that_would_wrap_is_cut_since_it_could_not_be_overwritten(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    Progress(plan, stream := Terminal()).follow("x" * 100)
    assert stream.getvalue() == "\r\033[K  " + "x" * 17


def test_in_a_log_states_are_lines_but_not_too_many(plan: Plan) -> None:
    time = Time()
    show = Progress(plan, stream := io.StringIO(), now=time.now)
    for second in range(12):
        time.seconds = 1000.0 + second
        show.follow(str(second))
    assert PLAIN_EVERY == 5
    assert stream.getvalue() == "  0\n  5\n  10\n"


def test_quiet_means_quiet(plan: Plan) -> None:
    show = Progress(plan, stream := Terminal(), quiet=True)
    show.say("one")
    show.follow("two")
    show.load(EVENT, set())
    assert stream.getvalue() == ""


def test_the_line_of_the_load(plan: Plan) -> None:
    time = Time()
    show = Progress(plan, stream := io.StringIO(), now=time.now)
    show.load(EVENT, set())
    time.seconds += PLAIN_EVERY
    show.load({**EVENT, "t": 2.0, "requests": 600}, {"north-cut", "vneid-slow"})
    assert stream.getvalue().splitlines() == [
        "  T0  -3 s of +50 | visitors 40/154, 7 under way |    0 requests/s | failed 2, unknown 1 | "
        "lag p99 4 ms",
        "  T0  +2 s of +50 | visitors 40/154, 7 under way |  100 requests/s | failed 2, unknown 1 | "
        "lag p99 4 ms | FAULT north-cut, vneid-slow",
    ]


@pytest.mark.parametrize(
    ("clocks", "said"),
    [
        pytest.param([], "no clock was measured", id="none"),
        pytest.param(
            [ProcessClock("worker-0", "a", 40_000, 90_000), ProcessClock("mocks", "a", -100_000, 250_400)],
            "the clocks of 2 processes agree within 250 us",
            id="one clock",
        ),
        pytest.param(
            [
                ProcessClock("worker-0", "a", 0, 9_000),
                ProcessClock("worker-1", "b", 5_000_000, 80_000),
                ProcessClock("worker-2", "c", -36_000_000_123_000, 70_000),
            ],
            "the clocks of 3 processes agree within 80 us once corrected, the farthest by -36000.000123 s "
            "(worker-2 on c)",
            id="hosts apart",
        ),
    ],
)
def test_how_far_the_clocks_agree(clocks: list[ProcessClock], said: str) -> None:
    assert agreement(clocks) == said
