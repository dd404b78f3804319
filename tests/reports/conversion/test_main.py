"""``python -m reports.conversion``: from the files alone, with its exit codes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from reports.conversion import checks
from reports.conversion.__main__ import main
from reports.conversion.building import Planted
from reports.evidence_file import CommandCheck, CommandEvidence, read
from reports.text import Text
from tests.reports.conversion.folders import target, write


def run(folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(folder)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def evidence(folder: Path) -> CommandEvidence:
    return read(folder / "evidence.json")


def test_the_evidence_states_the_obligations_of_its_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "ALL_PROVINCES", 1)
    write(tmp_path)
    code, told = run(tmp_path)
    found = evidence(tmp_path)
    assert (found.kind, found.outcome, code) == ("conversion", "missed", 1), "this rule has no 346 procedures"
    states = {each: check.outcome for check in found.checks for each in check.requirements}
    assert states["VP0701-4-2"] == "met"
    assert states["TTG96-3b-3"] == "met"
    assert "evidence.json" in told


def test_a_part_of_the_country_can_refute_an_obligation_but_not_prove_it(tmp_path: Path) -> None:
    write(tmp_path, None, target() | {"results": []})
    run(tmp_path)
    states = {each: check.outcome for check in evidence(tmp_path).checks for each in check.requirements}
    assert states == {"VP0701-4-2": "missed", "TTG0617-0-1": "missed"}


def test_answers_from_elsewhere_are_told_with_the_others(tmp_path: Path) -> None:
    write(tmp_path)
    other = CommandCheck("elsewhere", Text("x", "x"), "inconclusive", ["TTG96-2b-1"], Text("y", "y"), 0)
    (tmp_path / "checks.json").write_bytes(msgspec.json.encode([other]))
    run(tmp_path)
    assert other in evidence(tmp_path).checks


def test_a_trial_speaks_for_nothing(tmp_path: Path) -> None:
    write(tmp_path, None, target() | {"dossiers": []})
    (tmp_path / "planted.json").write_bytes(msgspec.json.encode([Planted("dossier-lost", "15", "D-1")]))
    code, told = run(tmp_path)
    assert code == 0
    assert "1 were found, and 0 invented" in told
    assert evidence(tmp_path).kind == "conversion-planted"
    assert not any(check.requirements for check in evidence(tmp_path).checks)


def test_a_trial_that_found_something_else_is_missed(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "planted.json").write_bytes(msgspec.json.encode([Planted("dossier-lost", "15", "D-1")]))
    assert run(tmp_path)[0] == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("planted.json", "[{"), ("checks.json", "[{"), ("files.json", '{"source": 1}'), ("files.json", '{"a')],
)
def test_a_damaged_file_beside_it_is_one_error(tmp_path: Path, name: str, content: str) -> None:
    write(tmp_path)
    (tmp_path / name).write_text(content)
    code, told = run(tmp_path)
    assert code == 2
    assert name in told.splitlines()[-1]


def test_source_target_and_rule_can_lie_elsewhere(tmp_path: Path) -> None:
    write(tmp_path / "data")
    (tmp_path / "run").mkdir()
    places = {name: str(tmp_path / "data" / name) for name in ("source", "target", "rule")}
    (tmp_path / "run" / "files.json").write_bytes(msgspec.json.encode(places))
    for _ in ("at once", "again later"):
        assert run(tmp_path / "run")[0] == 1
        assert evidence(tmp_path / "run").checks
        assert evidence(tmp_path / "run").subject == "target"
    assert places["source"] in (tmp_path / "run" / "conversion.html").read_text()


def test_what_is_missing_is_one_error(tmp_path: Path) -> None:
    code, told = run(tmp_path)
    assert code == 2
    assert told.startswith("error: ")
    assert "provinces.arrow: is missing" in told
