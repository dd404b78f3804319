"""``rehearse selftest``: what it makes, what it keeps, what it says, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal import sources
from rehearsal.cli import guarded
from rehearsal.errors import ExitCode, Interrupted
from rehearsal.selftest import command as module
from rehearsal.selftest.command import FOLDER, MATRIX, Selftest, command
from rehearsal.selftest.planting import tasks
from rehearsal.selftest.rows import Task
from rehearsal.selftest.running import Made
from tests.rehearsal.selftest.examples import Makes, Shown

ONLY = ("--only", "stale-reads", "--only", "loses-acknowledged")


@pytest.fixture
def makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Makes:
    """Runs in place of rehearsals."""
    made = Makes(tmp_path / "made")
    monkeypatch.setattr(module, "Rehearsals", lambda *_: made)
    return made


def called(tmp_path: Path, *arguments: str) -> int:
    return guarded(command, ["--runs", str(tmp_path), *arguments])


def test_everything_as_it_should_be_is_code_0(
    makes: Makes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    assert called(tmp_path, *ONLY, "--clean", "3", "--json", str(file)) == ExitCode.MET
    # in the order of the expectations, whatever the order of the options
    assert makes.made == ["loses-acknowledged", "stale-reads", "clean-01", "clean-02", "clean-03"]
    content = json.loads(file.read_bytes())
    assert [content[name] for name in ("planted", "detected", "false_alarms")] == [2, 2, 0]
    assert (tmp_path / FOLDER / MATRIX).read_text(encoding="utf-8").startswith("# Tự kiểm tra")
    said = capsys.readouterr().out
    assert "1/5 loses-acknowledged in national-portal: detected by no-dossier-lost" in said
    assert "2 of 2 planted defects were detected" in said
    assert "0 false alarms in 3 clean runs" in said


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param({"stale-reads": [{}]}, id="a defect that nobody saw"),
        pytest.param({"clean-01": [{"missed": ["no-dossier-lost"]}]}, id="a false alarm"),
        pytest.param({"clean-01": [None]}, id="a run without a verdict"),
    ],
)
def test_anything_else_is_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: dict[str, list[Shown]]
) -> None:
    monkeypatch.setattr(module, "Rehearsals", lambda *_: Makes(tmp_path / "made", shown))
    assert called(tmp_path, *ONLY, "--clean", "1") == ExitCode.MISSED


def test_a_series_that_came_to_its_end_is_begun_anew(
    makes: Makes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert called(tmp_path, *ONLY, "--clean", "1") == ExitCode.MET
    assert len(makes.made) == 6
    assert "kept" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("shown", "again"),
    [
        pytest.param({"clean-01": [None]}, ["clean-01"], id="one without a verdict"),
        pytest.param(
            {"clean-01": [None], "stale-reads": [{}]},
            ["stale-reads", "clean-01"],
            id="and one that is not as it should be",
        ),
    ],
)
def test_an_unfinished_series_goes_on_with_what_was_as_it_should_be(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    shown: dict[str, list[Shown]],
    again: list[str],
) -> None:
    monkeypatch.setattr(module, "Rehearsals", lambda *_: Makes(tmp_path / "made", shown))
    assert called(tmp_path, *ONLY, "--clean", "1") == ExitCode.MISSED
    well = Makes(tmp_path / "made")
    monkeypatch.setattr(module, "Rehearsals", lambda *_: well)
    assert called(tmp_path, *ONLY, "--clean", "1") == ExitCode.MET
    assert well.made == again
    assert f"{3 - len(again)} of 3 runs are kept, of a series that was not" in capsys.readouterr().out


@pytest.mark.parametrize(
    "other", [["--clean", "2"], ["--clean", "1", "--seed", "9"], ["--clean", "1", "--fresh"]]
)
def test_another_call_does_not_go_on_with_it(
    makes: Makes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: list[str]
) -> None:
    monkeypatch.setattr(module, "Rehearsals", lambda *_: Makes(tmp_path / "made", {"clean-01": [None]}))
    called(tmp_path, *ONLY, "--clean", "1")
    monkeypatch.setattr(module, "Rehearsals", lambda *_: makes)
    assert called(tmp_path, *ONLY, *other) == ExitCode.MET
    assert makes.made[:2] == ["loses-acknowledged", "stale-reads"]


def test_other_code_does_not_go_on_with_it(
    makes: Makes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "Rehearsals", lambda *_: Makes(tmp_path / "made", {"clean-01": [None]}))
    called(tmp_path, *ONLY, "--clean", "1")
    monkeypatch.setattr(module, "Rehearsals", lambda *_: makes)
    monkeypatch.setattr(sources, "digest", lambda: "changed")
    called(tmp_path, *ONLY, "--clean", "1")
    assert len(makes.made) == 3


def test_what_is_judged_again_is_not_gone_on_with_as_if_this_code_had_run_it(
    makes: Makes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called(tmp_path, *ONLY, "--clean", "0")
    monkeypatch.setattr(module, "Rehearsals", lambda *_: Makes(tmp_path / "made", {"clean-01": [None]}))
    called(tmp_path, *ONLY, "--clean", "1", "--judge-again")
    makes.made.clear()
    monkeypatch.setattr(module, "Rehearsals", lambda *_: makes)
    called(tmp_path, *ONLY, "--clean", "1")
    assert len(makes.made) == 3


def test_what_was_run_is_judged_again_and_not_run_again(
    makes: Makes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(tmp_path, *ONLY, "--clean", "0") == ExitCode.MET
    judged: dict[str, Path] = {}

    def rehearsals(_folder: Path, _toxiproxy: str | None, kept: dict[str, Path]) -> Makes:
        judged.update(kept)
        return Makes(tmp_path / "made", {"stale-reads": [{}]})

    monkeypatch.setattr(module, "Rehearsals", rehearsals)
    file = tmp_path / "figures.json"
    arguments = (*ONLY, "--clean", "1", "--judge-again", "--json", str(file))
    assert called(tmp_path, *arguments) == ExitCode.MISSED, "a check has changed: one defect is missed now"
    assert judged == {name: tmp_path / "made" / name for name in ("loses-acknowledged", "stale-reads")}
    assert "2 of 3 runs are kept, and judged again" in capsys.readouterr().out
    assert [row["detected"] for row in json.loads(file.read_bytes())["rows"]] == [True, False, False]


async def test_it_is_told_how_long_it_will_take(tmp_path: Path) -> None:
    clock = iter(range(0, 1000, 60))  # each row takes a minute
    said: list[str] = []
    selftest = Selftest(list(tasks((), 2, 1))[-3:], tmp_path, said.append, now=lambda: next(clock))
    await selftest.make(Makes(tmp_path / "made"), 1)
    assert [line.rpartition(";")[2].strip() for line in said[:2]] == [
        "about 2 min to go", "about 60 s to go"
    ]  # fmt: skip
    assert "to go" not in said[2]


def test_an_interrupted_series_keeps_what_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken(Makes):
        async def __call__(self, task: Task, country_is_gone: Callable[[], None]) -> Made:
            if task.name == "stale-reads":
                raise Interrupted("interrupted")
            return await super().__call__(task, country_is_gone)

    monkeypatch.setattr(module, "Rehearsals", lambda *_: Broken(tmp_path / "made"))
    file = tmp_path / "figures.json"
    assert called(tmp_path, *ONLY, "--clean", "0", "--json", str(file)) == ExitCode.INTERRUPTED
    assert [row["defect"] for row in json.loads(file.read_bytes())["rows"]] == ["loses-acknowledged"]
    monkeypatch.setattr(module, "Rehearsals", lambda *_: Makes(tmp_path / "made"))
    assert called(tmp_path, *ONLY, "--clean", "0") == ExitCode.MET
    assert "1 of 2 runs are kept, of a series that was not finished" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--only", "stale-read"), 'did you mean "stale-reads"?'),
        (("--clean", "-1"), "-1 is not in the range"),
        (("--at-once", "0"), "0 is not in the range"),
        (("--json", "nowhere/x.json"), "does not exist"),
        (("--json", "."), "is a directory"),
    ],
)
def test_what_is_asked_wrongly_is_told_before_anything_runs(
    makes: Makes, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert called(tmp_path, *arguments) == ExitCode.USAGE
    assert told in capsys.readouterr().err
    assert makes.made == []
    assert not (tmp_path / FOLDER).exists()
