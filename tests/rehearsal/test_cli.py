"""The command line: every ending has its exit code, and every error is one message."""

from __future__ import annotations

import importlib.abc
import subprocess
import sys
from pathlib import Path

import click
import pytest

from rehearsal.__main__ import entry
from rehearsal.cli import guarded, main
from rehearsal.doctor import Finding
from rehearsal.errors import EvidenceError, ExitCode, Interrupted, RehearsalError, SetUpError, UsageError
from rehearsal.scenario import load
from rehearsal.scenario.reading import FOLDER
from tests.commands import COMMANDS
from tests.rehearsal.bad_scenarios import BAD, GOOD, NAME, Bad


def ended(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    code = guarded(main, arguments)
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err + captured.out
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        pytest.param(RehearsalError("worker 1 failed"), ExitCode.OUR_FAULT, "worker 1 failed", id="ours"),
        pytest.param(UsageError("no such thing"), ExitCode.USAGE, "no such thing", id="usage"),
        pytest.param(EvidenceError("too little"), ExitCode.INCONCLUSIVE, "too little", id="evidence"),
        pytest.param(SetUpError("no Toxiproxy"), ExitCode.NO_ENVIRONMENT, "no Toxiproxy", id="set-up"),
        pytest.param(Interrupted("healed"), ExitCode.INTERRUPTED, "healed", id="interrupted"),
        pytest.param(KeyboardInterrupt(), ExitCode.INTERRUPTED, "interrupted", id="Ctrl-C"),
        pytest.param(click.UsageError("no such option"), ExitCode.USAGE, "no such option", id="click"),
    ],
)
def test_every_error_is_one_message_and_its_exit_code(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: ExitCode, message: str
) -> None:
    @click.command()
    def fail() -> None:
        raise error

    assert guarded(fail, []) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip().endswith(f": {message}")
    assert "Traceback" not in captured.err


def test_a_fault_of_our_own_is_called_so_and_shows_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def fail() -> None:
        raise ZeroDivisionError("division by zero")

    assert guarded(fail, []) == ExitCode.OUR_FAULT
    said = capsys.readouterr().err
    assert said.startswith("rehearse: our own fault: ZeroDivisionError: division by zero\nTraceback")


@pytest.mark.parametrize("code", [None, *ExitCode])
def test_what_a_command_gives_is_the_exit_code(code: ExitCode | None) -> None:
    assert guarded(click.Command("x", callback=lambda: code), []) == (code or 0)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        pytest.param(0, ExitCode.MET, id="met"),
        pytest.param(1, ExitCode.MISSED, id="missed"),
        pytest.param(3, ExitCode.INCONCLUSIVE, id="inconclusive"),
        pytest.param(-9, ExitCode.OUR_FAULT, id="killed"),
        pytest.param(99, ExitCode.OUR_FAULT, id="unknown"),
    ],
)
def test_the_verdict_of_the_reports_is_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, status: int, code: ExitCode
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, status))
    assert guarded(main, ["report", "runs/latest"]) == code


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_the_help_of_each_command_shows_an_example_and_the_exit_codes(
    capsys: pytest.CaptureFixture[str], command: str, flag: str
) -> None:
    code, out, _ = ended(capsys, command, flag)
    assert code == 0
    assert f"  rehearse {command}" in out
    assert "130 interrupted" in out


def test_the_help_shows_examples_and_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ended(capsys, "--help")
    assert code == 0
    assert "rehearse run closing-night" in out
    assert all(f"\n  {command} " in out for command in COMMANDS)


def test_every_example_in_a_help_text_can_be_read() -> None:
    examples = [
        line.split()[1:]
        for command in (main, *COMMANDS.values())
        for line in (command.help or "").splitlines()
        if line.strip().startswith("rehearse ")
    ]
    assert len(examples) >= len(COMMANDS)
    parent = click.Context(main, **main.context_settings)
    for name, *arguments in examples:
        COMMANDS[name].make_context(name, arguments, parent)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["rnu", "smoke"], "no command 'rnu': did you mean \"run\"?", id="unknown command"),
        pytest.param(["run", "smoke", "--worker", "2"], "'--workers'?", id="unknown option"),
        pytest.param(["plan", "smoke", "--workers", "0"], "0 is not in the range", id="too few workers"),
        pytest.param(["run", "smoke", "--workers", "0"], "workers: 0: must be from 1", id="nobody at all"),
        pytest.param(
            ["run", "smoke", "--expect-workers", "255"], "workers: 257: must be from 1 to 256", id="too many"
        ),
        pytest.param(["join"], "Missing argument 'HOST:PORT'", id="no master"),
        pytest.param(["plan", "smoke", "--workers", "two"], "'two' is not a valid integer", id="no number"),
        pytest.param(["plan", "smoke", "--workers", "999"], "from 1 to 256", id="too many workers"),
        pytest.param(["run"], "Missing argument 'SCENARIO'", id="no scenario"),
        pytest.param(["run", "smok"], 'did you mean "smoke"?', id="unknown scenario"),
        pytest.param(
            ["up", "closing-nigth"], 'did you mean "closing-night"', id="unknown scenario to stay up"
        ),
        pytest.param(["plan", "scenarios/smok.toml"], "smoke", id="unknown file"),
        pytest.param([], "Usage: rehearse", id="nothing"),
    ],
)
def test_a_wrong_command_line_is_answered_with_what_would_be_right(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    code, out, err = ended(capsys, *arguments)
    assert code == ExitCode.USAGE
    assert out == ""
    assert said in err


@pytest.mark.parametrize("bad", [pytest.param(bad, id=bad.name) for bad in BAD])
def test_a_bad_scenario_is_answered_with_place_value_and_what_is_legal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: Bad
) -> None:
    code, out, err = ended(capsys, "plan", str(bad.write(tmp_path)))
    assert code == ExitCode.USAGE
    assert out == ""
    assert err.startswith(f"rehearse: {NAME}.toml{bad.place}: ")
    assert bad.value in err
    assert bad.offers in err
    assert len(err.splitlines()) == 1, "one mistake, one message"


def test_a_bad_scenario_starts_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = tmp_path / "runs"
    code, _, _ = ended(capsys, "run", str(BAD[0].write(tmp_path)), "--runs", str(runs))
    assert code == ExitCode.USAGE
    assert not runs.exists()


def test_a_good_scenario_of_ones_own_has_a_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"{NAME}.toml"
    path.write_text(GOOD, encoding="utf-8")
    code, out, err = ended(capsys, "plan", str(path))
    assert (code, err) == (0, "")
    assert "Fault 2, north-cut" in out


def test_the_plan_of_the_smoke_test(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ended(capsys, "plan", "smoke", "--workers", "3")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith('"Smoke test" rehearses what is due at 2025-07-01T00:00:00+07:00')
    assert lines[-1] == "Expected outcome: MET."
    assert "136 systems" in out
    assert "offered by 3 worker processes" in out


def test_the_list_of_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ended(capsys, "list")
    assert (code, err) == (0, "")
    heads = [line for line in out.splitlines() if line.strip() and not line.startswith(" ")]
    names = {path.stem for path in FOLDER.glob("*.toml")}
    listed = [head.split()[0] for head in heads if head.split()[0] in names]
    assert sorted(listed) == sorted(names)
    days = [head for head in heads if head.split()[0] not in names]
    assert days == sorted(days), "by date"
    smoke = load("smoke").scenario
    assert smoke.title.vi in out
    assert smoke.hypothesis.en in out


@pytest.mark.parametrize(
    ("well", "code", "shown"),
    [(True, ExitCode.MET, "ok    ports: 538"), (False, ExitCode.NO_ENVIRONMENT, "FAIL  ports: 538")],
)
def test_the_doctor_says_whether_this_machine_can_do_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    well: bool,
    code: ExitCode,
    shown: str,
) -> None:
    monkeypatch.setattr(
        "rehearsal.doctor.examine",
        lambda *_, **__: [Finding("Python", True, "3.11"), Finding("ports", well, "538")],
    )
    assert ended(capsys, "doctor") == (code, f"ok    Python: 3.11\n{shown}\n", "")


def test_a_run_folder_that_cannot_be_made_is_no_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    code, _, err = ended(capsys, "run", "smoke", "--quiet", "--runs", str(tmp_path / "file" / "runs"))
    assert code == ExitCode.NO_ENVIRONMENT
    assert "name another with --runs" in err


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ended(capsys, "--version")
    assert code == 0
    assert out.startswith("rehearse, version ")


def test_ctrl_c_while_the_command_line_is_loaded_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupting(importlib.abc.MetaPathFinder):
        def find_spec(self, name: str, *_: object) -> None:
            if name == "rehearsal.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "rehearsal.cli")
    monkeypatch.delattr("rehearsal.cli")
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    with pytest.raises(SystemExit) as ending:
        entry()
    assert ending.value.code == ExitCode.INTERRUPTED
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("address", ["nonsense", "127.0.0.1:99999", "example.com:8474", "127.0.0.1:"])
def test_an_address_that_can_be_no_toxiproxy_of_ours_is_refused_at_once(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", "smoke", "--runs", str(tmp_path / "runs"), "--toxiproxy", address]
    assert guarded(main, arguments) == ExitCode.USAGE
    said = capsys.readouterr().err
    assert address in said
    assert "127.0.0.1:8474" in said
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("command", "its_file"), [("readiness", "sweep.json"), ("conversion", "conversion.json")]
)
def test_the_folder_of_another_command_is_no_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, its_file: str
) -> None:
    (tmp_path / its_file).write_text("{}")
    code, _, err = ended(capsys, "report", str(tmp_path))
    assert code == ExitCode.USAGE
    assert f"is of rehearse {command}, not of a run" in err
    assert f"python -m reports.{command} {tmp_path}" in err
