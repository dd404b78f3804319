"""Two cells for real: played with real processes and the real Toxiproxy, observed, judged and shown."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from rehearsal.conductor import How
from rehearsal.matrix import layout
from rehearsal.matrix.cells import singles
from rehearsal.matrix.filling import Filling, folder_of, write
from rehearsal.matrix.generating import journeys_of
from rehearsal.matrix.layout import Series
from rehearsal.matrix.playing import Keeper, rehearsed
from rehearsal.scenario import Scenario, load
from reports.matrix.model import Matrix

pytestmark = pytest.mark.e2e

BASE = load("smoke")


def test_a_link_that_is_cut_and_a_system_that_answers_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "QUIET", 8.0)
    wanted = ("identity-cut", "identity-errors")
    cells = [cell for cell in singles(["identity"]) if cell.name in wanted]
    folder = folder_of(BASE, tmp_path, pairs=False)
    folder.mkdir(parents=True)

    def play(scenario: Scenario, series: Series) -> Path:
        return rehearsed(scenario, series, journeys_of(BASE), tmp_path, How(), workers=1)

    filling = Filling(BASE, cells, Keeper(folder, "identity", fresh=True), play, lambda _: None, rate=16.0)
    filling.fill()
    write(filling, folder)
    matrix = msgspec.json.decode((folder / "matrix.json").read_bytes(), type=Matrix)
    assert (matrix.planned, matrix.not_run) == (2, 0)
    assert matrix.acknowledged > 0
    assert (matrix.lost, matrix.doubled, matrix.charged_twice) == (0, 0, 0)
    for cell in matrix.cells:
        assert cell.met > 0
        told = {journey.journey: journey for journey in cell.journeys}
        assert told["sign-in"].role == "asked"
        assert told["sign-in"].errors, "nobody noticed that VNeID was gone"
        assert told["read-procedure"].role == "unused"
        assert told["read-procedure"].errors == {}
        assert (folder / cell.run / "report.html").exists()
