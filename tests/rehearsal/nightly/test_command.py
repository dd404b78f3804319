"""``rehearse all``: what it makes, what it keeps, what it says, and how it ends."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal import sources
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
    table = (tmp_path / FOLDER / TABLE).read_text(encoding="utf-8")
    assert table.count("✓") == 4
    assert "✓ `closed-portals@portal-01`, ✓ `provinces-connected@case-24`" in table
    said = capsys.readouterr().out
    assert "1/2 s1-t0-minute: met, as expected" in said
    assert "2 of 2 rehearsals ended as expected" in said


@pytest.mark.parametrize(
    ("otherwise", "told"),
    [
        pytest.param({PAIR[0]: ["slo.read"]}, "MISSED by slo.read, expected met", id="prepared misses"),
        pytest.param({PAIR[1]: []}, "MET, expected missed", id="unprepared meets"),
        pytest.param({PAIR[1]: ["slo.read"]}, "not named: closed-portals@", id="missed for another reason"),
        pytest.param(
            {PAIR[1]: ["closed-portals@portal-02", "provinces-connected@case-24"]},
            "not named: closed-portals@portal-01 (",
            id="missed elsewhere",
        ),
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


def test_every_row_of_the_file_says_what_came_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plays(tmp_path, monkeypatch, {PAIR[0]: None, PAIR[1]: ["slo.read", "provinces-connected@case-24"]})
    file = tmp_path / "nightly.json"
    called(tmp_path, *ONLY, "--json", str(file))
    prepared, unprepared = json.loads(file.read_bytes())["rows"]
    wanted = ["closed-portals@portal-01", "provinces-connected@case-24"]
    assert prepared.pop("seconds") >= 0
    assert unprepared.pop("seconds") >= 0
    assert prepared == {
        "scenario": PAIR[0],
        "day": "2025-07-01",
        "prepared": True,
        "expected": "met",
        "outcome": "failed",
        "as_expected": False,
        "missed": {},
        "reasons_wanted": [],
        "reasons_found": [],
        "explanation": "exit code 4: port 20001 is taken",
        "folder": "",
        "attempts": 2,
    }
    assert unprepared == {
        "scenario": PAIR[1],
        "day": "2025-07-01",
        "prepared": False,
        "expected": "missed",
        "outcome": "missed",
        "as_expected": False,
        "missed": {"slo.read": [], "provinces-connected": ["case-24"]},
        "reasons_wanted": wanted,
        "reasons_found": wanted[1:],
        "explanation": "slo.read is why.",
        "folder": str(tmp_path / "made" / PAIR[1]),
        "attempts": 1,
    }


def test_a_night_that_came_to_its_end_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called_with(plays(tmp_path, monkeypatch), tmp_path) == PAIR
    assert called_with(plays(tmp_path, monkeypatch, {PAIR[0]: ["slo.read"]}), tmp_path) == PAIR
    assert called_with(plays(tmp_path, monkeypatch), tmp_path) == PAIR, (
        "what was not as expected is an end, too"
    )
    assert "kept" not in capsys.readouterr().out


def test_an_unfinished_night_goes_on_with_what_ended_as_expected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called_with(plays(tmp_path, monkeypatch, {PAIR[1]: None}), tmp_path) == [*PAIR, PAIR[1]]
    capsys.readouterr()
    assert called_with(plays(tmp_path, monkeypatch), tmp_path) == PAIR[1:]
    assert "1 of 2 runs are kept, of a series that was not finished" in capsys.readouterr().out
    assert called_with(plays(tmp_path, monkeypatch), tmp_path) == PAIR, "now it was finished"


def test_what_ended_otherwise_is_made_again_when_a_night_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called_with(plays(tmp_path, monkeypatch, {PAIR[0]: ["slo.read"], PAIR[1]: None}), tmp_path)
    assert called_with(plays(tmp_path, monkeypatch), tmp_path) == PAIR


def test_an_unfinished_night_is_begun_anew_where_that_is_wanted_or_the_code_is_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfinished: dict[str, Missed] = {PAIR[1]: None}
    called_with(plays(tmp_path, monkeypatch, unfinished), tmp_path)
    assert called_with(plays(tmp_path, monkeypatch, unfinished), tmp_path, "--fresh") == [*PAIR, PAIR[1]]
    monkeypatch.setattr(sources, "digest", lambda: "other code")
    assert called_with(plays(tmp_path, monkeypatch), tmp_path) == PAIR


def test_a_night_of_other_scenarios_does_not_go_on_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called_with(plays(tmp_path, monkeypatch, {PAIR[1]: None}), tmp_path)
    makes = plays(tmp_path, monkeypatch)
    called(tmp_path, *ONLY, "--only", "smoke")
    assert sorted(makes.made) == sorted([*PAIR, "smoke"])


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


def test_what_cannot_be_written_is_told_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / FOLDER).touch()
    makes = plays(tmp_path, monkeypatch)
    assert called(tmp_path, *ONLY) == ExitCode.NO_ENVIRONMENT
    assert f"{tmp_path / FOLDER}: cannot be written (File exists)" in capsys.readouterr().err
    assert makes.made == []


@pytest.mark.parametrize(
    ("missed", "kept"), [pytest.param([], 1, id="as expected"), pytest.param(["slo.read"], 0, id="otherwise")]
)
async def test_an_interrupted_night_says_what_is_kept_and_keeps_it(
    tmp_path: Path, missed: list[str], kept: int
) -> None:
    first = AsExpected(tmp_path / "made", {PAIR[0]: missed})

    async def until_the_second(task: Task, country_is_gone: Callable[[], None]) -> Made:
        if first.made:
            signal.raise_signal(signal.SIGINT)
            await asyncio.Event().wait()
        return await first(task, country_is_gone)

    said: list[str] = []
    nights = Nights(chosen(entries(), ["s1-t0-minute"]), tmp_path / FOLDER, said.append)
    with pytest.raises(Interrupted, match=f"; {kept} runs are kept"):
        await until_interrupted(nights, until_the_second)
    assert [row.scenario for row in nights.rows] == PAIR[:1]
    again = Nights(chosen(entries(), ["s1-t0-minute"]), tmp_path / FOLDER, said.append)
    assert again.rows == nights.rows[:kept]
