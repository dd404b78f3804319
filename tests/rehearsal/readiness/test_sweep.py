"""Visits are made once each, kept as they are finished, and made again only where something was not seen."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import httpx
import msgspec
import pytest

import fixtures
from rehearsal.readiness.checks.base import Notes, Stage, check, visit
from rehearsal.readiness.desk import Desk, Unanswered
from rehearsal.readiness.sweep import Kept, sweep
from rehearsal.readiness.target import Target
from reports.readiness.building import read_cells
from reports.readiness.model import CELLS, Cell
from reports.text import Text
from tests.virtual_time import VirtualTime

PROVINCES = fixtures.provinces()[:5]
COLOUR, SHAPE = check("colour", "Màu", "Colour"), check("shape", "Hình", "Shape")


class Looks:
    """Sees that all is well, but for ``silent`` provinces; ends the sweep after ``lives`` visits."""

    name = "looks"
    checks = (COLOUR, SHAPE)

    def __init__(self, silent: frozenset[str] = frozenset(), lives: int = 1000) -> None:
        self.visits: Counter[str] = Counter()
        self.silent = silent
        self.lives = lives

    def systems(self, _province: fixtures.Province) -> tuple[str, ...]:
        return ("portal",)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:  # noqa: ARG002
        if sum(self.visits.values()) == self.lives:
            raise KeyboardInterrupt
        self.visits[province.code] += 1
        if province.code in self.silent:
            raise Unanswered("portal", Text("im lặng", "silence"))
        cells = []
        for each in self.checks:
            notes = Notes(each, province)
            notes.right(3)
            cells.append(notes.cell())
        return cells


def run(folder: Path, looks: Looks, *, systems: frozenset[str] = frozenset({"portal"})) -> list[str]:
    """Sweep five provinces; what a person was told."""
    told: list[str] = []

    async def begin() -> None:
        async with httpx.AsyncClient() as client:
            target = Target("", {name: f"http://{name}.test" for name in systems})
            desk = Desk(target, client, rate=1, at_once=1)
            await sweep([Stage((looks,))], PROVINCES, desk, kept, told.append)

    kept = Kept(folder, read_cells(folder))
    try:
        with VirtualTime() as time:
            time.run(begin())
    finally:
        kept.close()
    return told


def test_every_province_is_visited_once(tmp_path: Path) -> None:
    looks = Looks()
    told = run(tmp_path, looks)
    assert set(looks.visits.values()) == {1}
    assert len(looks.visits) == len(PROVINCES)
    cells = read_cells(tmp_path)
    assert {(cell.check, cell.province, cell.outcome) for cell in cells} == {
        (name, province.code, "met") for name in ("colour", "shape") for province in PROVINCES
    }
    assert told[-1].startswith("5 of 5 visits made")


def test_a_sweep_that_was_killed_goes_on_with_what_is_missing(tmp_path: Path) -> None:
    first = Looks(lives=2)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, first)
    second = Looks()
    run(tmp_path, second)
    assert len(second.visits) == len(PROVINCES) - 2
    assert first.visits.keys().isdisjoint(second.visits)
    assert len(read_cells(tmp_path)) == 2 * len(PROVINCES)


def test_a_line_that_was_cut_off_is_examined_again(tmp_path: Path) -> None:
    run(tmp_path, Looks())
    path = tmp_path / CELLS
    path.write_bytes(path.read_bytes()[:-20])
    looks = Looks()
    run(tmp_path, looks)
    assert len(looks.visits) == 1
    assert len(read_cells(tmp_path)) == 2 * len(PROVINCES)


def test_silence_is_not_seen_and_not_kept_as_done(tmp_path: Path) -> None:
    silent = frozenset({PROVINCES[0].code})
    run(tmp_path, Looks(silent))
    by_province = {cell.province: cell for cell in read_cells(tmp_path)}
    assert by_province[PROVINCES[0].code].outcome == "inconclusive"
    assert by_province[PROVINCES[0].code].unseen[0].why.en == "silence"
    again = Looks()
    run(tmp_path, again)
    assert list(again.visits) == [PROVINCES[0].code]
    assert {cell.outcome for cell in read_cells(tmp_path)} == {"met"}


def test_a_system_that_the_target_does_not_name_leaves_the_check_open(tmp_path: Path) -> None:
    looks = Looks()
    run(tmp_path, looks, systems=frozenset({"other"}))
    assert looks.visits == {}
    cells = read_cells(tmp_path)
    assert {cell.outcome for cell in cells} == {"inconclusive"}
    assert "portal" in cells[0].unseen[0].why.en


async def test_a_check_that_looked_at_nothing_is_not_met() -> None:
    class Nothing(Looks):
        async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:  # noqa: ARG002
            return [Notes(COLOUR, province).cell()]

    async with httpx.AsyncClient() as client:
        desk = Desk(Target("", {"portal": "http://portal.test"}), client, rate=1, at_once=1)
        (cell,) = await visit(Nothing(), PROVINCES[0], desk)
    assert cell.outcome == "inconclusive"
    assert msgspec.json.decode(msgspec.json.encode(cell), type=Cell) == cell
