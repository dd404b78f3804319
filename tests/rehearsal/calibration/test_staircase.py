"""The search finds the limit of a generator whose limit is known, and says what broke."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.calibration.staircase import CLOSE, HIGHEST, LOWEST, Stair, Staircase

HONEST = Stair(1000, planned=3000, offered=3000, lag_p99=0.001, true_p99=0.023, measured_p99=0.0232)
LATE = msgspec.structs.replace(HONEST, lag_p99=0.5)


def climbed(limit: float, start: float = 2000.0) -> Staircase:
    """The search against a generator that is honest up to ``limit``."""
    staircase = Staircase(start)
    for _ in range(100):
        if staircase.rate is None:
            return staircase
        kind = HONEST if staircase.rate <= limit else LATE
        staircase.note(msgspec.structs.replace(kind, rate=staircase.rate))
    raise AssertionError("the search does not end")


@given(st.floats(LOWEST, HIGHEST / 2))
def test_the_limit_is_found_from_below(limit: float) -> None:
    staircase = climbed(limit)
    assert staircase.held is not None
    assert staircase.broke is not None
    assert staircase.held.rate <= limit < staircase.broke.rate <= staircase.held.rate * CLOSE * (1 + 1e-9)
    assert len(staircase.tried) <= 12


def test_a_generator_without_a_limit_ends_the_search_at_its_top() -> None:
    staircase = climbed(1e9)
    assert staircase.held is not None
    assert (staircase.held.rate, staircase.broke) == (64_000, None)


def test_a_generator_that_is_never_honest_ends_the_search_without_a_rate() -> None:
    staircase = climbed(0)
    assert staircase.held is None
    assert staircase.broke is not None


def test_a_stair_that_broke_without_a_processor_is_climbed_once_more() -> None:
    staircase = Staircase(1000)
    starved = msgspec.structs.replace(LATE, starved=0.3)
    staircase.note(starved)
    assert (staircase.rate, staircase.broke) == (1000, None)
    staircase.note(HONEST)
    assert (staircase.rate, staircase.held) == (2000, HONEST)
    staircase.note(starved)
    staircase.note(starved)
    assert staircase.broke == starved, "twice is no accident"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({}, "", id="honest"),
        pytest.param({"offered": 2990}, "", id="0.33 % missing"),
        pytest.param({"offered": 2980}, "0.7% of the planned requests were not offered", id="0.67 % missing"),
        pytest.param({"lag_p99": 0.021}, "requests were sent late: p99 21 ms (limit 20 ms)", id="late"),
        pytest.param({"measured_p99": 0.0249}, "", id="2 ms off where 5 % is less"),
        pytest.param(
            {"measured_p99": 0.026}, "the measured p99 was off by 3 ms: 26 ms, in truth 23 ms", id="off"
        ),
        pytest.param({"true_p99": 0.100, "measured_p99": 0.104}, "", id="5 % off where 2 ms is less"),
        pytest.param(
            {"measured_p99": 0.019}, "the measured p99 was off by -4 ms", id="too short is wrong, too"
        ),
    ],
)
def test_what_is_not_honest_is_said(changes: dict[str, float], said: str) -> None:
    breaches = msgspec.structs.replace(HONEST, **changes).breaches()
    assert len(breaches) == (1 if said else 0), breaches
    assert "".join(breaches).startswith(said)


def test_a_stub_that_answers_late_is_the_limit_itself() -> None:
    assert not LATE.stub_was_the_limit
    assert msgspec.structs.replace(LATE, tardiness_p99=0.01).stub_was_the_limit
