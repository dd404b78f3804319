"""The scenarios of the project do what their comments say; their numbers follow from published figures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from fixtures.reference.traffic import traffic_figure
from rehearsal import country
from rehearsal.arrivals import curve
from rehearsal.plan import make_plan
from rehearsal.plan.records import Plan
from rehearsal.scenario import list_scenarios, load
from rehearsal.scenario.model import Scenario
from scenarios import journeys

AT_VNEID = 4
"""Requests that one sign-in sends to VNeID: the page, the confirmation, the token, the identity."""

SIGNING_IN = {name for name in journeys.names("citizen") if "identity-page" in journeys.steps(name)}


@pytest.fixture(scope="module")
def night() -> Scenario:
    return load("closing-night")


def citizens_per_second(scenario: Scenario, at: float) -> float:
    curves = (curve(scenario, scenario.arrivals[0], code) for code in country.province_codes())
    return float(sum(each.intensity(np.array([at]))[0] for each in curves))


def share(weights: Mapping[str, float], names: set[str]) -> float:
    return sum(weight for name, weight in weights.items() if name in names) / sum(weights.values())


def capacity(plan: Plan, name: str) -> float:
    [found] = [system for system in plan.systems if system.name == name]
    return found.servers / found.service_mean


def test_the_evening_is_the_published_busiest_hour(night: Scenario) -> None:
    weights = night.arrivals[0].journeys
    submitting = share(weights, {"submit-dossier", "submit-and-pay"})
    assert submitting == pytest.approx(14 / 87)
    sessions = traffic_figure("peak_online_dossiers_per_second").value / submitting
    assert sessions == pytest.approx(34.8, abs=0.01)
    assert citizens_per_second(night, -20) == pytest.approx(sessions, rel=0.01)


def test_the_surge_is_fourfold_within_the_range_of_the_table_and_lasts_twenty_seconds(
    night: Scenario,
) -> None:
    surge = 4
    peak = traffic_figure("peak_online_dossiers_per_second").value
    assert (
        traffic_figure("surge_3x_per_second").value
        < surge * peak
        < traffic_figure("surge_5x_per_second").value
    )
    evening = citizens_per_second(night, -20)
    for at in (10.0, 20.0, 29.9):
        assert citizens_per_second(night, at) == pytest.approx(surge * evening, rel=0.005)
    assert citizens_per_second(night, 100) == pytest.approx(2 * evening)


def test_who_pays_online_is_near_the_published_share(night: Scenario) -> None:
    weights = night.arrivals[0].journeys
    paying = weights["submit-and-pay"] / (weights["submit-dossier"] + weights["submit-and-pay"])
    assert paying == pytest.approx(traffic_figure("paid_share_of_online").value, abs=0.03)


def test_prepared_vneid_carries_the_surge_with_room_and_unprepared_only_the_evening(night: Scenario) -> None:
    signing_in = share(night.arrivals[0].journeys, SIGNING_IN)
    assert signing_in == pytest.approx(31 / 87)
    evening = AT_VNEID * signing_in * citizens_per_second(night, -20)
    surge = AT_VNEID * signing_in * citizens_per_second(night, 20)
    assert capacity(make_plan(night, 1).plan, "vneid") > 3 * surge
    assert (
        1.5 * evening < capacity(make_plan(load("closing-night-unprepared"), 1).plan, "vneid") < 0.6 * surge
    )


def test_the_unprepared_country_differs_in_three_defects_and_nothing_else(night: Scenario) -> None:
    unprepared = load("closing-night-unprepared")
    same = {
        name: getattr(night, name) for name in type(night).model_fields if name not in ("scenario", "systems")
    }
    assert {name: getattr(unprepared, name) for name in same} == same
    weak = {system.name: system.defects for system in make_plan(unprepared, 1).plan.systems if system.defects}
    assert weak == {"lgsp-24": ("not-connected",), "payment": ("no-idempotency",)}
    prepared = {system.name: system for system in make_plan(night, 1).plan.systems}
    changed = {each.name for each in make_plan(unprepared, 1).plan.systems if each != prepared[each.name]}
    assert changed == {"vneid", "lgsp-24", "payment"}
    assert (night.scenario.expect, unprepared.scenario.expect) == ("met", "missed")


def test_smoke_is_short_and_sends_everybody_on_every_journey() -> None:
    smoke = load("smoke")
    assert smoke.clock.end - smoke.clock.start + smoke.clock.drain_limit < 30
    planned = make_plan(smoke, 2)
    core = {name for name, journey in journeys.JOURNEYS.items() if not journey.whole}
    assert set(planned.plan.arrivals.by_journey) == core - {"reload-page"}, "which waits for an opening"
    assert 100 < planned.plan.arrivals.count < 400
    assert len(planned.plan.faults) == 1


@pytest.mark.parametrize("name", [summary.name for summary in list_scenarios()])
def test_every_objective_can_be_judged(name: str) -> None:
    """Each objective's journeys are made, in the judged window, at least as often as it needs samples."""
    scenario = load(name)
    table = make_plan(scenario, 1).arrivals
    judged = table.column("planned").to_numpy() >= (scenario.clock.start + scenario.clock.warm_up) * 1e9
    made = np.array(table.column("journey").to_pylist())[judged]
    for slo in scenario.slo:
        wanted = slo.journeys or [
            name for name in journeys.JOURNEYS if not slo.steps or set(slo.steps) & set(journeys.steps(name))
        ]
        assert np.isin(made, wanted).sum() >= 1.5 * scenario.validity.minimum_samples, slo.name


def test_in_the_whole_country_officials_of_every_province_sign_in_and_send_documents() -> None:
    planned = make_plan(load("whole-country"), workers=1)
    table = planned.arrivals.select(["journey", "province"]).to_pylist()
    came: dict[str, set[str]] = {}
    for row in table:
        came.setdefault(row["journey"], set()).add(row["province"])
    every = set(country.province_codes())
    assert came["official-first-sign-in"] == every
    assert came["exchange-document"] | came["document-to-closed-agency"] == every


def test_in_the_whole_country_everything_but_the_old_portals_has_to_be_used() -> None:
    plan = make_plan(load("whole-country"), workers=1).plan
    spared = {each.name for each in plan.systems} - set(plan.must_be_used)
    assert spared == {each.name for each in plan.systems if each.kind == "provincial-portal"}


def test_a_scenario_that_demands_no_use_and_a_smaller_crowd_name_no_system() -> None:
    assert make_plan(load("smoke"), workers=1).plan.must_be_used == ()
    assert make_plan(load("whole-country"), workers=1, scale=0.5).plan.must_be_used == ()
