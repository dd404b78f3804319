"""One of every kind of system, in a real process, for clients that know nothing but the OpenAPI documents."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec

from mocks.config import SystemConfig
from rehearsal import topology
from tests.mocks.processes import MockProcess, on_ports

PROVINCE, OLD_PROVINCE, MINISTRY = "15", "10", "industry"
"""Lào Cai today, its portal of before, and one ministry stand for all."""
T0_AHEAD = 3600 * 10**9


@dataclass(frozen=True)
class Running:
    """Where the system of each kind answers, by kind: ``http://host:port``."""

    addresses: dict[str, str]

    def document(self, kind: str) -> dict[str, object]:
        """Its OpenAPI document, as anybody gets it."""
        document: dict[str, object] = httpx.get(f"{self.addresses[kind]}/openapi.json").json()
        return document


def one_of_each() -> dict[str, topology.System]:
    """A system of each kind, by kind."""
    chosen: dict[str, topology.System] = {}
    for system in topology.systems("whole"):
        kind, here = system.kind.value, system.province in ("", PROVINCE)
        if not here or system.old_province not in ("", OLD_PROVINCE):
            continue
        if kind not in chosen or system.name.endswith(MINISTRY):
            chosen[kind] = system
    return chosen


def configurations() -> list[SystemConfig]:
    """Each of them, told of all others that it may call."""
    chosen = one_of_each()
    there = {system.name for system in chosen.values()}
    callees = topology.callees("whole")
    return [
        SystemConfig(
            name=system.name,
            kind=kind,
            port=0,
            province=system.province,
            old_province=system.old_province,
            peers=dict.fromkeys((name for name in callees.get(system.name, ()) if name in there), ""),
            public=dict.fromkeys(("national-portal", "vneid", "payment", system.name), ""),
        )
        for kind, system in chosen.items()
    ]


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Running]:
    """They run while the context lasts, an hour before T0."""
    placed = on_ports(configurations())
    addresses = {each.kind: f"http://127.0.0.1:{each.port}" for each in placed.values()}
    with MockProcess("contract", folder, list(placed.values())):
        t0 = time.monotonic_ns() + T0_AHEAD
        for address in addresses.values():
            httpx.put(f"{address}/-/clock", content=msgspec.json.encode({"t0_monotonic_ns": t0}))
        yield Running(addresses)
