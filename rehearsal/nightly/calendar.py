"""The scenarios as a calendar: by the day that they are about, each with those that are based on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rehearsal.errors import Problem, ScenarioError
from rehearsal.scenario import Scenario, load
from rehearsal.scenario.reading import FOLDER, available, read


@dataclass(frozen=True, slots=True)
class Entry:
    """A scenario; ``base`` is the name of the one that it inherits from, "" where it has none."""

    scenario: Scenario
    base: str = ""

    @property
    def name(self) -> str:
        """Its name."""
        return self.scenario.scenario.name

    @property
    def day(self) -> date:
        """The day that it is about, by the calendar of its own offset from UTC."""
        return self.scenario.scenario.date.date()

    @property
    def seconds(self) -> float:
        """How long visitors arrive."""
        return self.scenario.clock.end - self.scenario.clock.start

    @property
    def is_unprepared(self) -> bool:
        """Whether it is another scenario's country, with something missing."""
        return bool(self.base) and self.scenario.scenario.expect == "missed"


def entries(folder: Path = FOLDER) -> list[Entry]:
    """Every scenario of a folder, in the order of the calendar.

    Raises :class:`ScenarioError` with the problems of all files that cannot be used.
    """
    found: list[Entry] = []
    problems: list[Problem] = []
    for path in available(folder).values():
        try:
            layers = read(path).layers
            found.append(Entry(load(path), layers[1][0].stem if len(layers) > 1 else ""))
        except ScenarioError as error:
            problems.extend(error.problems)
    if problems:
        raise ScenarioError(problems)
    return list(in_order(found))


def in_order(found: Iterable[Entry]) -> Iterator[Entry]:
    """By the moment and the name; each is followed by those of its day that are based on it."""
    chronological = sorted(found, key=lambda each: (each.scenario.scenario.date, each.name))
    names = {each.name: each.day for each in chronological}

    def with_those_based_on(entry: Entry) -> Iterator[Entry]:
        yield entry
        for other in chronological:
            if other.base == entry.name and other.day == entry.day:
                yield from with_those_based_on(other)

    for entry in chronological:
        if names.get(entry.base) != entry.day:
            yield from with_those_based_on(entry)


def by_day(found: Iterable[Entry]) -> dict[date, list[Entry]]:
    """The days, in their order, with what is about each."""
    days: dict[date, list[Entry]] = {}
    for entry in found:
        days.setdefault(entry.day, []).append(entry)
    return days
