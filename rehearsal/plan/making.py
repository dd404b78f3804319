"""From a scenario to a plan: every default filled, every pattern expanded, every number fixed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from fixtures.reference.directives import requirement
from fixtures.reference.procedures import procedures
from fixtures.reference.provinces import old_provinces, provinces
from fixtures.reference.statuses import statuses
from rehearsal import arrivals, topology
from rehearsal.errors import UsageError
from rehearsal.plan.dues import dues
from rehearsal.plan.records import (
    About,
    Arrivals,
    Clock,
    Fault,
    Link,
    Objective,
    OldProvince,
    Plan,
    Probe,
    Province,
    Requirement,
    Status,
    Stop,
    System,
    Text,
    Validity,
    Visitors,
)
from rehearsal.scenario.faults import PlacedFault, systems_of
from rehearsal.scenario.model import Head, Scenario, SystemOverride
from rehearsal.scenario.scaled import scaled
from scenarios.journeys import JOURNEYS

MOST_WORKERS = 256


class Planned(NamedTuple):
    """A plan and the arrivals it stands for, in the columns of ``reports.journal.ARRIVALS``."""

    plan: Plan
    arrivals: pa.Table


def make_plan(scenario: Scenario, workers: int, scale: float = 1.0) -> Planned:
    """Fix everything that a run needs; every rate of arrivals is multiplied by ``scale``.

    Raises :class:`UsageError` for an impossible number of workers.
    """
    if not 1 <= workers <= MOST_WORKERS:
        raise UsageError(f"workers: {workers}: must be from 1 to {MOST_WORKERS}")
    scenario = scaled(scenario, scale)
    table = arrivals.draw(scenario)
    extent = scenario.scenario.country
    by_journey = dict(sorted(Counter(table.column("journey").to_pylist()).items()))
    plan = Plan(
        scenario=_about(scenario, scale),
        country=extent,
        clock=Clock(**scenario.clock.model_dump()),
        visitors=Visitors(**scenario.visitors.model_dump()),
        arrivals=Arrivals(
            count=table.num_rows,
            sha256=arrivals.digest(table),
            workers=workers,
            by_journey=by_journey,
            expected_per_second=tuple(np.round(arrivals.expected_per_second(scenario), 6).tolist()),
        ),
        faults=tuple(
            _fault(fault, extent)
            for fault in sorted(scenario.faults, key=lambda fault: (fault.at, fault.until))
        ),
        slos=tuple(Objective(**slo.model_dump()) for slo in scenario.slo),
        validity=Validity(**scenario.validity.model_dump(exclude={"probes_per_second"})),
        stop=_stop(scenario, by_journey),
        probes=_probes(scenario.validity.probes_per_second),
        systems=tuple(_system(system, scenario.systems) for system in topology.systems(extent)),
        links=tuple(
            Link(name=link.name, caller=link.caller, callee=link.callee) for link in topology.links(extent)
        ),
        provinces=tuple(Province(code=each.code, name=each.name_vi) for each in provinces()),
        old_provinces=tuple(
            OldProvince(code=each.code, name=each.name_vi, province=each.successor)
            for each in old_provinces()
        ),
        statuses=tuple(
            Status(
                code=each.code,
                title=Text(vi=each.name_vi, en=each.name_en),
                next=each.next,
                may_end=each.may_end,
            )
            for each in statuses()
        ),
        closed_procedures=tuple(each.code for each in procedures() if each.level == "abolished"),
        dues=dues(extent),
        must_be_used=_must_be_used(scenario.scenario, scale),
    )
    return Planned(plan, table)


def _about(scenario: Scenario, scale: float) -> About:
    head = scenario.scenario
    return About(
        name=head.name,
        title=Text(**head.title.model_dump()),
        hypothesis=Text(**head.hypothesis.model_dump()),
        requirements=tuple(
            Requirement(id=id_, obligation=requirement(id_).obligation) for id_ in head.requirements
        ),
        seed=head.seed,
        expect=head.expect,
        date=head.date.isoformat(),
        owner=head.owner,
        scale=scale,
    )


def _fault(fault: PlacedFault, extent: topology.Extent) -> Fault:
    kind = fault.catalogued
    parameters: dict[str, Any] = fault.parameters
    return Fault(
        name=fault.name,
        kind=fault.kind,
        title=Text(**kind.title),
        meaning=Text(**kind.meaning),
        colour=kind.colour,
        place=kind.place,
        systems=fault.befallen(extent),
        links=fault.expanded(extent),
        start=fault.at,
        end=fault.until,
        recover_within=fault.recover_within,
        executes=kind.model_validate(parameters).executes,
        parameters=parameters,
        requirements=fault.requirements,
    )


def _stop(scenario: Scenario, by_journey: Mapping[str, int]) -> Stop:
    """The budget in answers: live, nobody knows which objective a failed request counts against."""
    asked = scenario.stop
    requests = sum(JOURNEYS[journey].requests * count for journey, count in by_journey.items())
    lenient = min(slo.objective for slo in scenario.slo)
    return Stop(
        error_budget=asked.error_budget,
        bad_answers_allowed=math.ceil((asked.error_budget or 0.0) * (1 - lenient) * requests),
        ledger_breach=asked.ledger_breach,
    )


def _probes(rate: float) -> tuple[Probe, ...]:
    """The front page: what most visitors ask for, whatever they come for, and anybody may."""
    link = f"{topology.CITIZENS}--{topology.Kind.NATIONAL_PORTAL.value}"
    return (Probe(step="home", link=link, path="/", rate=rate),) if rate else ()


def _must_be_used(head: Head, scale: float) -> tuple[str, ...]:
    """The systems that have to get a request; none where the scenario does not say so.

    None with fewer visitors than the scenario has either: chance would leave out some systems.
    """
    if head.every_system_but is None or scale < 1:
        return ()
    spared = {name for pattern in head.every_system_but for name in systems_of(pattern, head.country)}
    return tuple(each.name for each in topology.systems(head.country) if each.name not in spared)


def _system(system: topology.System, overrides: Mapping[str, SystemOverride]) -> System:
    """The prepared capacity of its kind, changed by what is said of the kind, then of the system itself."""
    capacity = topology.PREPARED[system.kind]
    values: dict[str, Any] = {
        "servers": capacity.servers,
        "queue": capacity.queue,
        "service_mean": capacity.mean,
        "service_distribution": capacity.distribution,
        "service_sigma": capacity.sigma,
        "defects": (),
    }
    for name in dict.fromkeys((system.kind.value, system.name)):
        override = overrides.get(name)
        for field in override.model_fields_set if override else ():
            value = getattr(override, field)
            if field == "service_time":
                values |= {
                    f"service_{part}": getattr(value, part) for part in ("mean", "distribution", "sigma")
                }
            else:
                values[field] = value
    return System(
        name=system.name,
        kind=system.kind,
        province=system.province,
        old_province=system.old_province,
        **values,
    )
