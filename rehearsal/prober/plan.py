"""What the prober reads of the run folder: ``plan.json`` and ``targets.json``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from rehearsal.decoding import decoded
from rehearsal.errors import UsageError, suggest

Positive = Annotated[float, Meta(gt=0)]


class Probe(msgspec.Struct, frozen=True):
    """A request that is sent ``rate`` times a second; see ``rehearsal.plan.records.Probe``."""

    step: str
    link: str
    path: Annotated[str, Meta(pattern=r"^/[!-~]*$")]
    rate: Positive


class Clock(msgspec.Struct, frozen=True):
    """Seconds after T0."""

    start: float
    end: float


class _Scenario(msgspec.Struct, frozen=True):
    seed: int


class _Visitors(msgspec.Struct, frozen=True):
    patience: Positive


class _Plan(msgspec.Struct, frozen=True):
    scenario: _Scenario
    clock: Clock
    visitors: _Visitors
    probes: list[Probe]


class _Targets(msgspec.Struct, frozen=True):
    links: dict[str, str]


class Place(NamedTuple):
    """Where a link begins."""

    host: str
    port: int


class Task(NamedTuple):
    """All that the prober has to know. ``patience`` is the seconds it waits for a complete answer."""

    seed: int
    clock: Clock
    patience: float
    probes: list[Probe]
    places: dict[str, Place]


def load(folder: Path) -> Task:
    """Read the folder of a run. Raises :class:`UsageError` that names file and place."""
    plan = decoded(folder / "plan.json", _Plan)
    links = decoded(folder / "targets.json", _Targets).links
    places = {}
    for probe in plan.probes:
        address = links.get(probe.link)
        if address is None:
            raise UsageError(f'targets.json: links: no "{probe.link}": {suggest(probe.link, links)}')
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal():
            raise UsageError(f'targets.json: links: "{probe.link}": "{address}": legal is <host>:<port>')
        places[probe.link] = Place(host, int(port))
    return Task(plan.scenario.seed, plan.clock, plan.visitors.patience, plan.probes, places)
