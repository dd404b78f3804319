"""Shapes of load say their rate, their highest rate and their expected arrivals, and the three agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from fixtures.reference.traffic import hourly_profile
from rehearsal.scenario.shapes import AnyPhase, Phase

PHASE: TypeAdapter[Phase] = TypeAdapter(AnyPhase)
RATES = st.floats(0, 1000, allow_nan=False)
LENGTHS = st.integers(1, 600).map("{}s".format)


def phase(shape: str, **values: object) -> Phase:
    return PHASE.validate_python({"shape": shape, "for": "60s", **values})


EXAMPLES = {
    "constant": phase("constant", rate=10.0),
    "ramp up": phase("ramp", **{"from": 0.0, "to": 20.0}),
    "ramp down": phase("ramp", **{"from": 20.0, "to": 5.0}),
    "step": phase("step", **{"from": 10.0, "to": 40.0, "steps": 4}),
    "spike": phase("spike", base=5.0, peak=50.0),
    "dip": phase("spike", base=50.0, peak=5.0),
    "hourly": phase("hourly", daily=144_000.0, from_hour=22, to_hour=2),
    "whole day": phase("hourly", daily=86_400.0, from_hour=0, to_hour=24),
}
ANY = st.one_of(
    st.builds(lambda rate, length: phase("constant", rate=rate, **{"for": length}), RATES, LENGTHS),
    st.builds(
        lambda a, b, length: phase("ramp", **{"from": a, "to": b, "for": length}), RATES, RATES, LENGTHS
    ),
    st.builds(
        lambda a, b, n, length: phase("step", **{"from": a, "to": b, "steps": n, "for": length}),
        RATES,
        RATES,
        st.integers(2, 50),
        LENGTHS,
    ),
    st.builds(lambda a, b, length: phase("spike", base=a, peak=b, **{"for": length}), RATES, RATES, LENGTHS),
    st.builds(
        lambda daily, first, last, length: phase(
            "hourly", daily=daily, from_hour=first, to_hour=last, **{"for": length}
        ),
        st.floats(1, 1e7),
        st.integers(0, 23),
        st.integers(0, 24),
        LENGTHS,
    ),
)


@pytest.mark.parametrize(
    ("name", "at", "rate"),
    [
        pytest.param("constant", 30, 10, id="constant"),
        pytest.param("ramp up", 0, 0, id="a ramp begins at from"),
        pytest.param("ramp up", 30, 10, id="a ramp is half-way at half time"),
        pytest.param("ramp down", 60, 5, id="a ramp ends at to"),
        pytest.param("step", 14.9, 10, id="the first stair is from"),
        pytest.param("step", 15, 20, id="stairs are of equal length and height"),
        pytest.param("step", 60, 40, id="the last stair is to"),
        pytest.param("spike", 0, 5, id="a spike begins at its base"),
        pytest.param("spike", 30, 50, id="a spike is highest at half time"),
        pytest.param("spike", 60, 5, id="a spike ends at its base"),
        pytest.param("dip", 30, 5, id="a spike may point downwards"),
        pytest.param("hourly", 0, 144_000 * 0.006 / 3600, id="22 o'clock, 0.6 % of the day"),
        pytest.param("hourly", 59, 144_000 * 0.005 / 3600, id="past midnight to the hour before 2"),
    ],
)
def test_the_rate_at_a_time(name: str, at: float, rate: float) -> None:
    assert EXAMPLES[name].intensity(np.array([at], float))[0] == pytest.approx(rate)


@pytest.mark.parametrize(
    ("name", "bound", "arrivals"),
    [
        pytest.param("constant", 10, 600, id="constant"),
        pytest.param("ramp up", 20, 600, id="ramp"),
        pytest.param("step", 40, (10 + 20 + 30 + 40) * 15, id="step"),
        pytest.param("spike", 50, (5 + 50) / 2 * 60, id="spike"),
        pytest.param("dip", 50, (5 + 50) / 2 * 60, id="dip"),
        pytest.param("whole day", max(hourly_profile()) * 24, 60, id="a whole day has its mean rate"),
    ],
)
def test_the_highest_rate_and_the_arrivals_to_expect(name: str, bound: float, arrivals: float) -> None:
    assert EXAMPLES[name].bound() == pytest.approx(bound)
    assert EXAMPLES[name].expected_in_all() == pytest.approx(arrivals)


@given(ANY)
def test_no_rate_is_above_the_bound_and_the_bound_is_reached(shape: Phase) -> None:
    at = np.linspace(0, shape.for_, 2001)  # holds both ends, the middle, and a point of every stair
    rates = shape.intensity(at)
    assert rates.min() >= 0
    assert rates.max() <= shape.bound() * (1 + 1e-12)
    assert rates.max() == pytest.approx(shape.bound(), rel=1e-9)


@given(ANY)
def test_the_expected_arrivals_are_the_integral_of_the_rate(shape: Phase) -> None:
    edges = np.linspace(0, shape.for_, 20_001)
    middles = (edges[1:] + edges[:-1]) / 2
    summed = np.cumsum(shape.intensity(middles)) * (edges[1] - edges[0])
    slack = 2 * shape.bound() * (edges[1] - edges[0]) * 50 + 1e-9  # at most one grid cell for each stair
    np.testing.assert_allclose(shape.expected(edges[1:]), summed, atol=slack)
    assert shape.expected(edges[:1])[0] == 0
