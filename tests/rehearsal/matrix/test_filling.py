"""The matrix is filled in few runs; what was not seen clearly is played once more; what is done is kept."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from rehearsal.errors import EvidenceError, Interrupted
from rehearsal.matrix.cells import Cell, singles
from rehearsal.matrix.filling import Filling
from rehearsal.matrix.layout import ALONE, Series, arranged
from rehearsal.matrix.playing import Keeper, cells_of, digest
from rehearsal.scenario import Scenario, load
from reports.matrix.files import Seen, SeenCell
from tests.rehearsal.matrix.fakes import FakePlayer, seen

BASE = load("smoke")
CELLS = singles(["identity", "old-portals-open"])


def filling(
    folder: Path, player: FakePlayer, *, cells: tuple[Cell, ...] = CELLS, fresh: bool = False
) -> Filling:
    return Filling(BASE, cells, Keeper(folder, fresh=fresh), player, lambda _: None, rate=8.0)


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


def test_finished_runs_are_kept_until_they_are_wanted_anew(tmp_path: Path) -> None:
    first = FakePlayer(tmp_path)
    filling(tmp_path, first).fill()
    again = FakePlayer(tmp_path)
    matrix = filling(tmp_path, again)
    matrix.fill()
    assert not again.played
    assert len(matrix.planned().runs) == len(first.played)
    for run in tmp_path.glob("run-*"):
        run.rename(tmp_path / f"old-{run.name}")
    fresh = FakePlayer(tmp_path)
    filling(tmp_path, fresh, fresh=True).fill()
    assert len(fresh.played) == len(first.played)


def test_a_run_whose_folder_is_gone_is_played_anew(tmp_path: Path) -> None:
    filling(tmp_path, FakePlayer(tmp_path)).fill()
    (tmp_path / "run-2").rename(tmp_path / "gone")
    again = FakePlayer(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    filling(tmp_path, again).fill()
    assert len(again.played) == 1


def test_what_was_done_before_an_interruption_is_in_the_matrix_and_what_was_not_is_shown_as_such(
    tmp_path: Path,
) -> None:
    player = FakePlayer(tmp_path)

    def interrupted(scenario: Scenario, series: Series) -> Path:
        if len(player.played) == 2:
            raise Interrupted("by Ctrl-C")
        return player(scenario, series)

    matrix = Filling(BASE, CELLS, Keeper(tmp_path, fresh=False), interrupted, lambda _: None, rate=8.0)
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

    matrix = Filling(BASE, CELLS, Keeper(tmp_path, fresh=False), play, said.append, rate=8.0)
    matrix.fill()
    assert any(line.endswith("ended early: a fault could not be inflicted") for line in said)
    assert all(cell.runs for cell in matrix.planned().cells)
    again = [slot.cell.name for series in tries[1 + len(arranged(CELLS)) :] for slot in series.slots]
    assert again == [slot.cell.name for slot in tries[1].slots]


def test_progress_says_which_run_and_which_cells_and_how_long_to_go(tmp_path: Path) -> None:
    said: list[str] = []
    Filling(BASE, CELLS, Keeper(tmp_path, fresh=False), FakePlayer(tmp_path), said.append, rate=8.0).fill()
    runs = arranged(CELLS)
    assert said[0].startswith(f"{len(CELLS)} cells in {len(runs)} runs, and one without faults: about ")
    assert said[2].startswith(f"run 1 of {len(runs)}: cells 1-{len(runs[0].slots)} of {len(CELLS)}; about ")


def test_another_rate_or_another_window_is_another_series(tmp_path: Path) -> None:
    filling(tmp_path, FakePlayer(tmp_path), cells=CELLS[:1]).fill()
    other = FakePlayer(tmp_path / "other")
    (tmp_path / "other").mkdir()
    Filling(BASE, CELLS[:1], Keeper(tmp_path, fresh=False), other, lambda _: None, rate=9.0).fill()
    assert len(other.played) == 2
    assert digest(BASE) == digest(load("smoke"))


def test_the_reports_are_told_when_each_cell_begins_and_ends(tmp_path: Path) -> None:
    (series,) = arranged(CELLS[:3])
    told = cells_of(series, ["sign-in"])
    assert [(cell.name, cell.start, cell.end, cell.until) for cell in told.cells] == [
        (slot.cell.name, slot.at, slot.end, slot.until) for slot in series.slots
    ]
    assert msgspec.json.decode(msgspec.json.encode(told), type=type(told)) == told
