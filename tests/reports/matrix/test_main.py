"""``python -m reports.matrix``: two commands, their files and their exit codes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from reports.matrix.__main__ import main
from reports.matrix.files import CELLS, OBSERVED, PLANNED, Cell, Cells, Observed
from tests.reports.factory import Night
from tests.reports.matrix.examples import observed, planned, planned_cell, quiet, seen_cell


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def matrix_of(folder: Path, *, missing: bool = False) -> Path:
    plan = planned(planned_cell("good"), *([planned_cell("later", runs=[])] if missing else []))
    (folder / PLANNED).write_bytes(msgspec.json.encode(plan))
    for name, run in (("quiet", quiet()), ("run-1", observed(seen_cell("good")))):
        (folder / name).mkdir()
        (folder / name / OBSERVED).write_bytes(msgspec.json.encode(run))
    return folder


@pytest.mark.parametrize(("missing", "code"), [(False, 0), (True, 3)])
def test_writing_a_matrix_says_the_verdict_and_its_exit_code(
    tmp_path: Path, missing: bool, code: int
) -> None:
    done = call("write", str(matrix_of(tmp_path, missing=missing)))
    assert done.exit_code == code
    assert "cells were run" in done.output
    assert str(tmp_path / "matrix.html") in done.output


def test_a_folder_without_a_plan_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    done = call("write", str(tmp_path))
    assert done.exit_code == 2
    assert PLANNED in done.output


def test_observing_a_run_writes_its_reports_and_what_it_showed(run: Night, tmp_path: Path) -> None:
    folder = run.write(tmp_path / "run")
    cells = Cells(["submit-dossier"], [Cell("vneid", ["vneid-slow"], 12.0, 17.0, 22.0)])
    (folder / CELLS).write_bytes(msgspec.json.encode(cells))
    done = call("observe", str(folder))
    assert done.exit_code == 0, done.output
    assert (folder / "report.html").exists()
    seen = msgspec.json.decode((folder / OBSERVED).read_bytes(), type=Observed)
    assert [cell.name for cell in seen.cells] == ["vneid"]


def test_a_run_without_cells_is_an_error_that_names_the_file(run: Night, tmp_path: Path) -> None:
    done = call("observe", str(run.write(tmp_path / "run")))
    assert done.exit_code == 2
    assert CELLS in done.output
