"""What a plan will do and what it needs, in plain English, before anything is started."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pydantic import BeforeValidator

from chaos import catalogue, units
from rehearsal import topology
from rehearsal.plan.records import Fault, Plan, System
from rehearsal.scenario.section import spell_duration, spell_moment
from scenarios import journeys

REQUESTS_PER_CORE = 700
"""Visitors' requests per second for which one processor core is reckoned: swarm, links and systems together.
A rule of thumb for a start; the lag in a run's own report says whether a machine was fast enough."""
MEGABYTES_PER_WORKER, MEGABYTES_OF_SYSTEMS, MEGABYTES_ALONE = 150, 1000, 120
"""Memory that is reckoned for a swarm process, for all systems, Toxiproxy and the conductor together, and for
a system that runs in a process of its own because a fault of the plan befalls it."""
NAMED = 3


def sentences(plan: Plan) -> list[str]:
    """One sentence or short paragraph per line, in the order in which a reader asks."""
    return [
        f'"{plan.scenario.title.en}" rehearses what is due at {plan.scenario.date}, here called T0.',
        f"It may be stopped by: {plan.scenario.owner}.",
        f"Hypothesis: {plan.scenario.hypothesis.en}",
        _requirements(plan),
        *_systems(plan),
        *([f"{_count(len(plan.must_be_used), 'system')} must get a request."] if plan.must_be_used else []),
        *_arrivals(plan),
        _clock(plan),
        *(_fault(number, fault) for number, fault in enumerate(plan.faults, 1)),
        *([] if plan.faults else ["No fault is planned."]),
        *(
            f"Objective {slo.name}: {slo.objective * 100:.6g} % of {_what(slo.steps, 'step')} of "
            f"{_what(slo.journeys, 'journey')} answered right within {spell_duration(slo.within)}."
            for slo in plan.slos
        ),
        _needs(plan),
        f"Expected outcome: {plan.scenario.expect.upper()}.",
    ]


def peak(plan: Plan) -> tuple[float, float]:
    """The highest expected rate (arrivals in one second), and the second after T0 at which it begins."""
    rates = plan.arrivals.expected_per_second
    highest = max(range(len(rates)), key=rates.__getitem__)
    return rates[highest], plan.clock.start + highest


def _requirements(plan: Plan) -> str:
    if not plan.scenario.requirements:
        return "It names no requirement of the directives."
    return f"It tests {_count(len(plan.scenario.requirements), 'requirement')} of the directives: " + (
        ", ".join(requirement.id for requirement in plan.scenario.requirements) + "."
    )


def _systems(plan: Plan) -> Iterator[str]:
    kinds = Counter(system.kind for system in plan.systems)
    several = ", ".join(f"{count} of kind {kind}" for kind, count in kinds.items() if count > 1)
    single = sum(count for count in kinds.values() if count == 1)
    yield (
        f"{len(plan.systems)} systems are started ({_count(single, 'national system')}, {several}), "
        f"joined by {len(plan.links)} links, each through a proxy of its own."
    )
    prepared = topology.PREPARED
    for system in plan.systems:
        if system.defects:
            meanings = (topology.DEFECTS[system.kind][defect] for defect in system.defects)
            yield f"Defect: {system.name} {'; '.join(meanings)}."
        declared = prepared[system.kind]
        if (system.servers, system.service_mean) != (declared.servers, declared.mean):
            yield (
                f"{system.name} can serve {_per_second(system):.4g} requests per second; "
                f"in a prepared country it would be {declared.per_second:.4g}."
            )


def _arrivals(plan: Plan) -> Iterator[str]:
    highest, at = peak(plan)
    workers = _count(plan.arrivals.workers, "worker process", "worker processes")
    if plan.scenario.scale != 1:
        yield f"Every rate of arrivals is multiplied by {plan.scenario.scale:g}."
    yield (
        f"{plan.arrivals.count:,} visitors arrive, offered by {workers}; "
        f"most in the second from {spell_moment(at)}, when {highest:.4g} are expected."
    )
    shares = ", ".join(f"{name} {count:,}" for name, count in plan.arrivals.by_journey.items())
    yield f"Their journeys: {shares}. The schedule is fixed by seed {plan.scenario.seed}."


def _clock(plan: Plan) -> str:
    clock = plan.clock
    return (
        f"Visitors arrive for {spell_duration(clock.end - clock.start)}, from {spell_moment(clock.start)} to "
        f"{spell_moment(clock.end)}; judged is what they ask from "
        f"{spell_moment(clock.start + clock.warm_up)} on. Then dossiers on their way have at most "
        f"{spell_duration(clock.drain_limit)} to arrive."
    )


def _fault(number: int, fault: Fault) -> str:
    given = ", ".join(f"{name} {_parameter(fault, name)}" for name in fault.parameters)
    what = fault.title.en.lower() + (f" ({given})" if given else "")
    where = f"on {_some(fault.links)}" if fault.place == "link" else f"at {_some(fault.systems)}"
    return (
        f"Fault {number}, {fault.name}: {what} {where}, "
        f"{spell_moment(fault.start)} to {spell_moment(fault.end)}; "
        f"service must be as before within {spell_duration(fault.recover_within)} of its end."
    )


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _needs(plan: Plan) -> str:
    highest, _ = peak(plan)
    total = sum(plan.arrivals.by_journey.values())
    steps = sum(len(journeys.steps(name)) * count for name, count in plan.arrivals.by_journey.items())
    requests = highest * steps / total if total else 0.0
    cores = max(2, -(-round(requests) // REQUESTS_PER_CORE))
    workers, alone = plan.arrivals.workers, len(plan.alone)
    memory = MEGABYTES_OF_SYSTEMS + MEGABYTES_PER_WORKER * workers + MEGABYTES_ALONE * alone
    extra = f", {MEGABYTES_ALONE} MB per system in a process of its own" if alone else ""
    ports = topology.ports_needed(plan.country) + 1
    return (
        f"It needs {ports} free ports on {topology.HOST} (one per system and link, one "
        f"for Toxiproxy), about {memory:,} MB of memory ({MEGABYTES_OF_SYSTEMS:,} MB for the systems and "
        f"links, {MEGABYTES_PER_WORKER} MB per worker{extra}) and about {cores} cores (one per "
        f"{REQUESTS_PER_CORE} requests of visitors per second; at most {requests:,.0f} are expected, every "
        "step of every journey counted)."
    )


def _per_second(system: System) -> float:
    return system.servers / system.service_mean


def _parameter(fault: Fault, name: str) -> str:
    value, field = fault.parameters[name], catalogue.KINDS[fault.kind].model_fields[name]
    lasts = BeforeValidator(units.seconds) in field.metadata
    return spell_duration(float(value)) if lasts else f"{value:g}" if isinstance(value, float) else str(value)


def _what(names: tuple[str, ...], noun: str) -> str:
    if not names:
        return f"all {noun}s"
    return f"the {noun}{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _count(number: int, singular: str, plural: str = "") -> str:
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
