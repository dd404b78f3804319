"""``rehearse matrix`` as a person calls it, with a country that is played in no time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from rehearsal.cli import guarded
from rehearsal.errors import ExitCode, SetUpError
from rehearsal.matrix import command as module
from rehearsal.matrix.cells import singles
from rehearsal.matrix.command import command
from rehearsal.matrix.layout import Series
from rehearsal.scenario import Scenario
from reports.matrix.files import Seen, SeenCell
from reports.matrix.model import Matrix
from tests.rehearsal.matrix.fakes import FakePlayer, seen

Show = Callable[[str, bool], SeenCell]


def call(*arguments: str) -> int:
    return guarded(command, arguments)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Show], FakePlayer]:
    """Lets the fake player play from now on."""

    def playing(show: Show) -> FakePlayer:
        player = FakePlayer(tmp_path / "smoke-matrix", show)

        def rehearsed(scenario: Scenario, series: Series, *_: object) -> Path:
            return player(scenario, series)

        monkeypatch.setattr(module, "rehearsed", rehearsed)
        return player

    return playing


def matrix_in(folder: Path) -> Matrix:
    return msgspec.json.decode((folder / "smoke-matrix" / "matrix.json").read_bytes(), type=Matrix)


def broken(name: str) -> SeenCell:
    journey = Seen("look-up-dossier", requests=9, right=8, slow=0, errors={"wrong-dossier": 1}, longest=0.1)
    return seen(name, journeys=[journey])


@pytest.mark.parametrize(
    ("show", "code"),
    [
        pytest.param(lambda name, _first: seen(name), ExitCode.MET, id="all as expected"),
        pytest.param(lambda name, _first: broken(name), ExitCode.MISSED, id="wrong answers"),
        pytest.param(lambda name, _first: seen(name, met=0), ExitCode.INCONCLUSIVE, id="hit nothing"),
    ],
)
def test_the_exit_code_says_what_came_of_it(
    tmp_path: Path, played: Callable[[Show], FakePlayer], show: Show, code: ExitCode
) -> None:
    played(show)
    assert call("smoke", "--only", "checkout", "--runs", str(tmp_path)) == code
    matrix = matrix_in(tmp_path)
    assert matrix.planned == len(singles(["checkout"]))
    assert {path.name for path in (tmp_path / "smoke-matrix").glob("matrix.*")} == {
        "matrix.html", "matrix.md", "matrix.json",
    }  # fmt: skip


@pytest.mark.parametrize("end", [SetUpError("no port is free"), KeyboardInterrupt()], ids=["error", "Ctrl-C"])
def test_what_was_done_is_shown_however_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: BaseException
) -> None:
    player = FakePlayer(tmp_path / "smoke-matrix")

    def rehearsed(scenario: Scenario, series: Series, *_: object) -> Path:
        if player.played:
            raise end
        return player(scenario, series)

    monkeypatch.setattr(module, "rehearsed", rehearsed)
    code = call("smoke", "--only", "checkout", "--runs", str(tmp_path))
    assert code == (ExitCode.NO_ENVIRONMENT if isinstance(end, SetUpError) else ExitCode.INTERRUPTED)
    matrix = matrix_in(tmp_path)
    assert (matrix.outcome, matrix.not_run) == ("inconclusive", matrix.planned)


def test_cells_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--only", "checkout", "--list") == 0
    assert capsys.readouterr().out.splitlines() == [cell.name for cell in singles(["checkout"])]


def test_an_unknown_dependency_is_a_usage_error_with_the_nearest_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert call("--only", "chekout", "--list") == ExitCode.USAGE
    assert 'did you mean "checkout"?' in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "smoke-matrix").touch()
    assert call("smoke", "--runs", str(tmp_path)) == ExitCode.NO_ENVIRONMENT
    assert "name another with --runs" in capsys.readouterr().err
