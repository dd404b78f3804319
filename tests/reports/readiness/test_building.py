"""The matrix says what the cells say: nothing seen is nothing proved, and what changed is what changed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from reports.errors import RunFolderError
from reports.readiness.building import assembled, build, read_cells, read_sweep
from reports.readiness.model import CELLS, READINESS, SWEEP, Cell, Readiness, Unseen
from reports.text import Text
from tests.reports.readiness.examples import COMMAND, UNNAMED, cells, lacks, sweep


def written(folder: Path, found: list[Cell]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / SWEEP).write_bytes(msgspec.json.encode(sweep()))
    (folder / CELLS).write_bytes(b"".join(msgspec.json.encode(cell) + b"\n" for cell in found))
    return folder


@pytest.mark.parametrize(
    ("cell", "outcome"),
    [
        pytest.param(Cell("colour", "15", 1), "met", id="looked at and well"),
        pytest.param(Cell("colour", "15", 0), "inconclusive", id="looked at nothing"),
        pytest.param(Cell("colour", "15", 9, unseen=[Unseen("1", Text())]), "inconclusive", id="not all"),
        pytest.param(lacks("colour", "15", "1"), "missed", id="something is lacking"),
    ],
)
def test_what_a_cell_comes_to(cell: Cell, outcome: str) -> None:
    assert cell.outcome == outcome


def test_checks_are_judged_by_their_worst_province() -> None:
    matrix = assembled(sweep(), cells())
    assert {check.name: (check.outcome, check.ready, check.shortfalls) for check in matrix.checks} == {
        "colour": ("met", 2, 0),
        "shape": ("missed", 1, 2),
        "sound": ("inconclusive", 0, 0),
    }
    assert (matrix.outcome, matrix.ready, matrix.communes) == ("missed", 0, 191)


def test_without_shortfalls_a_check_that_was_not_made_leaves_all_open() -> None:
    assert assembled(sweep(), cells()[:2]).outcome == "inconclusive"


def test_a_country_that_is_ready() -> None:
    every = [Cell(check, province, 3) for check in ("colour", "shape", "sound") for province in ("15", "19")]
    matrix = assembled(sweep(), every)
    assert (matrix.outcome, matrix.ready) == ("met", 2)


def test_what_has_changed() -> None:
    earlier = assembled(
        sweep(started="2025-06-28T08:00:00+07:00"),
        [lacks("shape", "15", "02671", "02677"), lacks("sound", "15", "15"), lacks("sound", "19", "19")],
    )
    now = [*cells(), Cell("sound", "19", 3)]
    changes = assembled(sweep(), now, earlier).changes
    assert changes is not None
    assert changes.since == "2025-06-28T08:00:00+07:00"
    assert [each.shortfall.unit for each in changes.appeared] == ["02674"]
    assert [each.shortfall.unit for each in changes.gone] == ["02677", "19"]
    assert [each.shortfall.unit for each in changes.unseen_now] == ["15"]
    assert changes.kept == 1


def test_from_the_files_of_a_folder(tmp_path: Path) -> None:
    folder = written(tmp_path / "now", cells())
    before = written(tmp_path / "before", [])
    (before / READINESS).write_bytes(msgspec.json.encode(assembled(sweep(), [])))
    matrix = build(folder, before)
    assert matrix.changes is not None
    assert len(matrix.changes.appeared) == 2
    assert msgspec.json.decode(msgspec.json.encode(matrix), type=Readiness) == matrix


def test_the_later_of_two_cells_counts_and_a_line_without_an_end_does_not(tmp_path: Path) -> None:
    folder = written(tmp_path, [lacks("shape", "15", "1"), Cell("shape", "15", 7)])
    path = folder / CELLS
    path.write_bytes(path.read_bytes() + b'{"check": "colour", "prov')
    assert read_cells(folder) == [Cell("shape", "15", 7)]


def test_a_sweep_that_was_ended_early_counts_what_is_done_and_what_is_left() -> None:
    matrix = assembled(sweep(ended="interrupted"), cells())
    assert matrix.sentence.en == (
        "The sweep was interrupted: 2 of 3 checks are done in every province, 2 of 6 cells (check × "
        "province) are left; 2 items are lacking so far."
    )
    assert matrix.notes == [Text(f"Lệnh để tiếp tục: {COMMAND}", f"It goes on with: {COMMAND}")]


def test_what_the_target_does_not_name_is_said_with_the_checks_that_need_it() -> None:
    matrix = assembled(sweep(unnamed=UNNAMED), cells())
    assert matrix.sentence.en.endswith("The target file does not name radio, palette (1 of 2 provinces: 19).")
    assert [note.en for note in matrix.notes] == [
        "The target file does not name radio, so nothing can be concluded on: sound.",
        "The target file does not name palette (1 of 2 provinces: 19), so nothing can be concluded on: "
        "colour, shape.",
    ]
    said = {check.name: "does not name" in check.finding.en for check in matrix.checks}
    assert said == {"colour": True, "shape": True, "sound": True}
    assert assembled(sweep(), cells()).notes == []


def test_damage_is_named(tmp_path: Path) -> None:
    folder = written(tmp_path, cells())
    (folder / CELLS).write_bytes(b"{}\n")
    with pytest.raises(RunFolderError, match=r"cells\.jsonl: line 1"):
        read_cells(folder)
    (folder / SWEEP).write_bytes(msgspec.json.encode(msgspec.structs.replace(sweep(), format=9)))
    with pytest.raises(RunFolderError, match="format is 9"):
        read_sweep(folder)
    (folder / SWEEP).write_bytes(msgspec.json.encode(sweep(started="yesterday")))
    with pytest.raises(RunFolderError, match="started is 'yesterday'"):
        read_sweep(folder)
    with pytest.raises(RunFolderError, match=r"sweep\.json is missing"):
        read_sweep(tmp_path / "nowhere")


def test_a_sweep_that_has_examined_nothing_yet(tmp_path: Path) -> None:
    assert read_cells(tmp_path) == []
