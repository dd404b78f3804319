"""Everything that is demanded, who can show it, and who signs for what no program can show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from fixtures.reference import deadlines as dates
from fixtures.reference.directives import directives, requirements, systems
from fixtures.reference.sign_off import sign_offs
from fixtures.reference.system_coverage import system_coverage
from fixtures.reference.vietnamese import directives_in_vietnamese, obligations_in_vietnamese
from rehearsal.conversion import codes
from rehearsal.nightly.calendar import Entry, entries
from rehearsal.readiness.checks import rows
from rehearsal.requirements.deadlines import deadlines, settled
from reports.requirements.model import (
    Deadline,
    Demands,
    Directive,
    Obligation,
    SignOff,
    Statement,
    System,
)
from reports.text import Text


def demands(made: datetime, file: Path | None = None) -> Demands:
    """What is known before any evidence is read. ``file``: how to settle deadlines, if not as the suite does.

    Raises :class:`~rehearsal.errors.UsageError` for a file or a scenario that cannot be used.
    """
    due = deadlines(file)
    return Demands(
        made=made.isoformat(timespec="seconds"),
        directives=[
            Directive(each.code, Text(directives_in_vietnamese()[each.code].title, each.title))
            for each in directives()
        ],
        obligations=list(_obligations(due)),
        statements=[*_scenarios(entries()), *_commands()],
        sign_offs=[
            SignOff(each.id, Text(each.why_vi, each.why_en), Text(each.signs_vi, each.signs_en))
            for each in sign_offs().values()
        ],
        systems=list(_systems()),
        deadlines=due,
    )


def _obligations(due: Sequence[Deadline]) -> Iterator[Obligation]:
    disputed = settled(due)
    for each in requirements():
        said = obligations_in_vietnamese()[each.id]
        yield Obligation(
            id=each.id,
            directive=each.directive,
            clause=Text(said.clause, each.clause),
            who=Text(said.who, each.who),
            obligation=Text(said.obligation, each.obligation),
            measure=each.measure,
            deadline=Text(said.deadline, each.deadline),
            systems=list(each.systems),
            due=disputed.get(each.id) or dates.due(each.deadline) or "",
        )


def _scenarios(calendar: Iterable[Entry]) -> Iterator[Statement]:
    """Those that a prepared country meets; the others show that a check can fail, and prove nothing."""
    for entry in calendar:
        head = entry.scenario.scenario
        if head.expect == "met":
            yield Statement(entry.name, "run", f"rehearse run {entry.name}", list(head.requirements))


def _commands() -> Iterator[Statement]:
    """Commands that need no swarm. What the reconciliation asks is added where it is asked."""
    swept = (id_ for check in rows("across", own=True) for id_ in check.requirements)
    yield Statement("readiness", "command", "rehearse readiness", list(dict.fromkeys(swept)))
    yield Statement("conversion", "command", "rehearse conversion", list(codes.REQUIREMENTS))


def _systems() -> Iterator[System]:
    covered = system_coverage()
    for each in systems():
        how = covered[each.id]
        yield System(
            id=each.id,
            name=Text(each.name_vi, each.name_en),
            how=how.how,
            by=list(how.by),
            exercised_by=list(how.exercised_by),
            note=Text(how.note_vi, how.note_en),
            signs=Text(how.signs_vi, how.signs_en),
        )
