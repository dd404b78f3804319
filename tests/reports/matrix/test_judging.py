"""A cell is as expected, not as expected, censored or not run, for reasons that are said."""

from __future__ import annotations

from typing import Any

import pytest

from reports.matrix.expectation import roles
from reports.matrix.files import Observed, SeenCell
from reports.matrix.judging import censored, judged, worth_repeating
from reports.matrix.model import Cell, State
from reports.text import Text
from tests.reports.matrix.examples import JOURNEYS, USES, fault, observed, planned_cell, seen, seen_cell

FOUND = roles(USES, before_t0=False)


def judge(*cells: SeenCell, **more: Any) -> Cell:
    """The last of the cells, as one run showed them."""
    run = observed(*cells, **more)
    return judged(planned_cell(cells[-1].name), {"run-1": run}, FOUND, JOURNEYS)


def refused(**more: Any) -> SeenCell:
    return seen_cell("identity-cut", seen("submit-dossier", right=30, errors={"http-502": 10}), **more)


def test_a_cell_is_as_expected_where_every_journey_was_served_as_well_as_it_may_be() -> None:
    cell = judge(refused())
    assert (cell.state, cell.reasons, cell.unexpected) == ("as-expected", [], [])
    assert {journey.journey: (journey.expected, journey.seen) for journey in cell.journeys} == {
        "look-up-dossier": ("full", "full"),
        "submit-dossier": ("refused", "refused"),
    }


def test_better_than_expected_is_as_expected() -> None:
    assert judge(seen_cell("identity-cut")).state == "as-expected"


def test_harm_to_a_journey_that_does_not_use_the_dependency_is_told_with_its_numbers() -> None:
    cell = judge(
        seen_cell("identity-cut", seen("look-up-dossier", right=38, errors={"http-503": 1, "timeout": 1}))
    )
    assert cell.state == "not-as-expected"
    (journey,) = cell.unexpected
    assert (journey.role, journey.expected, journey.seen) == ("unused", "full", "unanswered")
    assert cell.reasons[0].en.startswith("look-up-dossier: 95.00")
    assert "http-503 × 1, timeout × 1" in cell.reasons[0].en


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"lost": 1}, "1 lost"),
        ({"doubled": 2}, "2 doubled"),
        ({"charged_twice": 1}, "1 charged twice"),
        ({"undelivered": 3}, "3 never delivered"),
        ({"elsewhere_bad": 1}, "1 bad answers elsewhere"),
        ({"slow": 40, "errors": {"wrong-dossier": 1}}, "40 slower than a second"),
    ],
)
def test_what_is_never_expected(more: dict[str, Any], told: str) -> None:
    cell = judge(seen_cell("identity-cut", seen("submit-dossier", **more)))
    assert cell.state == "not-as-expected"
    assert told in cell.reasons[0].en


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"applied": False}, "was not applied"),
        ({"healed": False}, "not healed"),
        ({"met": 0}, "No request met the fault."),
        ({"lag": 0.3}, "300 ms late"),
        ({"late": 2.5, "room": 4.0}, "came or went 2.50 s late"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_cell_is_censored_where_the_fault_or_the_generator_was_not_as_planned(
    more: dict[str, Any], reason: str
) -> None:
    cell = judge(seen_cell("identity-cut", seen("look-up-dossier", errors={"timeout": 1}), **more))
    assert cell.state == "censored"
    assert reason in cell.reasons[0].en


def test_a_fault_may_come_and_go_late_while_it_is_still_apart_from_the_next() -> None:
    assert judge(seen_cell("before", late=2.5, room=6.0), refused(late=2.5, room=6.0)).state == "as-expected"
    assert judge(seen_cell("before", late=2.5, room=4.0), refused()).state == "censored"


def test_a_cell_after_one_that_had_not_recovered_is_censored() -> None:
    cell = judge(seen_cell("before", recovered_after=None), refused())
    assert cell.state == "censored"
    assert "before, was not over" in cell.reasons[0].en


def test_the_cells_of_a_run_that_cannot_be_believed_are_censored() -> None:
    cell = judge(refused(), doubts=[Text("…", "The run was interrupted.")])
    assert (cell.state, cell.reasons[0].en) == ("censored", "The run was interrupted.")


def test_a_cell_that_does_not_recover_is_not_as_expected() -> None:
    cell = judge(refused(recovered_after=None))
    assert cell.state == "not-as-expected"
    assert cell.reasons[-1].en == "After the cure, all was not as before."


@pytest.mark.parametrize("harm", ["lost", "doubled", "undelivered", "charged_twice"])
def test_harm_is_never_excused_by_a_cell_that_is_censored(harm: str) -> None:
    cell = judge(seen_cell("identity-cut", seen("submit-dossier", **{harm: 1}), met=0))
    assert cell.state == "not-as-expected"


def test_of_a_cell_that_was_not_run_only_what_is_expected_is_said() -> None:
    cell = judged(planned_cell("identity-cut", runs=[]), {}, FOUND, JOURNEYS)
    assert cell.state == "not-run"
    assert {journey.journey: (journey.expected, journey.seen) for journey in cell.journeys} == {
        "look-up-dossier": ("full", None),
        "submit-dossier": ("refused", None),
    }


def test_a_cell_that_was_played_again_is_judged_by_the_last_time() -> None:
    runs: dict[str, Observed] = {
        "run-1": observed(seen_cell("identity-cut", met=0)),
        "run-2": observed(refused()),
    }
    cell = judged(planned_cell("identity-cut", runs=["run-1", "run-2"]), runs, FOUND, JOURNEYS)
    assert (cell.state, cell.run, cell.times) == ("as-expected", "run-2", 2)


def test_the_portal_that_is_told_to_say_not_found_tells_no_lie_of_its_own() -> None:
    told = seen_cell("portal-lies", seen("submit-dossier", errors={"http-404": 5}))
    for way, state in (
        ("citizens--national-portal", "as-expected"),
        ("national-portal--vneid", "not-as-expected"),
    ):
        planned = planned_cell("portal-lies", fault("says-not-found", way))
        expected: State = judged(planned, {"run-1": observed(told)}, FOUND, JOURNEYS).state
        assert expected == state


@pytest.mark.parametrize(
    ("cell", "repeated"),
    [
        (seen_cell("a"), False),
        (seen_cell("a", met=0), True),
        (seen_cell("a", recovered_after=None), True),
        (seen_cell("a", seen("submit-dossier", lost=1), met=0), False),
        (seen_cell("a", seen("submit-dossier", errors={"wrong-page": 1})), False),
    ],
)
def test_played_once_more_is_what_was_not_seen_clearly_and_did_no_harm(
    cell: SeenCell, repeated: bool
) -> None:
    assert worth_repeating("a", observed(cell)) is repeated


def test_a_cell_that_a_run_did_not_play_is_an_error() -> None:
    with pytest.raises(KeyError, match="b"):
        censored("b", observed(seen_cell("a")))
