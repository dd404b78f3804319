"""``rehearse calibrate`` tells a person and a program the same, and keeps what it found."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
import msgspec
import pytest

from rehearsal.calibration import command as commands
from rehearsal.calibration.record import Calibration, default_path, load
from rehearsal.cli import guarded
from rehearsal.errors import ExitCode
from tests.rehearsal.calibration.examples import calibration

TABLE = """\
Accuracy at 320 requests/s: exponential service times with mean 5 ms; all in milliseconds
          analytic     drawn      stub  measured             bias            error
  p50        3.466     3.400     3.450     3.650   +0.200 (+5.8%)   +0.184 (+5.3%)
  p99       23.026    23.100    23.200    23.500   +0.300 (+1.3%)   +0.474 (+2.1%)
  stub: as it answered; bias: measured - stub; error: measured - analytic, which includes chance

One worker offers 500 requests/s honestly.
Above it: requests were sent late: p99 30 ms (limit 20 ms)."""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    path = tmp_path / "cache" / "calibration.json"
    monkeypatch.setattr(commands, "default_path", lambda: path)
    assert default_path() != path
    return path


def found(monkeypatch: pytest.MonkeyPatch, result: Calibration | BaseException) -> list[tuple[Path, float]]:
    """What a calibration is to find; with which folder and seconds it was asked for."""
    asked: list[tuple[Path, float]] = []

    async def calibrate(folder: Path, seconds: float, *, say: object) -> Calibration:
        asked.append((folder, seconds))
        if isinstance(result, BaseException):
            raise result
        return result

    monkeypatch.setattr(commands, "calibrate", calibrate)
    return asked


def test_it_prints_a_table_and_keeps_the_result(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = found(monkeypatch, calibration())
    also = tmp_path / "also.json"
    assert guarded(commands.command, ["--seconds", "2", "--json", str(also)]) == ExitCode.MET
    assert TABLE in capsys.readouterr().out
    assert load(cache) == calibration()
    assert msgspec.json.decode(also.read_bytes(), type=Calibration) == calibration()
    ((folder, seconds),) = asked
    assert seconds == 2.0
    assert not folder.exists(), "the trials of a temporary folder are gone"


def test_a_limit_that_was_not_the_generators_is_told_as_a_lower_bound(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found(monkeypatch, calibration(at_least=True))
    assert guarded(commands.command, []) == ExitCode.MET
    assert "One worker offers at least 500 requests/s honestly." in capsys.readouterr().out


def test_trials_are_kept_where_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = found(monkeypatch, calibration())
    assert guarded(commands.command, ["--out", str(tmp_path / "kept")]) == ExitCode.MET
    assert asked == [(tmp_path / "kept", 3.0)]


def test_an_interrupted_calibration_keeps_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found(monkeypatch, asyncio.CancelledError())
    assert guarded(commands.command, []) == ExitCode.INTERRUPTED
    assert "nothing was calibrated" in capsys.readouterr().err
    assert not cache.exists()


def test_it_is_a_command() -> None:
    assert isinstance(commands.command, click.Command)
    assert commands.command.name == "calibrate"
