"""From the plan to processes of mocks: which systems run together, and what each is told."""

from __future__ import annotations

from pathlib import Path

import msgspec

from mocks.capacity import Capacity, ServiceTime
from mocks.config import ProcessConfig, SystemConfig
from rehearsal import topology
from rehearsal.plan import Plan
from rehearsal.plan.records import System

READY_WITHIN = 60.0
PUBLIC = ("national-portal", "vneid", "payment")
"""Systems that a browser is sent to."""


def group(system: System) -> str:
    """The process a system runs in.

    The portal is alone, so that it can be killed alone. All others share a process: together they use less of
    a core than the portal does, and what wakes one process instead of two costs an eighth less CPU.
    """
    return "national-portal" if system.kind is topology.Kind.NATIONAL_PORTAL else "country"


def configurations(plan: Plan, places: topology.Topology, folder: Path) -> list[ProcessConfig]:
    """What each process of mocks is told."""
    by_process: dict[str, list[SystemConfig]] = {}
    for system in plan.systems:
        by_process.setdefault(group(system), []).append(_configured(system, places))
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

    is_portal = system.kind is topology.Kind.PROVINCIAL_PORTAL
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
        public={name: browser(name) for name in (*PUBLIC, *([system.name] if is_portal else []))},
    )
