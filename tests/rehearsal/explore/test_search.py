"""Any falling boundary is found, to the precision, with no more probes than the formula says."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.explore.search import (
    boundary,
    contradictions,
    healing,
    lowest_load,
    most_probes,
    outcome,
    rounded,
)
from reports.explore.model import Bracket, Limits, Point, State
from tests.rehearsal.explore.countries import LIMITS, Country, explored

ROUNDING = 1.006
"""Probes are at three significant digits."""

limits = st.builds(
    Limits,
    least_load=st.sampled_from([0.05, 0.125, 0.3]),
    most_load=st.sampled_from([0.6, 1.0, 2.0]),
    shortest=st.sampled_from([0.1, 0.3]),
    longest=st.sampled_from([2.0, 10.0, 60.0]),
    precision=st.sampled_from([0.05, 0.1, 0.3]),
    columns=st.integers(1, 5),
    recover_within=st.just(8.0),
)
countries = st.builds(Country, at_full_load=st.floats(0.02, 200), slope=st.floats(0.2, 3))


@given(limits, countries)
def test_every_column_brackets_the_true_boundary_to_the_precision(limits: Limits, country: Country) -> None:
    seen = explored(country, limits)
    if outcome(seen) == "found":
        assert boundary(limits, seen)
    for column in boundary(limits, seen):
        true, found = country.boundary(column.load), column.triggers
        if found.recovers is None:
            assert true <= limits.shortest * ROUNDING
            continue
        assert found.settled
        assert found.recovers <= true
        assert found.stays_down is not None
        assert true <= found.stays_down
        assert found.stays_down <= found.recovers * (1 + limits.precision) * ROUNDING
        assert found.estimate == pytest.approx(true, rel=limits.precision)


@given(limits, countries)
def test_the_lowest_load_that_stays_down_is_bracketed(limits: Limits, country: Country) -> None:
    seen = explored(country, limits)
    found = lowest_load(limits, seen)
    true = (limits.longest / country.at_full_load) ** (-1 / country.slope)
    if outcome(seen) == "none-found":
        assert country.boundary(limits.most_load) >= limits.longest
    elif country.boundary(limits.least_load) < limits.longest:
        assert found.recovers is None or found.recovers == limits.least_load
    else:
        assert found.recovers is not None
        assert found.stays_down is not None
        assert found.recovers / ROUNDING <= true <= found.stays_down * ROUNDING


@given(limits, countries, st.booleans(), st.floats(0.01, 3))
def test_no_more_probes_than_the_formula(limits: Limits, country: Country, heal: bool, heals: float) -> None:
    country.heals = heals
    assert len(explored(country, limits, heal=heal)) <= most_probes(limits, heal=heal)


@given(
    st.floats(0.5, 5),
    st.floats(0.5, 2),
    st.floats(0.01, 0.15),
    st.lists(st.booleans(), min_size=40, max_size=40),
)
def test_chance_near_the_boundary_moves_it_by_no_more_than_its_band(
    at_full_load: float, slope: float, noise: float, chance: list[bool]
) -> None:
    country = Country(at_full_load, slope, noise=noise, chance=iter(chance))
    seen = explored(country)
    for column in boundary(LIMITS, seen):
        if column.triggers.settled:
            worst = (1 + noise) * math.sqrt(1 + LIMITS.precision) * ROUNDING
            ratio = (column.triggers.estimate or 0.0) / country.boundary(column.load)
            assert 1 / worst <= ratio <= worst


def test_a_country_that_recovers_from_everything_is_told_so_after_a_few_probes() -> None:
    country = Country(at_full_load=1000)
    seen = explored(country)
    assert outcome(seen) == "none-found"
    assert country.asked == [Point(1.0, 10.0), Point(1.0, 1.73), Point(1.0, 0.3)]
    assert boundary(LIMITS, seen) == []


def test_a_load_that_is_too_much_by_itself_is_no_metastability() -> None:
    country = Country(at_full_load=1000, carries=0.7)
    seen = explored(country)
    assert country.asked[:3] == [Point(1.0, 10.0), Point(0.8, 10.0), Point(0.64, 10.0)]
    assert outcome(seen) == "none-found"


def test_where_nothing_can_be_known_nothing_is_said() -> None:
    country = Country(at_full_load=1, dark=lambda _: True)
    seen = explored(country)
    assert outcome(seen) == "not-known"
    assert len(seen) == 10  # ever lower loads, down to the lowest


def test_a_point_that_cannot_be_known_is_gone_round() -> None:
    country = Country(at_full_load=1.0, dark=lambda point: point == Point(1.0, 1.73))
    [*_, at_top] = boundary(LIMITS, explored(country))
    assert at_top.load == 1.0
    assert at_top.triggers.settled
    assert at_top.triggers.estimate == pytest.approx(1.0, rel=0.1)


def test_a_stretch_that_cannot_be_known_leaves_a_wide_bracket_that_is_not_settled() -> None:
    country = Country(at_full_load=1.0, dark=lambda point: 0.5 < point.trigger < 5)
    [*_, at_top] = boundary(LIMITS, explored(country))
    assert not at_top.triggers.settled
    assert at_top.triggers.recovers is not None
    assert at_top.triggers.recovers <= 0.5
    assert at_top.triggers.stays_down is not None
    assert at_top.triggers.stays_down >= 5


@pytest.mark.parametrize("heals", [0.2, 0.5, 0.9])
def test_the_load_that_heals_is_bracketed(heals: float) -> None:
    found = healing(LIMITS, explored(Country(1.0, heals=heals), heal=True))
    assert found is not None
    assert found.load == 1.0
    assert found.trigger == pytest.approx(2.0, rel=0.1)
    assert found.loads.settled
    assert found.loads.estimate == pytest.approx(heals, rel=0.1)


def test_what_no_load_heals_takes_one_probe_to_know() -> None:
    country = Country(1.0)
    found = healing(LIMITS, explored(country, heal=True))
    assert found is not None
    assert found.loads == Bracket(None, 0.125)
    assert found.lowest == 0.125
    assert len([point for point in country.asked if point.lowered is not None]) == 1


def test_where_the_longest_trigger_is_survived_a_shorter_one_may_not_be() -> None:
    def dip(point: Point) -> bool:
        return point.trigger == 10.0

    class Odd(Country):
        def __call__(self, point: Point) -> State:
            return "recovered" if dip(point) else super().__call__(point)

    seen = explored(Odd(1.0))
    assert outcome(seen) == "found"
    assert contradictions(seen) > 0


def test_contradictions_are_pairs_of_a_milder_one_down_and_a_harder_one_up() -> None:
    seen: dict[Point, State] = {
        Point(0.5, 1.0): "stayed-down",
        Point(0.5, 2.0): "recovered",
        Point(1.0, 1.0): "recovered",
        Point(0.4, 9.0): "recovered",
        Point(1.0, 3.0, 0.1): "recovered",
    }
    assert contradictions(seen) == 2


def test_chance_that_contradicts_itself_leaves_a_bracket_unsettled() -> None:
    seen: dict[Point, State] = {
        Point(1.0, 10.0): "stayed-down",
        Point(1.0, 1.0): "stayed-down",
        Point(1.0, 1.05): "recovered",
    }
    [column] = boundary(LIMITS, seen)
    assert column.triggers == Bracket(1.05, 1.0, settled=False)


def test_what_is_probed_can_be_typed_again() -> None:
    assert rounded(0.123456) == 0.123
    assert all(rounded(point.trigger) == point.trigger for point in explored(Country(1.0)))


def test_a_wider_precision_takes_fewer_probes() -> None:
    rough = msgspec.structs.replace(LIMITS, precision=0.4)
    assert len(explored(Country(1.0), rough)) < len(explored(Country(1.0)))
    assert most_probes(rough) < most_probes(LIMITS)
