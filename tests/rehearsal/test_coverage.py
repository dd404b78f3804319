"""Every system and every obligation of the directives has somebody who speaks for it."""

from __future__ import annotations

import importlib.util
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping

import pytest

from chaos.catalogue import KINDS as FAULTS
from fixtures.reference.directives import requirements, systems
from fixtures.reference.sign_off import sign_offs
from fixtures.reference.system_coverage import SystemCoverage, system_coverage
from mocks.registry import KINDS as MOCKS
from rehearsal import topology
from rehearsal.conversion import codes
from rehearsal.nightly.calendar import Entry, entries
from rehearsal.readiness.checks import rows
from reports.checks import CHECKS
from reports.conversion.checks import HANDOVER, QUESTIONS
from scenarios.journeys import JOURNEYS

NOT_REHEARSABLE_AT_MOST = 12
PROVABLE_AT_LEAST = 85

Statements = Mapping[str, Collection[str]]


@pytest.fixture(scope="module")
def calendar() -> list[Entry]:
    return entries()


@pytest.fixture(scope="module")
def stated(calendar: list[Entry]) -> Statements:
    """Obligation -> the commands that a prepared country can prove it by."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for entry in calendar:
        head = entry.scenario.scenario
        for id_ in head.requirements if head.expect == "met" else ():
            found[id_].append(f"rehearse run {head.name}")
    for check in rows("across", own=True):
        for id_ in check.requirements:
            found[id_].append(f"rehearse readiness ({check.name})")
    for question in (*QUESTIONS, HANDOVER):
        for id_ in question.requirements:
            found[id_].append(f"rehearse conversion ({question.name})")
    for id_ in codes.REQUIREMENTS:
        found[id_].append("rehearse conversion (old codes)")
    return found


def test_every_obligation_is_proved_by_a_command_or_signed_for(stated: Statements) -> None:
    assert [each.id for each in requirements() if each.id not in stated and each.id not in sign_offs()] == []


def test_what_is_signed_for_is_proved_by_no_command(stated: Statements) -> None:
    assert {id_: stated[id_] for id_ in sign_offs() if id_ in stated} == {}


def test_no_check_of_a_run_speaks_for_what_is_signed_for() -> None:
    contradictions = {check.name: sign_offs().keys() & set(check.requirements) for check in CHECKS}
    assert {name: found for name, found in contradictions.items() if found} == {}


def test_checks_of_a_run_speak_for_obligations_that_a_scenario_states(calendar: list[Entry]) -> None:
    asked = {id_ for entry in calendar for id_ in entry.scenario.scenario.requirements}
    idle = {check.name: set(check.requirements) - asked for check in CHECKS}
    assert {name: found for name, found in idle.items() if found} == {}


def test_nothing_is_stated_twice_or_unknown(stated: Statements) -> None:
    assert stated.keys() <= {each.id for each in requirements()}
    named = [
        *((check.name, check.requirements) for check in CHECKS),
        *((check.name, check.requirements) for check in rows("across", own=True)),
        *((question.name, question.requirements) for question in (*QUESTIONS, HANDOVER)),
    ]
    twice = {name: [id_ for id_, n in Counter(ids).items() if n > 1] for name, ids in named}
    assert {name: found for name, found in twice.items() if found} == {}


def test_most_obligations_can_be_proved_here(stated: Statements) -> None:
    assert len(stated.keys() - sign_offs().keys()) >= PROVABLE_AT_LEAST


def test_few_systems_cannot_be_rehearsed() -> None:
    without = [row.id for row in system_coverage().values() if row.how == "not-rehearsable"]
    assert len(without) <= NOT_REHEARSABLE_AT_MOST


def test_every_kind_of_system_stands_for_a_system_of_the_directives() -> None:
    by = {name for row in system_coverage().values() if row.how == "mock" for name in row.by}
    assert by == set(MOCKS)
    assert by == {kind.value for kind in topology.Kind}


@pytest.mark.parametrize("row", system_coverage().values(), ids=lambda row: row.id)
def test_what_stands_for_a_system_is_there(row: SystemCoverage) -> None:
    there: Mapping[str, Callable[[str], bool]] = {
        "mock": MOCKS.__contains__,
        "capacity": {kind.value for kind in topology.PREPARED}.__contains__,
        "fault": FAULTS.__contains__,
        "client": {topology.CITIZENS, topology.OFFICIALS}.__contains__,
        "data": lambda name: importlib.util.find_spec(name) is not None,
        "through": {each.id for each in systems()}.__contains__,
    }
    assert bool(row.by) == (row.how != "not-rehearsable")
    assert [name for name in row.by if not there[row.how](name)] == []


@pytest.mark.parametrize("row", system_coverage().values(), ids=lambda row: row.id)
def test_what_exercises_a_system_is_there(row: SystemCoverage, calendar: list[Entry]) -> None:
    names = {
        "journey": set(JOURNEYS),
        "scenario": {entry.name for entry in calendar},
        "readiness": {check.name for check in rows("across", own=True)},
        "conversion": {question.name for question in QUESTIONS},
        "check": {check.name for check in CHECKS},
        "fault": set(FAULTS),
    }
    assert bool(row.exercised_by) == (row.how != "not-rehearsable")
    for exercise in row.exercised_by:
        kind, _, name = exercise.partition(":")
        assert name in names[kind], exercise


def test_systems_are_exercised_by_journeys_that_a_scenario_makes(calendar: list[Entry]) -> None:
    made = {name for entry in calendar for group in entry.scenario.arrivals for name in group.journeys}
    named = {
        exercise.removeprefix("journey:")
        for row in system_coverage().values()
        for exercise in row.exercised_by
        if exercise.startswith("journey:")
    }
    assert named <= made
