"""``python -m reports RUN_DIR``: each way of ending has its own exit code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import reports
from reports.__main__ import main
from tests.reports import defects
from tests.reports.factory import Night


@pytest.mark.parametrize(
    ("plant", "code", "word"),
    [
        pytest.param(defects.no_defect, 0, "MET", id="met"),
        pytest.param(defects.duplicate_charge, 1, "MISSED", id="missed"),
        pytest.param(defects.interrupted, 3, "INCONCLUSIVE", id="interrupted"),
    ],
)
def test_the_exit_code_is_the_verdict(
    run: Night, tmp_path: Path, plant: Callable[[Night], None], code: int, word: str
) -> None:
    plant(run)
    folder = run.write(tmp_path / "run")
    ended = CliRunner().invoke(main, [str(folder)])
    assert ended.exit_code == code, ended.output
    assert word in ended.output.splitlines()[0]
    assert str(folder / "report.html") in ended.output
    assert (folder / "junit.xml").exists()


def test_quiet_says_nothing(run: Night, tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, [str(run.write(tmp_path / "run")), "--quiet"])
    assert (ended.exit_code, ended.output) == (0, "")


def test_a_folder_that_cannot_be_read_ends_with_2_and_one_line(tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, [str(tmp_path)])
    assert ended.exit_code == 2
    assert ended.stderr.splitlines() == [f"error: {tmp_path}: plan.json is missing; every run folder has one"]


def test_a_fault_of_our_own_ends_with_70_and_no_traceback(
    run: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_folder: Path) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(reports, "build", broken)
    ended = CliRunner().invoke(main, [str(tmp_path)])
    assert ended.exit_code == 70
    assert "RuntimeError: a bug" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_process_that_only_writes_journals_loads_no_pandas() -> None:
    program = (
        "import sys, reports, reports.journal, reports.journal_writer, reports.journal_reader;"
        "print(sorted({'pandas', 'matplotlib', 'jinja2', 'locust'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
