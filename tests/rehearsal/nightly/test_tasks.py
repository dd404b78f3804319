"""What a night consists of, and when a run ended as expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.nightly.calendar import Entry, entries
from rehearsal.nightly.reasons import REASONS, unnamed
from rehearsal.nightly.tasks import ELSEWHERE, chosen, night, task_of
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


def test_reasons_are_findings_of_checks_that_there_are() -> None:
    names = {check.name for check in CHECKS}
    assert {reason.partition(".")[0] for reasons in REASONS.values() for reason in reasons} <= names


def test_the_obligations_of_a_prepared_country_are_stated(calendar: list[Entry]) -> None:
    silent = [each.name for each in chosen(calendar, ()) if not each.scenario.scenario.requirements]
    assert silent == []


def test_the_whole_night_fits_into_an_hour(calendar: list[Entry]) -> None:
    around = 35.0  # start, drain and judgement of one run on two cores
    assert sum(each.seconds + around for each in chosen(calendar, ())) < 3600


def test_one_is_chosen_together_with_its_unprepared_country(calendar: list[Entry]) -> None:
    names = [each.name for each in chosen(calendar, ["s1-t0-minute"])]
    assert names == ["s1-t0-minute", "s1-t0-minute-unprepared"]


@pytest.mark.parametrize(
    ("missed", "lacking"),
    [
        (["closed-portals.portal-01", "provinces-connected", "slo.read"], []),
        (["closed-portals"], ["provinces-connected"]),
        ([], ["closed-portals", "provinces-connected"]),
    ],
)
def test_each_reason_must_be_named_by_a_finding(missed: list[str], lacking: list[str]) -> None:
    assert unnamed("s1-t0-minute-unprepared", missed) == lacking


@pytest.mark.parametrize(
    ("name", "missed", "outcome", "as_expected"),
    [
        ("s1-t0-minute", [], "met", True),
        ("s1-t0-minute", ["slo.read"], "missed", False),
        ("s1-t0-minute-unprepared", ["closed-portals", "provinces-connected"], "missed", True),
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


def test_a_run_without_a_verdict_is_never_as_expected(calendar: list[Entry]) -> None:
    of = entry(calendar, "s1-t0-minute-unprepared")
    made = night(of, without_verdict(task_of(of), "a port was taken", seconds=1.0, attempts=2))
    assert not made.as_expected
    assert made.unnamed == ()
    assert made.explanation == "a port was taken"
