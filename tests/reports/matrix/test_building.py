"""The matrix is what its files say, complete: what was not run is in it, and decides the verdict."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.errors import RunFolderError
from reports.finding import Outcome
from reports.matrix.building import assembled, build
from reports.matrix.files import OBSERVED, PLANNED, Observed, SeenCell
from reports.matrix.model import Matrix
from tests.reports.matrix.examples import fault, observed, planned, planned_cell, quiet, seen, seen_cell

GOOD = seen_cell("good")
BAD = seen_cell("bad", seen("look-up-dossier", errors={"timeout": 1}))
DIM = seen_cell("dim", met=0)


def matrix(*cells: SeenCell, run: Observed | None = None, missing: int = 0) -> Matrix:
    """Of these cells in one run, and some more that were not run."""
    wanted = [planned_cell(cell.name) for cell in cells]
    wanted += [planned_cell(f"missing-{number}", runs=[]) for number in range(missing)]
    return assembled(
        planned(*wanted, runs=["quiet", "run-1"]), {"quiet": quiet(), "run-1": run or observed(*cells)}
    )


@pytest.mark.parametrize(
    ("cells", "missing", "outcome"),
    [
        ([GOOD], 0, "met"),
        ([GOOD, BAD], 0, "missed"),
        ([GOOD, DIM], 0, "inconclusive"),
        ([GOOD], 1, "inconclusive"),
        ([BAD, DIM], 1, "missed"),
        ([], 2, "inconclusive"),
        ([], 0, "met"),
    ],
)
def test_missed_outdoes_inconclusive_and_that_outdoes_met(
    cells: list[SeenCell], missing: int, outcome: Outcome
) -> None:
    assert matrix(*cells, missing=missing).outcome == outcome


@pytest.mark.parametrize("harm", ["lost", "doubled", "charged_twice"])
def test_what_a_run_lost_or_doubled_outside_of_any_cell_counts_too(harm: str) -> None:
    found = matrix(GOOD, run=observed(GOOD, **{harm: 1}))
    assert (found.outcome, found.as_expected, found.not_as_expected) == ("missed", 1, 0)


def test_a_matrix_without_an_acknowledged_dossier_says_nothing() -> None:
    run = observed(GOOD, acknowledged=0)
    found = assembled(planned(planned_cell("good")), {"quiet": observed(acknowledged=0), "run-1": run})
    assert (found.outcome, found.loss_bound) == ("inconclusive", None)


def test_the_sentence_says_cells_dossiers_losses_and_the_bound() -> None:
    found = matrix(GOOD, BAD, DIM, missing=2)
    assert found.sentence.en == (
        "3 of 5 cells were run: 1 as expected; 1 not as expected; 1 censored; of 200 acknowledged "
        "dossiers, 0 were lost (loss rate below 1.50\u202f%) and 0 doubled."
    )
    assert found.sentence.vi.startswith("3 trên 5 ô đã chạy: 1 như mong đợi; ")
    assert found.loss_bound == pytest.approx(3 / 200)


def test_where_something_was_lost_there_is_no_bound() -> None:
    found = matrix(GOOD, run=observed(GOOD, lost=2))
    assert found.loss_bound is None
    assert "200 acknowledged dossiers, 2 were lost and 0 doubled" in found.sentence.en


@given(st.lists(st.sampled_from([GOOD, BAD, DIM]), max_size=8), st.integers(0, 3))
def test_every_planned_cell_is_in_the_matrix_once_in_one_state(cells: list[SeenCell], missing: int) -> None:
    named = [msgspec.structs.replace(cell, name=f"{cell.name}-{number}") for number, cell in enumerate(cells)]
    found = matrix(*named, missing=missing)
    assert len(found.cells) == len({cell.name for cell in found.cells}) == found.planned
    states = (found.as_expected, found.not_as_expected, found.censored, found.not_run)
    assert sum(states) == found.planned == len(cells) + missing
    assert found.not_run == missing


def test_cells_stand_under_their_first_dependency_in_the_order_of_the_plan() -> None:
    pay = fault(way="national-portal--payment", dependency="payment")
    cells = [planned_cell("a"), planned_cell("b", pay), planned_cell("c", fault(), pay)]
    run = observed(*(seen_cell(cell.name) for cell in cells))
    found = assembled(planned(*cells, pairs=True), {"quiet": quiet(), "run-1": run})
    assert [(group.name, [cell.name for cell in group.cells]) for group in found.groups] == [
        ("identity", ["a", "c"]),
        ("payment", ["b"]),
    ]


def test_a_matrix_is_built_from_its_files_and_nothing_else(tmp_path: Path) -> None:
    plan = planned(planned_cell("good"))
    (tmp_path / PLANNED).write_bytes(msgspec.json.encode(plan))
    runs = {"quiet": quiet(), "run-1": observed(GOOD)}
    for name, run in runs.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / OBSERVED).write_bytes(msgspec.json.encode(run))
    assert build(tmp_path) == assembled(plan, runs)


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, damage: str) -> None:
    (tmp_path / PLANNED).write_bytes(msgspec.json.encode(planned(planned_cell("good"))))
    if damage == "damaged":
        (tmp_path / "quiet").mkdir()
        (tmp_path / "quiet" / OBSERVED).write_text("{")
    with pytest.raises(RunFolderError, match=OBSERVED):
        build(tmp_path)
