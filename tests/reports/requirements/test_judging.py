"""From evidence to the state of each obligation."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.finding import Outcome
from reports.requirements.judging import NEVER_RUN, NOBODY, judge
from reports.requirements.model import Evidence, Row, Shown, State
from reports.requirements.reading import Gathered, Source
from reports.text import Text
from tests.reports.requirements.examples import DEMANDS, NIGHT, SIGNED, SWEEP, A
from tests.reports.requirements.examples import NOBODY as STATED_BY_NOBODY

OUTCOMES: list[Outcome] = ["met", "missed", "inconclusive"]


def evidence(source: str, outcome: Outcome, doubt: str = "") -> Evidence:
    check = Shown("check", Text("Kiểm tra", "Check"), outcome, Text("Vậy.", f"{source} is {outcome}."))
    return Evidence(source, "run", "then", outcome, [check], "report.html", Text(doubt, doubt))


def rows(id_: str, *of_sources: tuple[str, Sequence[Evidence]]) -> dict[str, Row]:
    sources = [Source(name, {id_: list(found)}) for name, found in of_sources]
    return {row.obligation.id: row for row in judge(DEMANDS, Gathered(sources, []), "runs").rows}


@pytest.mark.parametrize(
    ("night", "sweep", "state"),
    [
        pytest.param("met", "met", "proved", id="proved twice"),
        pytest.param("met", "inconclusive", "proved", id="what is not clear refutes nothing"),
        pytest.param("met", "missed", "failed", id="a proof does not cover up a failure"),
        pytest.param("inconclusive", "missed", "failed", id="failed once"),
        pytest.param("inconclusive", "inconclusive", "inconclusive", id="never clear"),
    ],
)
def test_the_worst_of_the_newest_decides(night: Outcome, sweep: Outcome, state: State) -> None:
    row = rows(A, (NIGHT, [evidence(NIGHT, night)]), (SWEEP, [evidence(SWEEP, sweep)]))[A]
    assert row.state == state
    assert row.told
    if state == "inconclusive":
        assert row.reason.en == (
            f"{NIGHT}, then: {NIGHT} is inconclusive. {SWEEP}, then: {SWEEP} is inconclusive."
        )
    else:
        assert row.reason == Text()


def test_of_one_source_every_part_has_to_be_met() -> None:
    row = rows(A, (SWEEP, [evidence(SWEEP, "met"), evidence(SWEEP, "inconclusive")]))[A]
    assert row.state == "inconclusive"


def test_why_a_run_was_not_believed_is_the_reason() -> None:
    row = rows(A, (NIGHT, [evidence(NIGHT, "inconclusive", doubt="The generator was late.")]))[A]
    assert row.state == "inconclusive"
    assert row.reason.en == f"{NIGHT}, then: The generator was late."


def test_what_was_run_without_a_conclusion_is_not_counted_as_never_run() -> None:
    of_night = Source(NIGHT, {A: [evidence(NIGHT, "inconclusive")]})
    counts = judge(DEMANDS, Gathered([of_night], []), "runs").counts
    assert (counts.inconclusive, counts.not_yet_run, counts.open) == (1, 2, 3)


def test_without_evidence_it_is_said_which_commands_would_give_some() -> None:
    found = rows(A)
    assert found[A].state == "not_yet_run"
    assert found[A].reason == NEVER_RUN
    assert found[A].commands == [f"rehearse run {NIGHT}", "rehearse run second", "rehearse readiness"]
    assert found[STATED_BY_NOBODY].reason == NOBODY
    assert found[STATED_BY_NOBODY].commands == []


def test_evidence_of_what_nobody_demands_is_named() -> None:
    sources = [Source(NIGHT, {A: [evidence(NIGHT, "met")], "LC-99": [evidence(NIGHT, "missed")]})]
    [note] = judge(DEMANDS, Gathered(sources, []), "runs").notes
    assert note.en == f"{NIGHT} speaks of obligations that no directive has: LC-99."


def test_what_no_program_can_show_is_for_a_signature() -> None:
    row = rows(A)[SIGNED]
    assert row.state == "not_rehearsable"
    assert row.sign_off is not None
    assert row.sign_off.signs.en == "The chairman"


def test_a_signature_stands_for_what_came_to_no_conclusion_and_the_run_is_told() -> None:
    row = rows(SIGNED, (NIGHT, [evidence(NIGHT, "inconclusive")]))[SIGNED]
    assert row.state == "not_rehearsable"
    assert [each.source for each in row.told] == [NIGHT]


def test_a_signature_covers_up_no_failure() -> None:
    assert rows(SIGNED, (NIGHT, [evidence(NIGHT, "missed")]))[SIGNED].state == "failed"


@given(st.lists(st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=3), max_size=3))
def test_every_obligation_is_in_one_state_and_a_failure_never_gets_lost(found: list[list[Outcome]]) -> None:
    names = (NIGHT, "second", SWEEP)
    sources = [
        Source(name, {A: [evidence(name, each) for each in outcomes]})
        for name, outcomes in zip(names, found, strict=False)
    ]
    matrix = judge(DEMANDS, Gathered(sources, []), "runs")
    assert matrix.counts.total == len(DEMANDS.obligations)
    assert sum(each.counts.total for each in matrix.directives) == matrix.counts.total
    state = matrix.rows[0].state
    seen = {each for outcomes in found for each in outcomes}
    assert (state == "failed") == ("missed" in seen)
    assert (state == "not_yet_run") == (not found)
    if state == "proved":
        assert any(set(outcomes) == {"met"} for outcomes in found)
