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
from rehearsal.matrix.filling import Filling
from rehearsal.matrix.layout import Series
from rehearsal.scenario import Scenario
from reports.matrix.files import Planned, Seen, SeenCell
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


def broken(name: str) -> SeenCell:
    journey = Seen("look-up-dossier", requests=9, right=8, slow=0, errors={"wrong-dossier": 1}, longest=0.1)
    return seen(name, journeys=[journey])


def test_a_matrix_is_filled_written_and_judged(tmp_path: Path, played: Callable[[Show], FakePlayer]) -> None:
    played(lambda name, _first: broken(name))
    assert call("smoke", "--only", "checkout", "--runs", str(tmp_path)) == ExitCode.MISSED
    folder = tmp_path / "smoke-matrix"
    matrix = msgspec.json.decode((folder / "matrix.json").read_bytes(), type=Matrix)
    assert matrix.planned == matrix.not_as_expected == len(singles(["checkout"]))
    assert {path.name for path in folder.glob("matrix.*")} == {"matrix.html", "matrix.md", "matrix.json"}


@pytest.mark.parametrize("after", [0, 1], ids=["before anything was seen", "after the quiet run"])
@pytest.mark.parametrize("end", [SetUpError("no port is free"), KeyboardInterrupt()], ids=["error", "Ctrl-C"])
def test_what_was_done_is_shown_however_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: BaseException, after: int
) -> None:
    player = FakePlayer(tmp_path / "smoke-matrix")
    written: list[Planned] = []

    def rehearsed(scenario: Scenario, series: Series, *_: object) -> Path:
        if len(player.played) == after:
            raise end
        return player(scenario, series)

    def write(filling: Filling, _folder: Path) -> int:
        written.append(filling.planned())
        return ExitCode.INCONCLUSIVE

    monkeypatch.setattr(module, "rehearsed", rehearsed)
    monkeypatch.setattr(module, "write", write)
    code = call("smoke", "--only", "checkout", "--runs", str(tmp_path))
    assert code == (ExitCode.NO_ENVIRONMENT if isinstance(end, SetUpError) else ExitCode.INTERRUPTED)
    assert len(written) == after
    for planned in written:
        assert planned.runs == [planned.quiet] == ["run-1"]
        assert all(not cell.runs for cell in planned.cells)


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
