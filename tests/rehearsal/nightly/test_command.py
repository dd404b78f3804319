"""``rehearse all``: what it makes, what it keeps, what it says, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal.cli import guarded
from rehearsal.errors import ExitCode, Interrupted
from rehearsal.nightly import command as module
from rehearsal.nightly.calendar import entries
from rehearsal.nightly.command import FOLDER, TABLE, Nights, command, until_interrupted
from rehearsal.nightly.tasks import chosen
from rehearsal.selftest.rows import Task
from rehearsal.selftest.running import Made
from tests.rehearsal.nightly.examples import AsExpected, Missed

ONLY = ("--only", "s1-t0-minute")
PAIR = ["s1-t0-minute", "s1-t0-minute-unprepared"]


def plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, otherwise: dict[str, Missed] | None = None
) -> AsExpected:
    """Runs in place of rehearsals."""
    makes = AsExpected(tmp_path / "made", otherwise)
    monkeypatch.setattr(module, "Runs", lambda *_: makes)
    return makes


def called(tmp_path: Path, *arguments: str) -> int:
    return guarded(command, ["--runs", str(tmp_path), *arguments])


def test_everything_as_expected_is_code_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    makes = plays(tmp_path, monkeypatch)
    file = tmp_path / "nightly.json"
    assert called(tmp_path, *ONLY, "--json", str(file)) == ExitCode.MET
    assert makes.made == PAIR
    content = json.loads(file.read_bytes())
    assert [content[name] for name in ("planned", "made", "as_expected")] == [2, 2, 2]
    assert [row["prepared"] for row in content["rows"]] == [True, False]
    assert (tmp_path / FOLDER / TABLE).read_text(encoding="utf-8").count("✓") == 2
    said = capsys.readouterr().out
    assert "1/2 s1-t0-minute: met, as expected" in said
    assert "2 of 2 rehearsals ended as expected" in said


@pytest.mark.parametrize(
    ("otherwise", "told"),
    [
        pytest.param({PAIR[0]: ["slo.read"]}, "MISSED by slo.read, expected met", id="prepared misses"),
        pytest.param({PAIR[1]: []}, "MET, expected missed", id="unprepared meets"),
        pytest.param({PAIR[1]: ["slo.read"]}, "not named: closed-portals", id="missed for another reason"),
        pytest.param({PAIR[0]: None}, "port 20001 is taken", id="no verdict"),
    ],
)
def test_anything_else_is_code_1_and_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    otherwise: dict[str, Missed],
    told: str,
) -> None:
    plays(tmp_path, monkeypatch, otherwise)
    assert called(tmp_path, *ONLY) == ExitCode.MISSED
    assert told in capsys.readouterr().out


def test_a_run_without_a_verdict_is_made_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    makes = plays(tmp_path, monkeypatch, {PAIR[0]: None})
    called(tmp_path, *ONLY)
    assert makes.made == [PAIR[0], PAIR[0], PAIR[1]]


def test_what_was_made_is_kept_and_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert called_with(plays(tmp_path, monkeypatch, {PAIR[1]: None}), tmp_path) == [PAIR[0], PAIR[1], PAIR[1]]
    assert called_with(plays(tmp_path, monkeypatch), tmp_path) == [PAIR[1]], "only that without a verdict"
    assert called_with(plays(tmp_path, monkeypatch), tmp_path) == []
    assert called_with(plays(tmp_path, monkeypatch), tmp_path, "--fresh") == PAIR


def called_with(makes: AsExpected, tmp_path: Path, *more: str) -> list[str]:
    called(tmp_path, *ONLY, *more)
    return makes.made


def test_an_unknown_scenario_is_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(tmp_path, "--only", "s1-t0-minut") == ExitCode.USAGE
    assert 'did you mean "s1-t0-minute"' in capsys.readouterr().err


def test_a_scenario_of_another_command_is_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(tmp_path, "--only", "selftest") == ExitCode.USAGE
    assert "is not run at night" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_code_2(tmp_path: Path) -> None:
    assert called(tmp_path, "--json", str(tmp_path / "missing" / "nightly.json")) == ExitCode.USAGE


async def test_an_interrupted_night_says_what_is_kept(tmp_path: Path) -> None:
    first = AsExpected(tmp_path / "made")

    async def until_the_second(task: Task, country_is_gone: Callable[[], None]) -> Made:
        if first.made:
            raise Interrupted("somebody pressed Ctrl-C")
        return await first(task, country_is_gone)

    said: list[str] = []
    nights = Nights(chosen(entries(), ["s1-t0-minute"]), tmp_path / FOLDER, said.append)
    with pytest.raises(Interrupted):
        await until_interrupted(nights, until_the_second)
    assert [row.scenario for row in nights.rows] == PAIR[:1]
    assert Nights(chosen(entries(), ["s1-t0-minute"]), tmp_path / FOLDER, said.append).rows == nights.rows
