"""Which evidence in a folder of runs counts, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reports.errors import RunFolderError
from reports.finding import Outcome
from reports.requirements.model import Evidence, Statement
from reports.requirements.reading import Gathered, gather
from reports.verdict import Verdict
from tests.reports.factory import Night
from tests.reports.requirements.examples import DEMANDS, NIGHT, SWEEP, A, B, called, run


def gathered(runs: Path) -> Gathered:
    return gather(runs, DEMANDS.statements)


def of(found: Gathered, id_: str) -> list[Evidence]:
    return [each for source in found.sources for each in source.evidence.get(id_, [])]


def notes(found: Gathered) -> str:
    return "\n".join(note.en for note in found.notes)


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert gathered(tmp_path / "none") == Gathered([], [])


def test_the_report_of_a_real_run_is_understood(
    run: Night,
    judge: Callable[[Night], Verdict],
    tmp_path: Path,
) -> None:
    verdict = judge(run)
    folder = tmp_path / "runs" / verdict.scenario.name / "20250701-000000"
    folder.mkdir(parents=True)
    (folder / "report.json").write_bytes(verdict.to_json())
    name = verdict.scenario.name
    found = gather(tmp_path / "runs", [Statement(name, "run", f"rehearse run {name}", [])])
    assert not found.notes
    borne = {each.id: each.outcome for each in verdict.requirements if each.findings}
    assert borne
    assert {id_: of(found, id_)[0].outcome for id_ in borne} == borne
    [checks] = [of(found, id_)[0].checks for id_ in borne][:1]
    shown = {each.name: each for each in verdict.findings}[checks[0].name]
    assert (checks[0].title, checks[0].finding) == (shown.title, shown.explanation)


@pytest.mark.parametrize(
    ("outcomes", "outcome"),
    [
        pytest.param(["met", "met"], "met", id="all met"),
        pytest.param(["met", "inconclusive"], "inconclusive", id="one not clear"),
        pytest.param(["missed", "inconclusive"], "missed", id="one missed"),
    ],
)
def test_the_checks_that_state_an_obligation_speak_for_it(
    tmp_path: Path, outcomes: list[Outcome], outcome: Outcome
) -> None:
    run(tmp_path, {f"check-{n}": (each, [A]) for n, each in enumerate(outcomes)} | {"other": ("missed", [])})
    [told] = of(gathered(tmp_path), A)
    assert told.outcome == outcome
    assert [each.name for each in told.checks] == ["check-0", "check-1"]
    assert told.report == f"{NIGHT}/20250630-220000/report.html"


@pytest.mark.parametrize("outcome", ["met", "missed", "inconclusive"])
def test_a_verdict_alone_proves_nothing(tmp_path: Path, outcome: Outcome) -> None:
    run(tmp_path, {"other": (outcome, [A])}, states=[B])
    found = gathered(tmp_path)
    assert not of(found, B)
    assert not of(found, A)  # a check states it, but the scenario does not


def test_of_a_run_that_cannot_be_believed_nothing_counts(tmp_path: Path) -> None:
    run(tmp_path, {"a": ("met", [A]), "b": ("missed", [B])}, broken="The generator was late.")
    found = gathered(tmp_path)
    assert {each.outcome for id_ in (A, B) for each in of(found, id_)} == {"inconclusive"}
    assert of(found, A)[0].unclear.en == "The generator was late."


def test_the_newest_run_counts(tmp_path: Path) -> None:
    run(tmp_path, {"a": ("missed", [A])}, started="20250629-220000")
    run(tmp_path, {"a": ("met", [A])}, started="20250630-220000")
    [told] = of(gathered(tmp_path), A)
    assert (told.outcome, told.started) == ("met", "at 20250630-220000")


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        pytest.param("report.json", b'{"format": 1', "is not JSON", id="cut short"),
        pytest.param("report.json", b'{"format": 1, "outcome": "good"}', "$.outcome", id="another value"),
    ],
)
def test_a_damaged_run_is_named_and_hides_those_before_it(
    tmp_path: Path, file: str, content: bytes, told: str
) -> None:
    run(tmp_path, {"a": ("met", [A])}, started="20250629-220000")
    newest = tmp_path / NIGHT / "20250630-220000"
    newest.mkdir()
    (newest / file).write_bytes(content)
    found = gathered(tmp_path)
    assert found.damaged
    [silent] = of(found, A)
    assert silent.outcome == "inconclusive", "it may have said that the obligation failed"
    assert (silent.source, silent.report) == (NIGHT, f"{NIGHT}/20250630-220000")
    assert silent.unclear.en == "report.json cannot be read."
    assert str(newest) in notes(found)
    assert told in notes(found)


def test_a_run_that_was_not_judged_is_named_and_the_one_before_it_counts(tmp_path: Path) -> None:
    run(tmp_path, {"a": ("met", [A])}, started="20250629-220000")
    newest = tmp_path / NIGHT / "20250630-220000"
    newest.mkdir()
    (newest / "plan.json").write_bytes(b"{}")
    found = gathered(tmp_path)
    assert [each.started for each in of(found, A)] == ["at 20250629-220000"]
    assert f"{newest}: report.json is missing" in notes(found)
    assert not found.damaged


def test_a_run_that_was_not_judged_is_all_there_is_to_say_where_there_is_no_other(tmp_path: Path) -> None:
    for started in ("20250629-220000", "20250630-220000"):
        folder = tmp_path / NIGHT / started
        folder.mkdir(parents=True)
        (folder / "plan.json").write_bytes(b"{}")
    [told] = of(gathered(tmp_path), A)
    assert (told.outcome, told.started) == ("inconclusive", "20250630-220000")
    assert told.unclear.en == "It was not judged: report.json is missing."
    assert f"`rehearse report {folder}` writes it" in notes(gathered(tmp_path))


def test_a_damaged_run_that_speaks_for_nothing_is_named_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a-trial" / "20250630-220000"
    folder.mkdir(parents=True)
    (folder / "report.json").write_bytes(b"{")
    found = gathered(tmp_path)
    assert (found.sources, found.damaged) == ([], True)


def test_a_folder_of_runs_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, {"a": ("met", [A])})
    listing = Path.iterdir

    def refused(folder: Path) -> Iterator[Path]:
        if folder.name == NIGHT:
            raise PermissionError(13, "Permission denied")
        return iter(listing(folder))

    monkeypatch.setattr(Path, "iterdir", refused)
    found = gathered(tmp_path)
    assert found.damaged
    assert f"{tmp_path / NIGHT}: cannot be read: Permission denied" in notes(found)


def test_a_report_of_another_format_is_named(tmp_path: Path) -> None:
    folder = run(tmp_path, {"a": ("met", [A])})
    path = folder / "report.json"
    path.write_bytes(path.read_bytes().replace(b'"format":1', b'"format":9'))
    found = gathered(tmp_path)
    assert [each.outcome for each in of(found, A)] == ["inconclusive"]
    assert "format is 9" in notes(found)


def test_runs_of_an_unprepared_country_are_left_out_and_said_to_be(tmp_path: Path) -> None:
    run(tmp_path, {"a": ("missed", [A])}, scenario=f"{NIGHT}-unprepared", expected="missed")
    found = gathered(tmp_path)
    assert not found.sources
    assert f"not prepared: {NIGHT}-unprepared" in notes(found)


def test_a_run_at_another_load_gives_way_to_the_one_before_it(tmp_path: Path) -> None:
    run(tmp_path, {"a": ("met", [A])}, started="20250629-220000")
    run(tmp_path, {"a": ("missed", [A])}, started="20250630-220000", scale=4.0)
    found = gathered(tmp_path)
    assert [each.outcome for each in of(found, A)] == ["met"]
    assert f"another load than the scenario's own: {NIGHT}" in notes(found)


def test_what_no_scenario_and_no_command_made_is_left_out(tmp_path: Path) -> None:
    run(tmp_path, {"a": ("met", [A])}, scenario="a-trial")
    called(tmp_path, {"a": ("missed", [A])}, kind="readiness-planted")
    found = gathered(tmp_path)
    assert not found.sources
    assert "speak for no obligation: a-trial, readiness-planted" in notes(found)


def test_folders_that_hold_no_run_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "selftest" / "logs").mkdir(parents=True)
    (tmp_path / "a-file").write_bytes(b"")
    (tmp_path / "latest").symlink_to(run(tmp_path, {"a": ("met", [A])}))
    found = gathered(tmp_path)
    assert not found.notes
    assert len(of(found, A)) == 1


def test_of_each_check_of_a_command_the_newest_counts(tmp_path: Path) -> None:
    called(tmp_path, {"a": ("missed", [A]), "b": ("met", [A, B])}, started="20250630-060000")
    called(tmp_path, {"a": ("met", [A])}, started="20250630-070000")
    newer, older = of(gathered(tmp_path), A)
    assert [each.name for each in newer.checks] == ["a"]
    assert (newer.outcome, newer.started) == ("met", "2025-06-30T07:00:00+07:00")
    assert [each.name for each in older.checks] == ["b"]
    assert older.report == f"{SWEEP}/20250630-060000/readiness.html"


def test_damaged_evidence_of_a_command_is_named_and_hides_what_is_older(tmp_path: Path) -> None:
    called(tmp_path, {"a": ("met", [A])}, started="20250630-060000")
    folder = called(tmp_path, {"a": ("met", [A])}, started="20250630-070000")
    (folder / "evidence.json").write_bytes(b"{}")
    found = gathered(tmp_path)
    assert found.damaged
    assert [each.outcome for each in of(found, A)] == ["inconclusive"]
    assert not of(found, B), "the command does not speak for it"
    assert str(folder) in notes(found)
    assert "speak for no obligation" not in notes(found)


def test_a_newer_result_speaks_although_an_older_one_is_damaged(tmp_path: Path) -> None:
    folder = called(tmp_path, {"a": ("met", [A])}, started="20250630-060000")
    (folder / "evidence.json").write_bytes(b"{}")
    called(tmp_path, {"a": ("met", [A])}, started="20250630-070000")
    found = gathered(tmp_path)
    assert [each.outcome for each in of(found, A)] == ["met"]
    assert found.damaged


def test_a_command_that_did_not_come_to_its_end_is_named(tmp_path: Path) -> None:
    called(tmp_path, {"a": ("met", [A])}, started="20250630-060000")
    folder = called(tmp_path, {"a": ("met", [A])}, started="20250630-070000")
    (folder / "evidence.json").rename(folder / f"{folder.parent.name}.json")
    found = gathered(tmp_path)
    assert [each.started for each in of(found, A)] == ["2025-06-30T06:00:00+07:00"]
    assert f"{folder}: The command did not come to its end: evidence.json is missing" in notes(found)


def test_a_command_that_never_came_to_its_end_is_all_there_is_to_say(tmp_path: Path) -> None:
    folder = called(tmp_path, {"a": ("met", [A])})
    (folder / "evidence.json").rename(folder / f"{folder.parent.name}.json")
    [told] = of(gathered(tmp_path), A)
    assert (told.outcome, told.report) == ("inconclusive", f"{SWEEP}/{folder.name}")
    assert "did not come to its end" in told.unclear.en


def test_a_newer_result_on_the_systems_of_somebody_else_says_nothing_of_ours(tmp_path: Path) -> None:
    called(tmp_path, {"sso": ("missed", [A])})
    called(tmp_path, {"sso": ("met", [A])}, started="20250630-070000", subject="staging")
    found = gathered(tmp_path)
    assert [each.outcome for each in of(found, A)] == ["missed"]
    assert (
        notes(found) == "Left out are results on systems of somebody else: “staging”; --subject shows them."
    )


def test_with_a_subject_nothing_else_counts(tmp_path: Path) -> None:
    run(tmp_path, {"lag": ("met", [B])}, states=[B])
    called(tmp_path, {"sso": ("met", [A])})
    called(tmp_path, {"sso": ("missed", [A])}, started="20250630-050000", subject="staging")
    found = gather(tmp_path, DEMANDS.statements, "staging")
    assert [each.outcome for each in of(found, A)] == ["missed"]
    assert not of(found, B)


@pytest.mark.parametrize(
    ("others", "known"),
    [
        pytest.param(["pilot", "staging"], "“pilot”, “staging”", id="others"),
        pytest.param([], "no other systems than mocks", id="none"),
    ],
)
def test_a_subject_of_which_there_is_nothing_is_refused(
    tmp_path: Path, others: list[str], known: str
) -> None:
    for hour, other in enumerate(others):
        called(tmp_path, {"sso": ("met", [A])}, started=f"20250630-0{hour}0000", subject=other)
    with pytest.raises(
        RunFolderError, match=f'nothing in it is about "stagign"; results are there about {known}'
    ):
        gather(tmp_path, DEMANDS.statements, "stagign")


def test_without_a_page_the_data_are_linked(tmp_path: Path) -> None:
    run(tmp_path, {"a": ("met", [A])}, page=False)
    called(tmp_path, {"a": ("met", [A])}, page=False)
    names = {each.report.rpartition("/")[2] for each in of(gathered(tmp_path), A)}
    assert names == {"report.json", "evidence.json"}
