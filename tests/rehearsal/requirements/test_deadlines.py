"""When obligations are due where the directives disagree: as the suite says, or as a file does."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.reference.deadlines import deadline_readings
from rehearsal.errors import ScenarioError, UsageError
from rehearsal.requirements.deadlines import GIVEN, deadlines, settled

FIRST = deadline_readings()[0]
OTHER = next(each for each in deadline_readings() if each.topic == FIRST.topic and each.chosen == "yes")
OBLIGATION = FIRST.requirements[0]


def given(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "ours.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_chosen_reading_holds_for_the_obligations_of_all_readings() -> None:
    due = settled(deadlines())
    assert due[OBLIGATION] == OTHER.due != FIRST.due
    assert all(due[id_] for each in deadline_readings() for id_ in each.requirements)
    assert not any(each.given for each in deadlines())


@pytest.mark.parametrize(
    ("line", "due"),
    [
        pytest.param(f"= {FIRST.reading}", FIRST.due, id="number of a reading"),
        pytest.param("= 2025-06-20", "2025-06-20", id="day"),
        pytest.param('= "2025-06-20"', "2025-06-20", id="day in quotes"),
        pytest.param("= 2025-06-20T18:00:00", "2025-06-20T18:00", id="minute"),
        pytest.param('= "2025-06-20T18:00"', "2025-06-20T18:00", id="minute in quotes"),
    ],
)
def test_a_file_settles_a_topic_and_leaves_the_others(tmp_path: Path, line: str, due: str) -> None:
    before = deadlines()
    after = deadlines(given(tmp_path, f"{FIRST.topic} {line}\n"))
    assert settled(after)[OBLIGATION] == due
    changed = [each for each in after if each not in before]
    assert [(each.topic, each.given, each.why) for each in changed] == [(FIRST.topic, True, GIVEN)]


def test_every_line_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    file = given(tmp_path, f'adresses = 1\n{FIRST.topic} = 9\nhotlines = true\nportals = "soon"\n')
    with pytest.raises(ScenarioError) as raised:
        deadlines(file)
    said = [str(each) for each in raised.value.problems]
    assert len(said) == 4
    assert 'did you mean "addresses"?' in said[0]
    assert f"{FIRST.topic}: 9: legal is a reading, 1 ({FIRST.due})" in said[1]
    assert "hotlines: true" in said[2]
    assert 'portals: "soon"' in said[3]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(None, "cannot be read", id="no file"),
        pytest.param(b"= 1", "legal is TOML", id="no TOML"),
        pytest.param(b"\xff\xfe", "legal is TOML", id="no text"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None, told: str) -> None:
    file = tmp_path / "ours.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match=told) as raised:
        deadlines(file)
    assert "--deadlines" in str(raised.value)
