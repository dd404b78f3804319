"""The validity of a run without the rest of its report: the same as the report says."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

import reports
from reports.errors import RunFolderError
from reports.explore.model import Validity
from reports.explore.validity import examine, main
from tests.reports import defects
from tests.reports.factory import Night


def test_a_run_that_can_be_believed_is_not_doubted(run: Night, tmp_path: Path) -> None:
    assert examine(run.write(tmp_path / "run")).doubts == []


def test_the_doubts_are_those_of_the_report(run: Night, tmp_path: Path) -> None:
    defects.interrupted(run)
    folder = run.write(tmp_path / "run")
    told = [each for each in reports.build(folder).validity.findings if each.outcome != "met"]
    found = examine(folder).doubts
    assert [(each.name, each.explanation) for each in found] == [
        (each.name, each.explanation) for each in told
    ]
    assert "run-completed" in {each.name for each in found}


def test_the_command_leaves_a_file(run: Night, tmp_path: Path) -> None:
    folder = run.write(tmp_path / "run")
    assert CliRunner().invoke(main, [str(folder)]).exit_code == 0
    assert msgspec.json.decode((folder / "validity.json").read_bytes(), type=Validity).doubts == []


def test_a_folder_that_cannot_be_read_is_exit_code_2(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, [str(tmp_path / "nowhere")])
    assert done.exit_code == 2
    assert "no such folder" in done.output
    with pytest.raises(RunFolderError):
        examine(tmp_path / "nowhere")
