"""``rehearse requirements``: what it writes, and how it ends."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from rehearsal.cli import guarded
from rehearsal.errors import ExitCode
from rehearsal.requirements.command import command
from reports.requirements.model import DEMANDS, FOLDER
from tests.reports.requirements.examples import called, run


def ending(monkeypatch: pytest.MonkeyPatch, status: int) -> list[list[str]]:
    """The reports in a process of their own, as a fake: the calls that were made."""
    calls: list[list[str]] = []

    def fake(arguments: list[str], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        calls.append(arguments)
        return subprocess.CompletedProcess(arguments, status)

    monkeypatch.setattr(subprocess, "run", fake)
    return calls


@pytest.mark.parametrize(
    ("status", "code"),
    [
        pytest.param(0, ExitCode.MET, id="nothing failed"),
        pytest.param(1, ExitCode.MISSED, id="an obligation failed"),
        pytest.param(2, ExitCode.USAGE, id="a file cannot be written"),
        pytest.param(3, ExitCode.INCONCLUSIVE, id="too little is shown"),
        pytest.param(-9, ExitCode.OUR_FAULT, id="killed"),
    ],
)
def test_how_the_reports_end_is_how_the_command_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, code: ExitCode
) -> None:
    calls = ending(monkeypatch, status)
    runs = tmp_path / "runs"
    runs.mkdir()  # nothing was run
    assert guarded(command, ["--runs", str(runs), "--json", "a.json", "--markdown", "a.md"]) == code
    assert calls[0][1:] == ["-m", "reports.requirements", str(runs), "--json", "a.json", "--markdown", "a.md"]
    assert len(json.loads((runs / FOLDER / DEMANDS).read_bytes())["obligations"]) == 127


def test_the_reports_are_told_about_whom_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = ending(monkeypatch, 0)
    assert guarded(command, ["--runs", str(tmp_path), "--subject", "staging"]) == ExitCode.MET
    assert calls[0][-2:] == ["--subject", "staging"]


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = ending(monkeypatch, 0)
    (tmp_path / FOLDER).write_bytes(b"")
    assert guarded(command, ["--runs", str(tmp_path)]) == ExitCode.NO_ENVIRONMENT
    assert "cannot be written" in capsys.readouterr().err
    assert not calls


def test_a_folder_of_runs_that_is_not_there_is_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = ending(monkeypatch, 0)
    assert guarded(command, ["--runs", str(tmp_path / "nowhere")]) == ExitCode.USAGE
    assert "nowhere: there is no such folder" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()
    assert not calls


def test_every_folder_that_is_not_there_is_named_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = ending(monkeypatch, 0)
    page = str(tmp_path / "none" / "a.html")
    made = ["--runs", str(tmp_path / "nowhere"), "--json", str(tmp_path / "none" / "a.json"), "--html", page]
    assert guarded(command, made) == ExitCode.USAGE
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert "nowhere: there is no such folder" in said[0]
    assert f"a.json: there is no folder {tmp_path / 'none'}" in said[1]
    assert f"--html {page}" in said[2]
    assert not calls


def test_a_wrong_file_of_deadlines_is_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, 0)
    assert guarded(command, ["--runs", str(tmp_path), "--deadlines", "none.toml"]) == ExitCode.USAGE


@pytest.mark.e2e
def test_evidence_of_all_kinds_becomes_a_matrix(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(
        tmp_path,
        {"slo.submit": ("met", ["VP318-0-2"])},
        scenario="closing-night",
        states=["VP318-0-2", "LC-1-6"],
    )
    called(tmp_path, {"hotline-numbers": ("missed", ["TTG96-1c-1"])})
    called(tmp_path, {"dossiers-complete": ("met", ["VP0701-4-1"])}, kind="conversion")
    file = tmp_path / "matrix.json"
    assert guarded(command, ["--runs", str(tmp_path), "--json", str(file)]) == ExitCode.MISSED
    content = json.loads(file.read_bytes())
    states = {row["obligation"]["id"]: row["state"] for row in content["rows"]}
    assert {id_ for id_, state in states.items() if state == "proved"} == {"VP318-0-2", "VP0701-4-1"}
    assert states["LC-1-6"] == "not_yet_run", "the scenario states it, and nothing in its run bears it"
    assert {id_ for id_, state in states.items() if state == "failed"} == {"TTG96-1c-1"}
    assert sum(content["counts"].values()) == 127
    assert "failed: TTG96-1c-1 in readiness: hotline-numbers" in capfd.readouterr().out
