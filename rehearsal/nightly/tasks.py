"""What a nightly run consists of, and what became of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

import msgspec

from rehearsal.nightly.calendar import Entry
from rehearsal.nightly.reasons import REASONS, named
from rehearsal.selftest.rows import Row, Task

ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "metastable": "rehearse explore metastable",
        "metastable-prepared": "rehearse explore metastable-prepared",
        "national-peak": "rehearse scale national-peak",
        "selftest": "rehearse selftest",
        "selftest-hangs": "rehearse selftest",
        "selftest-links": "rehearse selftest",
        "selftest-restart": "rehearse selftest",
    }
)
"""Scenarios that another command plays, in its own way: scenario → command."""


def chosen(calendar: Sequence[Entry], only: Collection[str]) -> list[Entry]:
    """What is run, in the order of the calendar: all, or those of ``only`` and who is based on them."""
    mine = [each for each in calendar if each.name not in ELSEWHERE]
    return [each for each in mine if not only or each.name in only or each.base in only]


def task_of(entry: Entry) -> Task:
    """The run of a scenario."""
    return Task(entry.name, entry.name, entry.scenario.scenario.seed)


class Night(msgspec.Struct, frozen=True):
    """One run of the night: a row of the file of ``--json``.

    ``missed`` are the findings that were not met, each with the systems, links or provinces that it names.
    ``reasons_wanted`` are those for which an unprepared country must miss its mark, ``reasons_found`` those
    of them that a finding names (see :data:`rehearsal.nightly.reasons.REASONS`). ``day`` is an ISO date;
    ``seconds`` counts all tries, ``attempts`` of them. ``folder`` is the run folder of the last try, "" where
    that came to no verdict; ``explanation`` then says why.
    """

    scenario: str
    day: str
    prepared: bool
    expected: str
    outcome: str
    as_expected: bool
    missed: Mapping[str, tuple[str, ...]]
    reasons_wanted: tuple[str, ...]
    reasons_found: tuple[str, ...]
    explanation: str
    folder: str
    seconds: float
    attempts: int

    @property
    def unnamed(self) -> list[str]:
        """The reasons that no finding names."""
        return [each for each in self.reasons_wanted if each not in self.reasons_found]


def night(entry: Entry, row: Row) -> Night:
    """What a run showed, against what was expected of it."""
    expected = entry.scenario.scenario.expect
    missed = {name: row.where.get(name, ()) for name in row.missed}
    wanted, found = REASONS.get(entry.name, ()), named(entry.name, missed)
    return Night(
        scenario=entry.name,
        day=entry.day.isoformat(),
        prepared=not entry.is_unprepared,
        expected=expected,
        outcome=row.outcome,
        as_expected=row.outcome == expected and found == wanted,
        missed=missed,
        reasons_wanted=wanted,
        reasons_found=found,
        explanation=row.explanation,
        folder=row.folder,
        seconds=row.seconds,
        attempts=row.attempts,
    )
