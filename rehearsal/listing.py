"""What can be named: scenarios, and the words that may stand in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from pydantic.fields import FieldInfo

from chaos import catalogue
from fixtures.reference.directives import requirement
from mocks.defects import DEFECTS
from rehearsal import topology
from rehearsal.nightly.calendar import Entry, by_day, entries
from scenarios.journeys import JOURNEYS

_PLACES = {"link": "links", "system": "systems", "process": "processes of systems"}


def scenarios() -> Iterator[str]:
    """By day: what each is about, how long it takes, how it should end, and which obligations it tests."""
    for day, found in by_day(entries()).items():
        yield f"{day:%Y-%m-%d}"
        for each in found:
            yield from _scenario(each)


def _scenario(entry: Entry) -> Iterator[str]:
    head = entry.scenario.scenario
    extent = "" if head.country == "core" else f", country: {head.country}"
    based = f", based on {entry.base}" if entry.base else ""
    yield f"{head.name}  ({head.date:%H:%M}, {entry.seconds:.0f} s, expected: {head.expect}{extent}{based})"
    yield f"    {head.title.en} · {head.title.vi}"
    yield f"    {head.hypothesis.en}"
    if entry.is_unprepared:
        return  # it shows that its sister can fail, and proves nothing of the country
    for id_ in head.requirements:
        yield f"    {id_}: {requirement(id_).obligation}"


def faults() -> Iterator[str]:
    """The kinds of faults, what they befall and mean, and their parameters."""
    for name, kind in catalogue.KINDS.items():
        yield f"{name}  ({_PLACES[kind.place]})  {kind.title['en']} · {kind.title['vi']}"
        yield f"    {kind.meaning['en']}"
        for parameter, field in kind.model_fields.items():
            if parameter != "kind":
                yield f"    {parameter}{_default(field)}: {field.description or 'see the catalogue'}"


def defects() -> Iterator[str]:
    """The defects that can be planted, by kind of system."""
    for kind in topology.Kind:
        for name in topology.DEFECTS.get(kind, {}):
            yield f"{name}  ({kind.value})"
            yield f"    {DEFECTS[name].title.en} · {DEFECTS[name].title.vi}"


def systems() -> Iterator[str]:
    """The systems by kind; a kind may be named instead of all its systems."""
    for kind in topology.Kind:
        names = [system.name for system in topology.systems("whole") if system.kind is kind]
        beyond = "" if kind in topology.CORE else ", whole country only"
        yield f"{kind.value}  ({len(names)}{beyond})  {', '.join(names)}"


def links() -> Iterator[str]:
    """The links, by caller. PP is the code of one of the 34 provinces, OO of one of the 63 before them."""
    lines = Counter(
        f"{_pattern(caller)}--  {', '.join(dict.fromkeys(map(_pattern, called)))}"
        for caller, called in topology.callees("whole").items()
    )
    for line, number in lines.items():
        yield f"{line}  (x {number})" if number > 1 else line
    yield "A glob such as lgsp-*--case-* names many."


def steps() -> Iterator[str]:
    """The journeys with their steps."""
    for name, journey in JOURNEYS.items():
        yield f"{name}  ({journey.actor})  {', '.join(journey.steps)}"


def gaps() -> Iterator[str]:
    """The kinds of gaps that can be planted for a readiness sweep, and the check that has to find each."""
    from rehearsal.readiness import planting  # it loads Faker, which no run needs

    for name, kind in planting.KINDS.items():
        detail = f"; detail: a {kind.details}" if kind.details else ""
        yield f"{name}  (unit: a {kind.of}{detail})  found by {kind.check}"


LISTS: Mapping[str, Callable[[], Iterator[str]]] = MappingProxyType(
    {
        "scenarios": scenarios,
        "faults": faults,
        "defects": defects,
        "systems": systems,
        "links": links,
        "steps": steps,
        "gaps": gaps,
    }
)
"""Every list by its name on the command line."""


def _pattern(system: str) -> str:
    """Its name, with the code of its place written as PP or OO."""
    kind, _, code = system.rpartition("-")
    place = "OO" if kind == "portal" else "PP"
    return f"{kind}-{place}" if code.isdigit() else system


def _default(field: FieldInfo) -> str:
    return " (required)" if field.is_required() else f" = {field.default}"
