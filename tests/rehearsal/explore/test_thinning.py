"""Every probe gets a part of the same visitors, and a plan that says so."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.reference.traffic import hourly_profile
from rehearsal import arrivals, country
from rehearsal.explore.judging import STILL
from rehearsal.explore.thinning import HOLD, Schedule, schedule
from rehearsal.plan import Planned
from rehearsal.scenario.model import Scenario
from reports.explore.model import Limits, Point
from tests.rehearsal.examples import scenario

LIMITS = Limits(0.1, 1.0, 0.5, 10.0, 0.1, 3, 6.0)


@pytest.fixture(scope="module")
def evening() -> Scenario:
    return scenario()


@pytest.fixture(scope="module")
def whole(evening: Scenario) -> Schedule:
    return schedule(evening, evening.faults[0], LIMITS, 2)


def instants(planned: Planned) -> list[int]:
    found: list[int] = planned.arrivals.column("planned").to_pylist()
    return found


def test_the_rate_of_share_one_is_the_highest_of_the_scenario(whole: Schedule) -> None:
    citizens = 20 * (1 + 0.5 * country.shares("population")["79"])  # one province comes half as often again
    officials = 80_000 * max(hourly_profile()[hour] for hour in (22, 23, 0, 1)) / 3600
    assert whole.sessions_per_second == pytest.approx(citizens + officials)


def test_whoever_comes_at_a_load_comes_at_every_higher_one(whole: Schedule) -> None:
    low, high = (set(instants(whole.probe(Point(load, 2.0), 6.0))) for load in (0.3, 0.7))
    assert low < high
    assert len(low) / len(high) == pytest.approx(3 / 7, rel=0.25)


def test_a_longer_trigger_changes_nobody_who_comes_before_its_end(whole: Schedule) -> None:
    short, long = (instants(whole.probe(Point(0.5, trigger), 6.0)) for trigger in (1.0, 9.0))
    assert long[: len(short)] == short
    assert len(long) > len(short)


def test_the_plan_fits_its_arrivals(whole: Schedule) -> None:
    planned = whole.probe(Point(0.5, 2.5), 6.0)
    plan, table = planned
    fault = plan.faults[0]
    assert fault.end - fault.start == pytest.approx(2.5)
    assert plan.clock.end == pytest.approx(fault.end + 6.0 + STILL)
    assert plan.arrivals.count == table.num_rows == sum(plan.arrivals.by_journey.values())
    assert plan.arrivals.sha256 == arrivals.digest(table)
    assert table.column("arrival").to_pylist() == list(range(table.num_rows))
    assert max(instants(planned)) < plan.clock.end * 1e9
    assert plan.scenario.scale == 0.5
    length = plan.clock.end - plan.clock.start
    expected = plan.arrivals.expected_per_second
    assert len(expected) == int(np.ceil(length))
    assert sum(expected) == pytest.approx(0.5 * whole.sessions_per_second * length, rel=1e-4)


def test_only_the_trigger_is_played_and_nothing_stops_the_run(evening: Scenario, whole: Schedule) -> None:
    plan = whole.probe(Point(1.0, 1.0), 6.0).plan
    assert [fault.name for fault in plan.faults] == [evening.faults[0].name]
    assert plan.stop.error_budget is None
    assert not plan.stop.ledger_breach


def test_a_lowered_load_is_lowered_after_the_collapse(whole: Schedule) -> None:
    planned, high = (whole.probe(Point(1.0, 2.0, lowered), 6.0) for lowered in (0.2, None))
    at = planned.plan.faults[0].end + HOLD
    assert planned.plan.clock.end == pytest.approx(at + 6.0 + STILL)
    before = [each for each in instants(planned) if each < at * 1e9]
    assert before == [each for each in instants(high) if each < at * 1e9]
    after = len(instants(planned)) - len(before)
    expected = 0.2 * whole.sessions_per_second * (6.0 + STILL)
    assert after == pytest.approx(expected, abs=4 * np.sqrt(expected))
    assert sum(planned.plan.arrivals.expected_per_second[int(at - planned.plan.clock.start) :]) == (
        pytest.approx(expected, rel=0.2)
    )


def test_the_same_scenario_gives_the_same_probe(evening: Scenario, whole: Schedule) -> None:
    again = schedule(evening, evening.faults[0], LIMITS, 2)
    point = Point(0.4, 3.0)
    assert again.probe(point, 6.0).plan == whole.probe(point, 6.0).plan


def test_a_load_above_the_scenarios_rate_is_drawn_too(evening: Scenario) -> None:
    limits = Limits(0.1, 2.0, 0.5, 10.0, 0.1, 3, 6.0)
    double = schedule(evening, evening.faults[0], limits, 2)
    planned = double.probe(Point(2.0, 1.0), 6.0)
    length = planned.plan.clock.end - planned.plan.clock.start
    expected = 2 * double.sessions_per_second * length
    assert len(instants(planned)) == pytest.approx(expected, abs=4 * np.sqrt(expected))


def test_a_province_with_a_curve_of_its_own_stands_at_its_own_highest_rate() -> None:
    curve = 'phases = [{ shape = "ramp", for = "60s", from = 0, to = 4 }]'
    own = scenario(('"79" = { factor = 1.5 }', f'"79" = {{ {curve} }}'))
    without = scenario(('"79" = { factor = 1.5 }', '"79" = { factor = 0 }'))
    rates = [schedule(each, each.faults[0], LIMITS, 1).sessions_per_second for each in (own, without)]
    assert rates[0] - rates[1] == pytest.approx(4)
