"""The matrix is filled in few runs; what was not seen clearly is played once more; what is done is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from rehearsal.errors import EvidenceError, Interrupted
from rehearsal.matrix.cells import Cell, singles
from rehearsal.matrix.filling import Filling
from rehearsal.matrix.layout import ALONE, Series, arranged
from rehearsal.matrix.playing import Keeper, Player, cells_of, digest
from rehearsal.scenario import Scenario, load
from reports.matrix.files import Seen, SeenCell
from tests.rehearsal.matrix.fakes import FakePlayer, seen

BASE = load("smoke")
CELLS = singles(["identity", "old-portals-open"])
MATRIX = "all cells, this code"


def filling(
    folder: Path,
    player: Player,
    *,
    cells: tuple[Cell, ...] = CELLS,
    matrix: str = MATRIX,
    fresh: bool = False,
) -> Filling:
    return Filling(BASE, cells, Keeper(folder, matrix, fresh=fresh), player, lambda _: None, rate=8.0)


def lost(name: str) -> SeenCell:
    journey = Seen("submit-dossier", requests=9, right=9, slow=0, errors={}, longest=0.1, lost=1)
    return seen(name, journeys=[journey], recovered_after=None)


def test_a_quiet_run_comes_first_and_every_cell_is_played_once(tmp_path: Path) -> None:
    player = FakePlayer(tmp_path)
    matrix = filling(tmp_path, player)
    matrix.fill()
    first, *rest = player.played
    assert first.slots == ()
    assert rest == arranged(CELLS)
    planned = matrix.planned()
    assert planned.quiet == "run-1"
    assert planned.runs == [f"run-{number}" for number in range(1, len(player.played) + 1)]
    assert all(len(cell.runs) == 1 for cell in planned.cells)
    assert {cell.name: cell.before_t0 for cell in planned.cells} == {
        cell.name: cell.before_t0 for cell in CELLS
    }


@pytest.mark.parametrize(
    "unclear",
    [{"recovered_after": None}, {"applied": False}, {"healed": False}, {"met": 0}, {"lag": 0.9}],
    ids=lambda unclear: next(iter(unclear)),
)
def test_a_cell_that_was_not_seen_clearly_is_played_once_more_by_itself(
    tmp_path: Path, unclear: dict[str, object]
) -> None:
    name = "identity-cut"

    def show(cell: str, _first: bool) -> SeenCell:
        return seen(cell, **unclear) if cell == name else seen(cell)

    player = FakePlayer(tmp_path, show)
    matrix = filling(tmp_path, player)
    matrix.fill()
    again = player.played[-1]
    assert name in [slot.cell.name for slot in again.slots]
    assert again.slots[0].until - again.slots[0].end == pytest.approx(ALONE.recovery)
    runs = {cell.name: cell.runs for cell in matrix.planned().cells}
    assert len(runs[name]) == 2, "once more, and not for ever"


def test_what_follows_a_cell_that_had_not_recovered_is_played_once_more_too(tmp_path: Path) -> None:
    names = [slot.cell.name for series in arranged(CELLS) for slot in series.slots]

    def show(cell: str, first: bool) -> SeenCell:
        return seen(cell, recovered_after=None) if cell == names[0] and first else seen(cell)

    player = FakePlayer(tmp_path, show)
    filling(tmp_path, player).fill()
    assert [slot.cell.name for slot in player.played[-1].slots] == names[:2]


def test_where_something_was_lost_nothing_is_tried_again(tmp_path: Path) -> None:
    player = FakePlayer(tmp_path, lambda cell, _first: lost(cell))
    matrix = filling(tmp_path, player, cells=CELLS[:1])
    matrix.fill()
    assert [len(cell.runs) for cell in matrix.planned().cells] == [1]


def interrupted(player: FakePlayer, after: int) -> Player:
    def play(scenario: Scenario, series: Series) -> Path:
        if len(player.played) == after:
            raise Interrupted("by Ctrl-C")
        return player(scenario, series)

    return play


def begun(folder: Path, runs: int) -> None:
    """A matrix that was interrupted after so many runs."""
    with pytest.raises(Interrupted):
        filling(folder, interrupted(FakePlayer(folder), runs)).fill()


def beside(folder: Path) -> FakePlayer:
    """A player whose run folders are others than those that are there."""
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    return FakePlayer(elsewhere)


WHOLE = 1 + len(arranged(CELLS))
"""Runs of the matrix: the quiet one, and those with cells."""


def test_what_was_interrupted_goes_on(tmp_path: Path) -> None:
    begun(tmp_path, 2)
    player = beside(tmp_path)
    matrix = filling(tmp_path, player)
    matrix.fill()
    assert len(player.played) == WHOLE - 2
    assert len(matrix.planned().runs) == WHOLE


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"fresh": True}, id="it is wanted anew"),
        pytest.param({"matrix": "all cells, other code"}, id="other cells or other code"),
    ],
)
def test_what_was_interrupted_is_not_gone_on_with_by_another(tmp_path: Path, asked: dict[str, Any]) -> None:
    begun(tmp_path, 2)
    player = beside(tmp_path)
    filling(tmp_path, player, **asked).fill()
    assert len(player.played) == WHOLE


def test_a_matrix_that_came_to_its_end_is_begun_anew(tmp_path: Path) -> None:
    filling(tmp_path, FakePlayer(tmp_path)).fill()
    player = beside(tmp_path)
    filling(tmp_path, player).fill()
    assert len(player.played) == WHOLE


def test_a_matrix_with_a_cell_that_nobody_could_play_goes_on(tmp_path: Path) -> None:
    player = FakePlayer(tmp_path)
    first = arranged(CELLS)[0].slots[0].cell.name

    def play(scenario: Scenario, series: Series) -> Path:
        if first in [slot.cell.name for slot in series.slots]:
            raise EvidenceError("a fault could not be inflicted")
        return player(scenario, series)

    filling(tmp_path, play).fill()
    again = beside(tmp_path)
    filling(tmp_path, again).fill()
    assert again.played[0].slots[0].cell.name == first
    assert len(again.played) < WHOLE


def test_another_matrix_that_comes_to_its_end_leaves_what_was_interrupted(tmp_path: Path) -> None:
    begun(tmp_path, 2)
    for matrix, runs in (("another", WHOLE), (MATRIX, WHOLE - 2)):
        player = FakePlayer(tmp_path / matrix)
        player.folder.mkdir()
        filling(tmp_path, player, matrix=matrix).fill()
        assert len(player.played) == runs


def test_a_run_whose_folder_is_gone_is_played_anew(tmp_path: Path) -> None:
    begun(tmp_path, 2)
    (tmp_path / "run-2").rename(tmp_path / "gone")
    player = beside(tmp_path)
    filling(tmp_path, player).fill()
    assert len(player.played) == WHOLE - 1


def test_what_was_done_before_an_interruption_is_in_the_matrix_and_what_was_not_is_shown_as_such(
    tmp_path: Path,
) -> None:
    matrix = filling(tmp_path, interrupted(FakePlayer(tmp_path), 2))
    with pytest.raises(Interrupted):
        matrix.fill()
    planned = matrix.planned()
    assert planned.runs == ["run-1", "run-2"]
    assert {bool(cell.runs) for cell in planned.cells} == {True, False}


def test_a_run_that_ends_early_is_told_the_others_go_on_and_its_cells_are_played_by_themselves(
    tmp_path: Path,
) -> None:
    player, said = FakePlayer(tmp_path), list[str]()
    tries: list[Series] = []

    def play(scenario: Scenario, series: Series) -> Path:
        tries.append(series)
        if len(tries) == 2:
            raise EvidenceError("a fault could not be inflicted")
        return player(scenario, series)

    matrix = Filling(BASE, CELLS, Keeper(tmp_path, MATRIX, fresh=False), play, said.append, rate=8.0)
    matrix.fill()
    assert any(line.endswith("ended early: a fault could not be inflicted") for line in said)
    assert all(cell.runs for cell in matrix.planned().cells)
    again = [slot.cell.name for series in tries[1 + len(arranged(CELLS)) :] for slot in series.slots]
    assert again == [slot.cell.name for slot in tries[1].slots]


def test_progress_says_which_run_and_which_cells_and_how_long_to_go(tmp_path: Path) -> None:
    said: list[str] = []
    Filling(
        BASE, CELLS, Keeper(tmp_path, MATRIX, fresh=False), FakePlayer(tmp_path), said.append, rate=8.0
    ).fill()
    runs = arranged(CELLS)
    assert said[0].startswith(f"{len(CELLS)} cells in {len(runs)} runs, and one without faults: about ")
    assert said[2].startswith(f"run 1 of {len(runs)}: cells 1-{len(runs[0].slots)} of {len(CELLS)}; about ")


def test_another_rate_or_another_window_is_another_series(tmp_path: Path) -> None:
    begun(tmp_path, 2)
    player = beside(tmp_path)
    Filling(BASE, CELLS, Keeper(tmp_path, MATRIX, fresh=False), player, lambda _: None, rate=9.0).fill()
    assert len(player.played) == WHOLE
    assert digest(BASE) == digest(load("smoke"))


def test_the_reports_are_told_when_each_cell_begins_and_ends(tmp_path: Path) -> None:
    (series,) = arranged(CELLS[:3])
    told = cells_of(series, ["sign-in"])
    assert [(cell.name, cell.start, cell.end, cell.until) for cell in told.cells] == [
        (slot.cell.name, slot.at, slot.end, slot.until) for slot in series.slots
    ]
    assert msgspec.json.decode(msgspec.json.encode(told), type=type(told)) == told
