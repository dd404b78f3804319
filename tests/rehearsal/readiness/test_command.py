"""The command line: what cannot be is refused before anything is started, and folders are found again."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

import fixtures
from rehearsal import topology
from rehearsal.cli import guarded
from rehearsal.errors import ExitCode, SetUpError
from rehearsal.readiness import folders
from rehearsal.readiness.checks import rows, unnamed
from rehearsal.readiness.command import _goes_on, command
from rehearsal.readiness.own_country import country_plan
from reports.evidence_file import EVIDENCE, read
from reports.readiness.model import READINESS, SWEEP, ProvinceRow, Sweep, Unnamed
from reports.text import Text

STARTED = datetime(2025, 6, 29, 8, tzinfo=UTC)
TARGET = 'name = "here"\n[systems]\nhotline = "http://127.0.0.1:9"\n'


def record(target: str = "", only: tuple[str, ...] = (), gaps: str = "", minutes: int = 0) -> Sweep:
    return Sweep(
        started=(STARTED + timedelta(minutes=minutes)).isoformat(),
        moment="after",
        target=target,
        checks=rows("after", only, own=not target),
        provinces=[ProvinceRow("15", Text("Lào Cai", "Lao Cai"), 99)],
        gaps=gaps,
    )


RUN = (
    "import sys; from rehearsal.cli import guarded; from rehearsal.readiness.command import command; "
    "sys.exit(guarded(command, sys.argv[1:]))"
)


def readiness(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as people start it."""
    return subprocess.run(
        [sys.executable, "-c", RUN, *arguments], capture_output=True, text=True, timeout=280
    )


def begun(runs: Path, sweep: Sweep, ended: str = "running") -> Path:
    folder = folders.begin(runs, datetime.fromisoformat(sweep.started), sweep)
    if ended == "completed":
        folders.save(
            folder, Sweep(**{**{f: getattr(sweep, f) for f in sweep.__struct_fields__}, "ended": ended})
        )
        (folder / READINESS).touch()
    return folder


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--target", "t.toml", "--planted", "3"], "mocks only", id="gaps in a target"),
        pytest.param(["--planted", "3", "--gaps", "g.toml"], "name one of them", id="two kinds of gaps"),
        pytest.param(["--target", "t.toml", "--moment", "across"], "nobody can set the clock", id="across"),
        pytest.param(["--only", "hotline"], 'did you mean "hotline-numbers"', id="no such check"),
        pytest.param(["--gaps", "none.json"], "cannot be read", id="no such file"),
        pytest.param(["--target", "none.toml"], "cannot be read", id="no such target"),
        pytest.param(["--json", "none/r.json"], "there is no folder none", id="no folder for the result"),
        pytest.param(["--planted", "0"], "0 is not in the range", id="no gap"),
        pytest.param(["--moment", "after", "--only", "portal-open-before-t0"], "no check", id="other side"),
    ],
)
def test_what_cannot_be_is_refused(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(command, [*arguments, "--runs", str(tmp_path)]) == ExitCode.USAGE
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_checks_are_listed_with_their_obligations(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(command, ["--list"]) == ExitCode.MET
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rows("across", own=True))
    assert any("hotline-numbers" in line and "TTG96-1c-1" in line for line in lines)


@pytest.mark.e2e
def test_a_target_where_nobody_answers_is_inconclusive(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(TARGET)
    arguments = ["--target", str(path), "--only", "hotline-numbers", "--runs", str(tmp_path / "runs")]
    ended = readiness(*arguments)
    assert ended.returncode == ExitCode.INCONCLUSIVE, ended.stderr
    assert "could not be examined" in ended.stdout


@pytest.mark.e2e
def test_a_sweep_that_is_interrupted_says_what_is_left_and_how_it_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(TARGET)
    given = ["--target", str(path), "--only", "hotline-numbers", "--rate", "1.0"]
    given += ["--runs", str(tmp_path / "runs")]
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, "--fresh", *given],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stderr is not None
    assert "visits made" in run.stderr.readline()
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=120)
    assert run.returncode == ExitCode.INTERRUPTED, told
    assert "34 of 34 cells (check × province) are left" in told
    assert f"It goes on with: rehearse readiness {' '.join(given)}\n" in told
    (folder,) = (tmp_path / "runs" / "readiness").iterdir()
    assert str(folder / "readiness.html") in told
    assert msgspec.json.decode((folder / SWEEP).read_bytes(), type=Sweep).ended == "interrupted"


@pytest.mark.e2e
def test_forty_planted_gaps_of_the_whole_country_are_found_and_none_invented(tmp_path: Path) -> None:
    ended = readiness("--planted", "40", "--seed", "7", "--beside-others", "--runs", str(tmp_path))
    assert "planted 40, found 40, invented 0" in ended.stdout, ended.stdout + ended.stderr
    assert ended.returncode == ExitCode.MET
    (folder,) = (tmp_path / "readiness").iterdir()
    assert read(folder / EVIDENCE).kind == "readiness-planted"


@pytest.mark.parametrize(
    ("given", "again"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(["--fresh", "--rate", "20"], ["--rate", "20.0"], id="never anew"),
        pytest.param(
            ["--only", "a", "--yes", "--only", "b"], ["--yes", "--only", "a", "--only", "b"], id="many"
        ),
        pytest.param(["--target", "a b.toml"], ["--target", "'a b.toml'"], id="quoted"),
    ],
)
def test_the_command_that_goes_on_is_the_one_that_was_given(given: list[str], again: list[str]) -> None:
    context = command.make_context("readiness", given)
    assert _goes_on(context) == " ".join(["rehearse readiness", *again])


def test_a_target_that_names_every_system_lacks_none() -> None:
    assert unnamed("after", (), {system.name for system in topology.systems("whole")}) == []


def test_what_a_target_does_not_name_is_told_by_kind_with_the_checks_that_need_it() -> None:
    every = {system.name for system in topology.systems("whole")}
    provinces = sorted(province.code for province in fixtures.provinces())
    assert unnamed("after", (), every - {"hotline", "sso-15"}) == [
        Unnamed("sso", ["15"], ["sso-sign-in"]),
        Unnamed("hotline", provinces, ["hotline-numbers"]),
    ]
    assert unnamed("after", ("sso-sign-in",), every - {"hotline"}) == []


def test_the_plan_is_of_the_whole_country() -> None:
    plan = country_plan()
    assert plan.country == "whole"
    assert plan.faults == ()


def test_what_was_ended_early_is_found_again(tmp_path: Path) -> None:
    assert folders.unfinished(tmp_path, record()) is None
    folder = begun(tmp_path, record())
    assert folders.unfinished(tmp_path, record(minutes=5)) == (folder, record())


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(record("here"), id="another target"),
        pytest.param(record(gaps="abc"), id="other gaps"),
        pytest.param(
            msgspec.structs.replace(record(), unnamed=[Unnamed("sso", ["15"], [])]), id="other systems"
        ),
        pytest.param(record(only=("sso-sign-in",)), id="other checks"),
    ],
)
def test_something_else_is_not_gone_on_with(tmp_path: Path, wanted: Sweep) -> None:
    begun(tmp_path, record())
    assert folders.unfinished(tmp_path, wanted) is None


def test_what_is_hours_old_is_not_gone_on_with(tmp_path: Path) -> None:
    folder = begun(tmp_path, record())
    assert folders.unfinished(tmp_path, record(minutes=359)) == (folder, record())
    assert folders.unfinished(tmp_path, record(minutes=361)) is None


def test_a_sweep_that_is_under_way_is_not_gone_on_with_by_another(tmp_path: Path) -> None:
    folder = begun(tmp_path, record())
    with folders.held(folder):
        assert folders.unfinished(tmp_path, record(minutes=1)) is None
        with pytest.raises(SetUpError, match="another sweep is at work in it"), folders.held(folder):
            pytest.fail("two sweeps in one folder")
    assert folders.unfinished(tmp_path, record(minutes=1)) == (folder, record())


def test_a_trial_with_gaps_is_not_what_the_country_is_compared_with(tmp_path: Path) -> None:
    trial = begun(tmp_path, record(gaps="abc"), "completed")
    assert folders.completed_before(tmp_path, tmp_path, record(minutes=1)) is None
    assert folders.completed_before(tmp_path, tmp_path, record(gaps="abc", minutes=1)) == trial


def test_what_was_completed_is_not_gone_on_with_but_compared_with(tmp_path: Path) -> None:
    old = begun(tmp_path, record(), "completed")
    assert folders.unfinished(tmp_path, record(minutes=1)) is None
    new = begun(tmp_path, record(minutes=1))
    assert folders.completed_before(tmp_path, new, record(minutes=1)) == old
    assert folders.completed_before(tmp_path, new, record("here")) is None
    fewer = record(only=("sso-sign-in",))
    assert folders.completed_before(tmp_path, new, fewer) == old


def test_a_sweep_of_fewer_checks_is_not_compared_with(tmp_path: Path) -> None:
    begun(tmp_path, record(only=("sso-sign-in",)), "completed")
    assert folders.completed_before(tmp_path, tmp_path, record()) is None


def test_a_damaged_folder_is_passed_over(tmp_path: Path) -> None:
    folder = begun(tmp_path, record())
    broken = begun(tmp_path, record(minutes=1))
    (broken / "sweep.json").write_text("{")
    assert folders.unfinished(tmp_path, record()) == (folder, record())


def test_the_latest_run_stays_a_run(tmp_path: Path) -> None:
    begun(tmp_path, record())
    assert [path.name for path in tmp_path.iterdir()] == ["readiness"]


def test_each_life_of_a_country_has_a_folder_of_its_own(tmp_path: Path) -> None:
    first = folders.life(tmp_path)
    first.mkdir()
    assert folders.life(tmp_path) != first
