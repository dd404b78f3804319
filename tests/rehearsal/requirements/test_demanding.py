"""Everything that is demanded of the country, and who can show it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fixtures.reference.directives import requirements, systems
from rehearsal.nightly.calendar import entries
from rehearsal.requirements.demanding import demands
from reports.requirements.__main__ import complete
from reports.requirements.model import Demands

NOW = datetime(2025, 6, 30, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def demanded() -> Demands:
    return demands(NOW)


def test_all_obligations_and_systems_are_there(demanded: Demands) -> None:
    assert [each.id for each in demanded.obligations] == [each.id for each in requirements()]
    assert [each.id for each in demanded.systems] == [each.id for each in systems()]
    assert (len(demanded.obligations), len(demanded.systems)) == (127, 56)
    assert demanded.made == "2025-06-30T08:00:00+00:00"


def test_scenarios_of_a_prepared_country_speak_and_no_others(demanded: Demands) -> None:
    speaking = {each.source for each in demanded.statements if each.origin == "run"}
    expected = {each.name: each.scenario.scenario.expect for each in entries()}
    assert speaking == {name for name, expect in expected.items() if expect == "met"}
    assert "closing-night" in speaking
    assert "closing-night-unprepared" not in speaking


def test_every_statement_is_of_an_obligation_and_says_what_to_run(demanded: Demands) -> None:
    known = {each.id for each in demanded.obligations}
    for statement in complete(demanded).statements:
        assert set(statement.requirements) <= known, statement.source
        assert statement.command in (
            f"rehearse {statement.source}",
            f"rehearse run {statement.source}",
        )
        assert len(set(statement.requirements)) == len(statement.requirements)


def test_the_questions_of_the_conversion_are_added(demanded: Demands) -> None:
    stated = {each.source: each.requirements for each in complete(demanded).statements}
    assert "VP0701-4-1" in stated["conversion"]
    assert "TTG96-1c-1" in stated["readiness"]


def test_what_cannot_be_rehearsed_says_why_and_who_signs(demanded: Demands) -> None:
    assert demanded.sign_offs
    for each in demanded.sign_offs:
        assert each.why.vi, each.id
        assert each.signs.en, each.id
    for system in demanded.systems:
        assert (system.how == "not-rehearsable") == bool(system.signs.en), system.id


def test_a_deadline_is_the_moment_that_its_words_name(demanded: Demands) -> None:
    due = {each.id: (each.deadline.en, each.due) for each in demanded.obligations}
    assert due["TTG96-1a-1"] == ("by 2025-06-27", "2025-06-27")
    assert due["TTG96-0-1"] == ("immediate", "")


def test_all_of_it_is_said_in_both_languages(demanded: Demands) -> None:
    for each in demanded.obligations:
        for text in (each.clause, each.who, each.obligation, each.deadline):
            assert text.vi, each.id
            assert text.en, each.id
    assert demanded.obligations[0].obligation.vi.startswith("Nghiên cứu sổ tay")
    assert all(each.title.vi != each.title.en for each in demanded.directives)
