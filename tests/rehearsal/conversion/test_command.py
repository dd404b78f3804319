"""``rehearse conversion``: its options, its folders and its exit codes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from rehearsal.cli import guarded
from rehearsal.conversion import command as module
from rehearsal.conversion.command import command
from rehearsal.conversion.faults import KINDS_PLANTED, read_file
from rehearsal.errors import ScenarioError
from reports.evidence_file import read
from tests.rehearsal.conversion.small import make, old


def run(*arguments: object) -> int:
    return guarded(command, [str(each) for each in arguments])


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only three provinces there are."""
    monkeypatch.setattr(module, "old_provinces", lambda: tuple(old()))


def only(runs: Path, kind: str) -> Path:
    (folder,) = (runs / kind).iterdir()
    return folder


@pytest.mark.e2e
def test_a_clean_conversion_is_met(tmp_path: Path, few: None) -> None:
    result = tmp_path / "result.json"
    assert run("--dossiers", 1_500, "--runs", tmp_path, "--json", result) == 0
    folder = only(tmp_path, "conversion")
    assert read(folder / "evidence.json").outcome == "met"
    assert "old-codes-resolve" in {check.name for check in read(folder / "evidence.json").checks}
    assert result.read_bytes() == (folder / "conversion.json").read_bytes()


@pytest.mark.e2e
def test_planted_faults_are_found_exactly_and_speak_for_nothing(tmp_path: Path, few: None) -> None:
    assert run("--dossiers", 3_000, "--runs", tmp_path, "--planted") == 0
    folder = only(tmp_path, "conversion-planted")
    told = msgspec.json.decode((folder / "conversion.json").read_bytes())
    assert {row["kind"] for row in told["trial"]} == set(KINDS_PLANTED)
    assert all(row["planted"] == row["found"] and not row["invented"] for row in told["trial"])
    assert not any(check.requirements for check in read(folder / "evidence.json").checks)


@pytest.mark.e2e
def test_a_vendor_s_own_files_take_our_rule(tmp_path: Path) -> None:
    make(tmp_path / "data", {"payment-lost": 2})
    given = ["--source", tmp_path / "data" / "source", "--target", tmp_path / "data" / "target"]
    assert run(*given, "--runs", tmp_path / "runs") == 1
    folder = only(tmp_path / "runs", "conversion")
    assert (folder / "rule" / "wards.arrow").exists()
    missed = {check.name for check in read(folder / "evidence.json").checks if check.outcome == "missed"}
    assert missed == {"contents-kept"}


def test_a_rule_in_the_source_takes_the_place_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "report", lambda *_: 3)
    (tmp_path / "source" / "rule").mkdir(parents=True)
    (tmp_path / "target").mkdir()
    monkeypatch.chdir(tmp_path)
    assert run("--source", "source", "--target", "target", "--runs", "runs") == 3
    files = msgspec.json.decode((only(tmp_path / "runs", "conversion") / "files.json").read_bytes())
    places = {"source": "source", "target": "target", "rule": "source/rule"}
    assert files == {name: str(tmp_path / place) for name, place in places.items()}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--source", "."], "--target: is missing"),
        (["--target", "."], "--source: is missing"),
        (["--source", ".", "--target", ".", "--planted"], "made-up data alone"),
        (["--planted", "--faults", "x.toml"], "legal is one of them"),
        (["--faults", "x.toml"], "x.toml: cannot be read"),
        (["--dossiers", "1"], "is not in the range"),
    ],
)
def test_what_cannot_be_asked_is_one_message(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments, "--runs", tmp_path / "runs") == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("folders", "told"),
    [
        ([], "holds no folder"),
        (["46", "1"], "'1' is no old province; nearest is '01'"),
        (["46", "15"], "folder '10' is missing: province 15 was made of 15, 10"),
        (["1", "15", "46"], "'01'\n--source: folder '10' is missing"),
    ],
)
def test_a_source_of_no_whole_provinces_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], folders: list[str], told: str
) -> None:
    (tmp_path / "source").mkdir()
    for name in folders:
        (tmp_path / "source" / name).mkdir()
    options = ["--source", tmp_path / "source", "--target", tmp_path, "--runs", tmp_path / "runs"]
    assert run(*options) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


@pytest.mark.e2e
def test_a_vendor_s_damaged_files_end_with_2_and_all_that_is_wrong(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "data", provinces=("46",))
    dossiers, units = (
        tmp_path / "data" / "target" / "46" / f"{name}.arrow" for name in ("dossiers", "units")
    )
    dossiers.write_bytes(dossiers.read_bytes()[:-100])
    units.write_bytes(b"code,name")
    given = ["--source", tmp_path / "data" / "source", "--target", tmp_path / "data" / "target"]
    assert run(*given, "--runs", tmp_path / "runs") == 2
    told = capfd.readouterr().err
    assert f"{dossiers}: is cut off or damaged" in told
    assert f"{units}: starts with b'code,n'; legal is an Arrow file" in told


def test_runs_that_cannot_be_made_end_with_the_environment_s_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert run("--runs", tmp_path / "file" / "below") == 4
    assert "name another with --runs" in capsys.readouterr().err


def test_a_file_of_faults_is_read(tmp_path: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text("dossier-lost = 3\nmojibake = 1\n")
    assert read_file(path) == {"dossier-lost": 3, "mojibake": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("dosier-lost = 3", 'unknown kind; did you mean "dossier-lost"'),
        ("dossier-lost = 0", "0: legal is a number from 1"),
        ("dossier-lost = true", "True: legal is a number from 1"),
        ('mojibake = "many"', "'many': legal is a number from 1"),
        ("", "names no fault"),
        ("dossier-lost", "is no TOML"),
    ],
)
def test_a_bad_file_of_faults_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "faults.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        read_file(path)
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_all_that_is_wrong_in_a_file_of_faults_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text("lost = 1\nmojibake = -1\n")
    with pytest.raises(ScenarioError) as caught:
        read_file(path)
    assert len(caught.value.problems) == 2
