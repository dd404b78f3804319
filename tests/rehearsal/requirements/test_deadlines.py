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
    ],
)
def test_a_file_settles_a_topic_and_leaves_the_others(tmp_path: Path, line: str, due: str) -> None:
    before = deadlines()
    after = deadlines(given(tmp_path, f"{FIRST.topic} {line}\n"))
    assert settled(after)[OBLIGATION] == due
    changed = [each for each in after if each not in before]
    assert [(each.topic, each.given, each.why) for each in changed] == [(FIRST.topic, True, GIVEN)]


@pytest.mark.parametrize(
    ("value", "due"),
    [
        pytest.param("2025-06-20T18:00:00", "2025-06-20T18:00", id="minute"),
        pytest.param('"2025-06-20T18:00"', "2025-06-20T18:00", id="minute in quotes"),
        pytest.param("2025-06-20", "2025-06-20", id="day"),
    ],
)
def test_where_the_directives_say_the_minute_a_file_may(tmp_path: Path, value: str, due: str) -> None:
    chosen = {each.topic: each.chosen for each in deadlines(given(tmp_path, f"portals = {value}\n"))}
    assert chosen["portals"] == due


@pytest.mark.parametrize(
    ("topic", "value", "legal"),
    [
        pytest.param("addresses", "2025-06-20T18:00:00", "without a time", id="a minute for a day"),
        pytest.param("addresses", '"2025-06-20T18:00"', "without a time", id="a minute in quotes for a day"),
        pytest.param("addresses", '"20250620"', "a day such as 2025-06-27", id="other ISO 8601"),
        pytest.param("addresses", '"2025-W26-5"', "a day such as 2025-06-27", id="a day of a week"),
        pytest.param("addresses", '"2025-02-30"', "a day such as 2025-06-27", id="no such day"),
        pytest.param("addresses", "07:30:00", "a day such as 2025-06-27", id="a time"),
        pytest.param("addresses", "[1]", "a day such as 2025-06-27", id="a list"),
        pytest.param("portals", "2025-06-20T18:00:00Z", "without an offset", id="an offset"),
        pytest.param("portals", "2025-06-20T18:00:30", "a minute such as", id="a second"),
    ],
)
def test_a_moment_that_no_reading_could_be_is_refused(
    tmp_path: Path, topic: str, value: str, legal: str
) -> None:
    with pytest.raises(ScenarioError) as raised:
        deadlines(given(tmp_path, f"{topic} = {value}\n"))
    [said] = map(str, raised.value.problems)
    assert f"{topic}: " in said
    assert legal in said


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
