"""From the plan to processes of mocks: which systems run together, and what each is told."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec

from mocks.capacity import Capacity, ServiceTime
from mocks.config import ProcessConfig, SystemConfig
from rehearsal import topology
from rehearsal.plan import Plan
from rehearsal.plan.records import System

PUBLIC = ("national-portal", "vneid", "payment")
"""Systems that a browser is sent to."""


def group(system: System, alone: Collection[str]) -> str:
    """The process a system runs in, which bears its name where it is one of those that run ``alone``.

    So does the portal: it is half of the load. All others share a process: together they use less of a core
    than the portal does, and what wakes one process instead of two costs an eighth less CPU.
    """
    on_its_own = system.kind is topology.Kind.NATIONAL_PORTAL or system.name in alone
    return system.name if on_its_own else "country"


def configurations(plan: Plan, places: topology.Topology, folder: Path) -> list[ProcessConfig]:
    """What each process of mocks is told."""
    by_process: dict[str, list[SystemConfig]] = {}
    for system in plan.systems:
        by_process.setdefault(group(system, plan.alone), []).append(_configured(system, places))
    return [
        ProcessConfig(name, str(folder.resolve()), plan.scenario.seed, systems)
        for name, systems in by_process.items()
    ]


def write(config: ProcessConfig, folder: Path) -> Path:
    """Write a configuration into the run folder; its path is the mocks' only argument."""
    path = folder / f"mocks.{config.process}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(config), indent=1))
    return path


def _configured(system: System, places: topology.Topology) -> SystemConfig:
    def browser(callee: str) -> str:
        return f"http://{places.links[f'{topology.CITIZENS}--{callee}'].listen}"

    # a closed portal sends people on to itself, and to where they can go instead
    own = [system.name] if f"{topology.CITIZENS}--{system.name}" in places.links else []
    return SystemConfig(
        name=system.name,
        kind=system.kind.value,
        port=places.ports[system.name],
        province=system.province,
        old_province=system.old_province,
        capacity=Capacity(
            servers=system.servers,
            service=ServiceTime(system.service_distribution, system.service_mean, system.service_sigma),
            queue=system.queue,
        ),
        defects=frozenset(system.defects),
        peers={callee: f"http://{listen}" for callee, listen in places.peers(system.name).items()},
        public={name: browser(name) for name in dict.fromkeys([*PUBLIC, *own])},
    )
