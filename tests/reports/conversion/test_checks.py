"""The questions of a conversion: every kind answers one, and every obligation is one that there is."""

from __future__ import annotations

import fixtures
from reports.conversion.checks import HANDOVER, QUESTIONS
from reports.conversion.kinds import KINDS
from reports.conversion.matching import PRINTS
from reports.conversion.schema import KEYS, SOURCE, TABLES, TARGET

EVERY = [*QUESTIONS, HANDOVER]


def test_every_kind_of_finding_answers_some_question_with_no() -> None:
    assert {kind for question in EVERY for kind in question.kinds} == set(KINDS)


def test_every_obligation_is_one_that_there_is() -> None:
    known = {each.id for each in fixtures.requirements()}
    assert {each for question in EVERY for each in question.requirements} <= known
    assert all(question.requirements for question in EVERY)


def test_every_question_has_a_name_and_a_title_of_its_own() -> None:
    assert len({question.name for question in EVERY}) == len(EVERY)
    assert len({question.title.vi for question in EVERY}) == len({question.title.en for question in EVERY})


def test_all_tables_are_known_everywhere() -> None:
    assert set(TABLES) == set(SOURCE) == set(TARGET) == set(KEYS) == set(PRINTS)
    for table in TABLES:
        assert set(KEYS[table]) <= set(TARGET[table].names) & set(SOURCE[table].names)
