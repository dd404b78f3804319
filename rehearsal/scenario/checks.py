"""Rules that need more than one value of a scenario at once.

Each check takes the tables it needs and yields what is wrong with them. A check is left out where one of its
tables could not be read at all, so that one bad value does not hide what is wrong elsewhere. Arrays of tables
come as mappings from the number in the file to the entry, without those that could not be read;
``all_<name>`` comes only where every entry could be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations

from rehearsal import topology
from rehearsal.errors import suggest
from rehearsal.scenario.faults import PlacedFault, systems_of
from rehearsal.scenario.model import Arrivals, Clock, Head, Slo, SystemOverride
from rehearsal.scenario.problems import Finding, Path, spell_value
from rehearsal.scenario.section import spell_duration, spell_moment
from rehearsal.scenario.shapes import AnyPhase
from scenarios import journeys

MOST_ARRIVALS = 2_000_000
"""More than one machine can offer or hold; a slip of the pen is likelier."""
_OF_THE_WHOLE = 'is not of the core: write country = "whole" in [scenario] for every system to take part'


def check_clock(clock: Clock) -> Iterator[Finding]:
    """The clock runs forwards, and something is left of it to judge."""
    length = clock.end - clock.start
    if length <= 0:
        message = f"must be after clock.start, which is {spell_moment(clock.start)}"
        yield Finding(("clock", "end"), message)
    elif clock.warm_up >= length:
        message = f"must be shorter than the clock, which runs {spell_duration(length)}"
        yield Finding(("clock", "warm_up"), message)


def check_phases(clock: Clock, arrivals: Mapping[int, Arrivals]) -> Iterator[Finding]:
    """Every sequence of phases fills the clock exactly."""
    length = clock.end - clock.start
    for number, block in arrivals.items():
        here: Path = ("arrivals", number)
        yield from _fills((*here, "phases"), block.phases, length)
        for code, own in block.provinces.items():
            if own.phases:
                yield from _fills((*here, "provinces", code, "phases"), own.phases, length)


def _fills(path: Path, phases: Iterable[AnyPhase], length: float) -> Iterator[Finding]:
    total = sum(phase.for_ for phase in phases)
    missing = length - total
    if length > 0 and not math.isclose(missing, 0, abs_tol=0.0005):
        change = "lengthen" if missing > 0 else "shorten"
        yield Finding(
            path,
            f"must fill the clock exactly, which runs {spell_duration(length)}: "
            f"{change} a phase by {spell_duration(abs(missing))}",
            value=f"{spell_duration(total)} in all",
        )


def check_arrivals(arrivals: Mapping[int, Arrivals]) -> Iterator[Finding]:
    """A block asks for journeys of its actor, and for somebody, but not for too many."""
    for number, block in arrivals.items():
        legal = journeys.names(block.actor)
        for name in block.journeys:
            if name not in legal:
                message = f"is no journey of an actor {block.actor}; {suggest(name, legal)}"
                yield Finding(("arrivals", number, "journeys", name), message, value=spell_value(name))
        count = block.factor * sum(phase.expected_in_all() for phase in block.phases)
        if not 0 < count <= MOST_ARRIVALS:
            message = f"must offer more than 0 and at most {MOST_ARRIVALS:,} arrivals"
            yield Finding(("arrivals", number, "phases"), message, value=f"{count:,.0f} arrivals in all")


def check_fault_windows(clock: Clock, faults: Mapping[int, PlacedFault]) -> Iterator[Finding]:
    """A fault, and the time service has to recover from it, lie within the clock."""
    for number, fault in faults.items() if clock.start < clock.end else ():
        if not clock.start <= fault.at < clock.end:
            message = f"must lie within the clock, {spell_moment(clock.start)} to {spell_moment(clock.end)}"
            yield Finding(("faults", number, "at"), message)
        elif (over := fault.until + fault.recover_within - clock.end) > 1e-6:
            message = (
                f"the fault ends at {spell_moment(fault.until)}, and recovery could not be seen: "
                f"for + recover_within go {spell_duration(over)} beyond clock.end, {spell_moment(clock.end)}"
            )
            yield Finding(("faults", number, "recover_within"), message)


def check_process_faults(faults: Mapping[int, PlacedFault]) -> Iterator[Finding]:
    """One process suffers one fault at a time: what is dead cannot freeze. Faults of links may overlap."""
    of_processes = [each for each in faults.items() if each[1].catalogued.place == "process"]
    for (first, a), (second, b) in combinations(of_processes, 2):
        common = [system for system in a.befallen("whole") if system in b.befallen("whole")]
        if common and a.at < b.until and b.at < a.until:
            message = (
                f'the process of {common[0]} is in faults[{first}] "{a.name}" until {spell_moment(a.until)}: '
                "begin then or later, or name other systems"
            )
            yield Finding(("faults", second, "at"), message)


def check_faults_are_felt(scenario: Head, faults: Mapping[int, PlacedFault]) -> Iterator[Finding]:
    """A fault befalls this country; one in what systems send on is one of systems that call others."""
    extent = scenario.country
    for number, fault in faults.items():
        if fault.expanded(extent):
            continue
        if not fault.befallen(extent) and fault.expanded("whole"):
            yield Finding(("faults", number, fault.befalls), _OF_THE_WHOLE)
            continue
        callers = dict.fromkeys(link.caller for link in topology.links(extent))
        legal = [name for name in topology.kinds() if any(each in callers for each in systems_of(name))]
        befallen = fault.befallen("whole")[0]
        message = f"nobody would feel it: {befallen} calls no other system; "
        yield Finding(("faults", number, "systems"), message + suggest(befallen, legal))


def check_systems_take_part(
    scenario: Head, systems: Mapping[str, SystemOverride], arrivals: Mapping[int, Arrivals]
) -> Iterator[Finding]:
    """Systems that are spoken of, and those that a journey leads to, take part in the rehearsal."""
    if scenario.country == "whole":
        return
    for name in systems:
        if topology.kinds().get(name, topology.CORE[0]) not in topology.CORE:
            yield Finding(("systems", name), _OF_THE_WHOLE)
    for number, block in arrivals.items():
        for name in block.journeys:
            if name in journeys.JOURNEYS and journeys.JOURNEYS[name].whole:
                yield Finding(("arrivals", number, "journeys", name), _OF_THE_WHOLE, value=spell_value(name))


def check_fault_names(faults: Mapping[int, PlacedFault]) -> Iterator[Finding]:
    """No two faults share a name."""
    yield from _unique("faults", {number: fault.name for number, fault in faults.items()})


def check_objective_names(slo: Mapping[int, Slo]) -> Iterator[Finding]:
    """No two objectives share a name."""
    yield from _unique("slo", {number: objective.name for number, objective in slo.items()})


def check_objectives(slo: Mapping[int, Slo], all_arrivals: Mapping[int, Arrivals]) -> Iterator[Finding]:
    """Objectives are about steps and journeys that somebody will make."""
    made = dict.fromkeys(name for block in all_arrivals.values() for name in block.journeys)
    for number, objective in slo.items():
        for position, name in enumerate(objective.journeys):
            if name not in made:
                message = f"nobody makes this journey in [[arrivals]]; {suggest(name, made)}"
                yield Finding(("slo", number, "journeys", position), message)
        legal = dict.fromkeys(
            step for name in objective.journeys or made if name in made for step in journeys.steps(name)
        )
        for position, step in enumerate(objective.steps):
            if legal and step not in legal:
                message = f"is no step of the journeys of this objective; {suggest(step, legal)}"
                yield Finding(("slo", number, "steps", position), message)


def check_requirements(
    scenario: Head, faults: Mapping[int, PlacedFault], slo: Mapping[int, Slo]
) -> Iterator[Finding]:
    """What objectives and faults show is among what the scenario tests."""
    bearers: tuple[tuple[str, Mapping[int, PlacedFault] | Mapping[int, Slo]], ...] = (
        ("faults", faults),
        ("slo", slo),
    )
    for table, entries in bearers:
        for number, entry in entries.items():
            for position, name in enumerate(entry.requirements):
                if name not in scenario.requirements:
                    message = f"is not tested by this scenario: {suggest(name, scenario.requirements)}"
                    yield Finding((table, number, "requirements", position), message)


def check_defects(systems: Mapping[str, SystemOverride]) -> Iterator[Finding]:
    """A defect is one that this kind of system can have."""
    for name, override in systems.items():
        if (kind := topology.kinds().get(name)) is None:
            continue  # reported where the name stands
        legal = topology.DEFECTS.get(kind, {})
        for position, defect in enumerate(override.defects):
            if defect not in legal:
                owners = ", ".join(other for other, known in topology.DEFECTS.items() if defect in known)
                hint = suggest(defect, legal) if legal else f"{kind} has none"
                message = f"is a defect of {owners}, not of {kind}; {hint}"
                yield Finding(("systems", name, "defects", position), message)


def check_name(scenario: Head, stem: str) -> Iterator[Finding]:
    """The scenario is called as its file is."""
    if scenario.name != stem:
        message = f'must be the name of the file: write "{stem}", or rename the file {scenario.name}.toml'
        yield Finding(("scenario", "name"), message)


def _unique(table: str, names: Mapping[int, str]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for number, name in names.items():
        if (before := first.setdefault(name, number)) != number:
            message = f'is taken by {table}[{before}]; call this one "{name}-{number + 1}", for example'
            yield Finding((table, number, "name"), message)


Check = Callable[..., Iterator[Finding]]

CHECKS: Mapping[Check, tuple[str, ...]] = {
    check_name: ("scenario", "stem"),
    check_clock: ("clock",),
    check_phases: ("clock", "arrivals"),
    check_arrivals: ("arrivals",),
    check_fault_names: ("faults",),
    check_fault_windows: ("clock", "faults"),
    check_process_faults: ("faults",),
    check_faults_are_felt: ("scenario", "faults"),
    check_systems_take_part: ("scenario", "systems", "arrivals"),
    check_defects: ("systems",),
    check_objective_names: ("slo",),
    check_objectives: ("slo", "all_arrivals"),
    check_requirements: ("scenario", "faults", "slo"),
}
"""Every check with the tables it needs, in the order of the file."""
