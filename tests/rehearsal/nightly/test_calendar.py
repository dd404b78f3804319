"""The calendar: by day, each scenario beside those that are based on it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from rehearsal.errors import ScenarioError
from rehearsal.nightly.calendar import Entry, by_day, entries, in_order


@pytest.fixture(scope="module")
def calendar() -> list[Entry]:
    return entries()


def test_days_come_in_their_order_and_each_once(calendar: list[Entry]) -> None:
    days = list(by_day(calendar))
    assert days == sorted(days)
    assert [entry.day for entry in calendar] == sorted(entry.day for entry in calendar)


def test_nothing_is_left_out_and_nothing_comes_twice(calendar: list[Entry]) -> None:
    names = [entry.name for entry in calendar]
    assert len(names) == len(set(names))
    assert {entry.name for found in by_day(calendar).values() for entry in found} == set(names)


def test_an_unprepared_country_stands_right_after_the_prepared_one(calendar: list[Entry]) -> None:
    before = {second.name: first for first, second in pairwise(calendar)}
    sisters = [entry for entry in calendar if entry.name.endswith("-unprepared")]
    assert sisters
    for sister in sisters:
        assert sister.is_unprepared
        assert sister.base == before[sister.name].name == sister.name.removesuffix("-unprepared")


def test_order_does_not_depend_on_the_order_of_files(calendar: list[Entry]) -> None:
    assert list(in_order(reversed(calendar))) == calendar


def test_what_has_its_base_on_another_day_stands_on_its_own_day(tmp_path: Path) -> None:
    (tmp_path / "later.toml").write_text(
        'base = "smoke"\n[scenario]\nname = "later"\ndate = 2025-07-09T10:00:00+07:00\n', encoding="utf-8"
    )
    (tmp_path / "same-day.toml").write_text(
        'base = "later"\n[scenario]\nname = "same-day"\nexpect = "missed"\n', encoding="utf-8"
    )
    found = entries(tmp_path)
    assert [(entry.name, entry.base, entry.is_unprepared) for entry in found] == [
        ("later", "smoke", False),
        ("same-day", "later", True),
    ]


def test_every_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text('base = "smoke"\n[scenario]\nnam = 1\n', encoding="utf-8")
    with pytest.raises(ScenarioError) as raised:
        entries(tmp_path)
    assert "one.toml" in str(raised.value)
    assert "two.toml" in str(raised.value)
