"""Recovered, stayed down, overloaded or not known: from the visits of each second."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.explore.judging import Visits, Watch, judge

FIRST = -6
WATCH = Watch(begin=-4.0, trigger=0.02, gone=4.03, within=8.0)
"""Up for six seconds, down for four, then eight seconds to recover and five to stay up."""


def visits(shares: list[float], a_second: int = 20) -> Visits:
    return Visits(FIRST, [a_second] * len(shares), [round(a_second * share) for share in shares])


UP, DOWN = [1.0], [0.0]
BEFORE = UP * 6

CASES = {
    "up again at once": (BEFORE + DOWN * 4 + UP * 13, "recovered"),
    "never down": (BEFORE + UP * 17, "recovered"),
    "up again within the time": (BEFORE + DOWN * 11 + UP * 6, "recovered"),
    "up again with a second's stumble long before": (BEFORE + DOWN * 5 + UP * 2 + DOWN + UP * 9, "recovered"),
    "down to the end": (BEFORE + DOWN * 17, "stayed-down"),
    "up for a moment, then down": (BEFORE + DOWN * 4 + UP * 6 + DOWN * 7, "stayed-down"),
    "a trickle is served": (BEFORE + DOWN * 4 + [0.2] * 13, "stayed-down"),
    "up again too late": (BEFORE + DOWN * 13 + UP * 4, "not-known"),
    "half up": (BEFORE + DOWN * 4 + [0.7] * 13, "not-known"),
    "down before": ([0.3] * 23, "overloaded"),
    "slightly down before": ([0.85] * 23, "overloaded"),
}


@pytest.mark.parametrize(("shares", "state"), CASES.values(), ids=CASES.keys())
def test_cases(shares: list[float], state: str) -> None:
    assert judge(visits(shares), WATCH).state == state


def test_how_long_recovery_took_counts_from_the_end_of_the_cause() -> None:
    found = judge(visits(BEFORE + DOWN * 7 + UP * 10), WATCH)
    assert found.after == pytest.approx(7 - 4.03)
    assert "2.97 s" in found.reason.en
    assert "2.97 s" in found.reason.vi


def test_without_visitors_nothing_is_known() -> None:
    nobody = Visits(FIRST, [0] * 23, [0] * 23)
    assert judge(nobody, WATCH).state == "not-known"
    some = Visits(FIRST, [20] * 6 + [0] * 17, [20] * 6 + [0] * 17)
    assert "too few visits in the end" in judge(some, WATCH).reason.en


def test_seconds_without_visitors_are_not_held_against_a_country() -> None:
    begun = [20] * 6 + [20] * 4 + [2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2]
    finished = [20] * 6 + [0] * 4 + begun[10:]
    assert judge(Visits(FIRST, begun, finished), WATCH).state == "recovered"


LOWERED = Watch(begin=-4.0, trigger=0.0, gone=4.0, within=4.0, lowered=8.0)


def test_healing_is_counted_from_when_the_load_was_lowered() -> None:
    found = judge(visits(BEFORE + DOWN * 10 + UP * 7), LOWERED)
    assert (found.state, found.after) == ("recovered", 2.0)
    assert found.reason.en == "Service was back 2.00 s after the load was lowered."
    assert judge(visits(BEFORE + DOWN * 17), LOWERED).state == "stayed-down"


def test_what_did_not_collapse_cannot_heal() -> None:
    assert judge(visits(BEFORE + DOWN * 4 + UP * 13), LOWERED).state == "not-known"


@given(st.lists(st.sampled_from([0.0, 0.3, 0.7, 1.0]), min_size=23, max_size=23))
def test_a_state_means_what_it_says(shares: list[float]) -> None:
    found = judge(visits(shares), WATCH)
    if found.state == "recovered":
        assert shares[-5:] == UP * 5
        assert found.after is not None
        assert 0 <= found.after <= WATCH.within
    elif found.state == "stayed-down":
        assert sum(shares[-5:]) / 5 < 0.5
    assert found.reason.vi
    assert found.reason.en
