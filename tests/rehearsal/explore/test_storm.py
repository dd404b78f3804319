"""The formulas of the theory hold for the queue that they are about, call by call."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehearsal.explore.storm import SETTLED, Storm, boundary, stays_down

storms = st.builds(
    Storm,
    rate=st.floats(5, 28),
    capacity=st.just(30.0),
    limit=st.sampled_from([0.5, 1.0, 2.0]),
    pause=st.sampled_from([0.0, 0.05]),
)


def evenly(storm: Storm) -> list[float]:
    end = storm.fatal * 2 + SETTLED * (storm.limit + storm.pause)
    return list(np.arange(-storm.limit, end, 1 / storm.rate).tolist())


@settings(max_examples=30)
@given(storms)
def test_harmless_and_fatal_triggers_are_what_they_are_called(storm: Storm) -> None:
    one_call = 2 / storm.rate  # calls are whole
    assert not stays_down(storm, evenly(storm), storm.harmless - one_call)
    assert stays_down(storm, evenly(storm), storm.fatal + one_call)


@settings(max_examples=20)
@given(storms)
def test_the_boundary_lies_between_them_and_falls_with_the_load(storm: Storm) -> None:
    one_call = 2 / storm.rate
    found = boundary(storm)
    assert storm.harmless - one_call <= found <= storm.fatal + one_call
    more = Storm(storm.rate * 1.25, storm.capacity * 1.0, storm.limit, storm.pause)
    if more.utilisation < 0.95:
        assert boundary(more) < found + one_call


def test_known_values() -> None:
    half = Storm(rate=15, capacity=30, limit=1.0, pause=0.05)
    assert half.utilisation == 0.5
    assert half.harmless == 2.0
    assert half.fatal == pytest.approx(3.05)


def test_a_longer_limit_needs_a_proportionally_longer_trigger() -> None:
    short, long = Storm(15, 30, 1.0), Storm(15, 30, 3.0)
    assert boundary(long) == pytest.approx(3 * boundary(short), rel=0.03)


def test_the_very_calls_may_be_given() -> None:
    storm = Storm(rate=15, capacity=30, limit=1.0)
    crowd = sorted([*evenly(storm), *np.linspace(0.1, 1.0, 15).tolist()])
    assert boundary(storm, crowd) < boundary(storm)
