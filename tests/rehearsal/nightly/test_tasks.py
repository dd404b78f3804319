"""What a night consists of, and when a run ended as expected."""

from __future__ import annotations

from fnmatch import filter as matching
from functools import cache
from pathlib import Path

import pytest

from rehearsal.nightly.calendar import Entry, entries
from rehearsal.nightly.reasons import REASONS, named
from rehearsal.nightly.tasks import ELSEWHERE, chosen, night, task_of
from rehearsal.plan import Plan, make_plan
from rehearsal.scenario import load
from rehearsal.scenario.reading import find, read
from rehearsal.selftest.rows import judged, without_verdict
from reports.checks import CHECKS
from tests.rehearsal.selftest.examples import report


@pytest.fixture(scope="module")
def calendar() -> list[Entry]:
    return entries()


def entry(calendar: list[Entry], name: str) -> Entry:
    return next(each for each in calendar if each.name == name)


def test_every_scenario_is_run_at_night_or_by_a_command_that_is_named(calendar: list[Entry]) -> None:
    tonight = {each.name for each in chosen(calendar, ())}
    assert tonight | set(ELSEWHERE) == {each.name for each in calendar}
    assert not tonight & set(ELSEWHERE)


def test_every_dated_moment_has_an_unprepared_country_with_its_reasons(calendar: list[Entry]) -> None:
    tonight = chosen(calendar, ())
    prepared = {each.name for each in tonight if not each.is_unprepared}
    assert {each.base for each in tonight if each.is_unprepared} == prepared - {"smoke"}
    assert set(REASONS) == {each.name for each in tonight if each.is_unprepared}


@cache
def planned(scenario: str) -> Plan:
    return make_plan(load(scenario), 1).plan


REASON = [(scenario, reason) for scenario, reasons in REASONS.items() for reason in reasons]


@pytest.mark.parametrize(("scenario", "reason"), REASON)
def test_a_reason_is_a_check_and_somebody_of_its_country(scenario: str, reason: str) -> None:
    check, _, subject = reason.partition("@")
    name, _, objective = check.partition(".")
    assert name in {each.name for each in CHECKS}
    plan = planned(scenario)
    assert not objective or objective in {each.name for each in plan.slos}
    there = {each.name for each in plan.systems} | {each.code for each in plan.provinces}
    there |= {step for each in plan.slos for step in each.steps}
    assert not subject or matching(there, subject)


def test_nobody_is_named_for_capacity_who_has_enough() -> None:
    """What a file makes smaller, and whom it must name for that, are the same."""
    for scenario, reasons in REASONS.items():
        own = dict(read(find(scenario)).layers[0][1])
        systems = own.get("systems", {})
        assert isinstance(systems, dict)
        narrow = {name for name, said in systems.items() if "servers" in said}
        wanted = {each.partition("@")[2] for each in reasons if each.startswith("capacity-suffices@")}
        assert {each.removesuffix("-*") for each in wanted} == narrow


def test_the_obligations_of_a_prepared_country_are_stated(calendar: list[Entry]) -> None:
    silent = [each.name for each in chosen(calendar, ()) if not each.scenario.scenario.requirements]
    assert silent == []


def test_the_whole_night_fits_into_an_hour(calendar: list[Entry]) -> None:
    around = 35.0  # start, drain and judgement of one run on two cores
    assert sum(each.seconds + around for each in chosen(calendar, ())) < 3600


def test_one_is_chosen_together_with_its_unprepared_country(calendar: list[Entry]) -> None:
    names = [each.name for each in chosen(calendar, ["s1-t0-minute"])]
    assert names == ["s1-t0-minute", "s1-t0-minute-unprepared"]


PORTAL, PROVINCE = "closed-portals@portal-01", "provinces-connected@case-24"


@pytest.mark.parametrize(
    ("scenario", "missed", "found"),
    [
        pytest.param(
            "s1-t0-minute-unprepared",
            {
                "closed-portals": ["portal-15", "portal-01"],
                "provinces-connected": ["case-24"],
                "slo.read": [],
            },
            (PORTAL, PROVINCE),
            id="beside others",
        ),
        pytest.param(
            "s1-t0-minute-unprepared", {"closed-portals": ["portal-01"]}, (PORTAL,), id="one of two"
        ),
        pytest.param("s1-t0-minute-unprepared", {"closed-portals": ["portal-15"]}, (), id="another portal"),
        pytest.param("s1-t0-minute-unprepared", {"closed-portals": []}, (), id="nobody"),
        pytest.param("s1-t0-minute-unprepared", {"slo.read": ["portal-01"]}, (), id="another check"),
        pytest.param(
            "s3-late-codes-unprepared", {"capacity-suffices": ["vneid"]}, (), id="another is too small"
        ),
        pytest.param(
            "first-sign-in-1-july-unprepared",
            {"capacity-suffices": ["sso-51"]},
            ("capacity-suffices@sso-*",),
            id="any of a kind",
        ),
        pytest.param(
            "whole-country-unprepared",
            {"capacity-suffices": ["document-axis"]},
            ("capacity-suffices@document-axis",),
            id="one of two that one check must name",
        ),
        pytest.param(
            "s10-morning-after-unprepared", {"synchronised": ["31"]}, ("synchronised",), id="whomever it hits"
        ),
        pytest.param(
            "s4-front-ok-core-not-unprepared",
            {"slo.identity": ["identity-page"], "slo.front": ["front-page"]},
            ("slo.identity@identity-page",),
            id="a finding of a check",
        ),
        pytest.param("s1-t0-minute", {"closed-portals": ["portal-01"]}, (), id="nothing is wanted"),
    ],
)
def test_a_reason_is_named_by_its_check_and_its_subject(
    scenario: str, missed: dict[str, list[str]], found: tuple[str, ...]
) -> None:
    assert named(scenario, missed) == found


@pytest.mark.parametrize(
    ("name", "missed", "outcome", "as_expected"),
    [
        ("s1-t0-minute", [], "met", True),
        ("s1-t0-minute", ["slo.read"], "missed", False),
        ("s1-t0-minute-unprepared", [PORTAL, PROVINCE], "missed", True),
        ("s1-t0-minute-unprepared", ["closed-portals@portal-15", PROVINCE], "missed", False),
        ("s1-t0-minute-unprepared", ["slo.read"], "missed", False),
        ("s1-t0-minute-unprepared", [], "met", False),
    ],
)
def test_as_expected_is_the_outcome_and_its_reasons(
    calendar: list[Entry], tmp_path: Path, name: str, missed: list[str], outcome: str, as_expected: bool
) -> None:
    of = entry(calendar, name)
    row = judged(task_of(of), report(tmp_path, missed=missed), seconds=60.0, attempts=1)
    made = night(of, row)
    assert (made.outcome, made.as_expected) == (outcome, as_expected)
    assert set(made.reasons_found) == set(missed) & set(made.reasons_wanted)
    assert {*made.reasons_found, *made.unnamed} == set(made.reasons_wanted)


def test_a_run_without_a_verdict_is_never_as_expected(calendar: list[Entry]) -> None:
    of = entry(calendar, "s1-t0-minute-unprepared")
    made = night(of, without_verdict(task_of(of), "a port was taken", seconds=1.0, attempts=2))
    assert not made.as_expected
    assert made.reasons_found == ()
    assert made.explanation == "a port was taken"
