"""A scenario file that cannot be used gets one clear message for each mistake, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.errors import ExitCode, ScenarioError
from rehearsal.scenario import load
from tests.rehearsal.bad_scenarios import BAD, GOOD, NAME, Bad


def problems_of(path: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return [(problem.place, problem.value, problem.message) for problem in caught.value.problems]


def written(folder: Path, text: str) -> Path:
    path = folder / f"{NAME}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_good_file_that_every_case_spoils_is_good(tmp_path: Path) -> None:
    assert load(written(tmp_path, GOOD)).scenario.name == NAME


@pytest.mark.parametrize("bad", [pytest.param(bad, id=bad.name) for bad in BAD])
def test_one_mistake_gives_one_message_with_place_value_and_what_is_legal(tmp_path: Path, bad: Bad) -> None:
    problems = problems_of(bad.write(tmp_path))
    assert len(problems) == 1, problems
    place, value, message = problems[0]
    assert place == f"{NAME}.toml{bad.place}"
    assert value.startswith(bad.value) if bad.value.startswith("{") else bad.value in value
    assert bool(value) == bool(bad.value)
    assert bad.offers in message


def test_all_mistakes_are_reported_at_once_even_when_of_different_kinds(tmp_path: Path) -> None:
    wanted = {
        "unknown-key", "unknown-link", "moment-without-sign", "unknown-journey", "defect-of-another-kind",
        "phases-of-a-province-too-long", "recovery-out-of-sight", "objective-name-twice", "missing-key",
    }  # fmt: skip
    wanted -= {"phases-of-a-province-too-long"}  # its block cannot be read while a journey is mistyped
    cases = [bad for bad in BAD if bad.name in wanted]
    text = GOOD
    for bad in cases:
        text = text.replace(bad.old, bad.new)
    places = [place for place, _, _ in problems_of(written(tmp_path, text))]
    assert sorted(places) == sorted(f"{NAME}.toml{bad.place}" for bad in cases)


def test_the_exception_ends_the_command_line_with_the_code_for_scenarios(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(BAD[0].write(tmp_path))
    assert caught.value.exit_code is ExitCode.USAGE
    assert str(caught.value) == (
        'evening.toml: visitors.patince: "10s": unknown key "patince"; did you mean "patience"? (legal: '
        "think_scale, patience, retries, retry_after, old_portal_share_before, old_bookmark_share_after)"
    )


def test_a_file_that_is_no_utf_8_is_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "evening.toml"
    path.write_bytes(b'[scenario]\nname = "\xff"\n')
    assert problems_of(path) == [("evening.toml:2", "byte 0xff", "is no UTF-8: save the file as UTF-8")]


def test_an_empty_file_is_told_every_table_it_needs(tmp_path: Path) -> None:
    places = [place for place, _, _ in problems_of(written(tmp_path, ""))]
    assert places == [f"evening.toml: {table}" for table in ("scenario", "clock", "arrivals", "slo")]


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        pytest.param("closing-nite", '"closing-night"', id="a name"),
        pytest.param("smok", '"smoke"', id="a short name"),
        pytest.param("scenarios/smok.toml", "smoke", id="a path"),
        pytest.param("no/such/folder/smoke.toml", "smoke", id="a folder"),
        pytest.param("", "closing-night", id="nothing"),
    ],
)
def test_an_unknown_scenario_is_answered_with_the_nearest(asked: str, offered: str) -> None:
    [(place, value, message)] = problems_of(Path(asked) if "/" in asked else asked)  # type: ignore[arg-type]  # both are legal
    assert place == "scenario"
    assert value == f'"{asked}"'
    assert offered in message
