"""The systems of the country, who calls whom, and what each system of a prepared country can carry.

::

    citizens ──► portal-OO (63) ──► case-PP (34) ◄── officials
        │             │                ▲  │
        │             ▼                │  ▼
        ├────────► vneid ◄──┐       lgsp-PP (34) ──► procedures
        │                   │          ▲  │              ▲
        ├────────► national-portal ────┘◄─┘              │
        │             │    │   └─────────────────────────┤
        └► payment ◄──┘    └──► population        national-portal

Every arrow is one link, called ``<caller>--<callee>``: a Toxiproxy proxy of its own, which may fail alone.
Everything here is pure; the conductor finds free ports and hands them to :func:`assign`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain, islice
from types import MappingProxyType
from typing import Literal

import mocks.defects
from rehearsal import country

HOST = "127.0.0.1"
CITIZENS, OFFICIALS = "citizens", "officials"


class Kind(StrEnum):
    """What a system is."""

    NATIONAL_PORTAL = "national-portal"
    VNEID = "vneid"
    POPULATION = "population"
    PROCEDURES = "procedures"
    PAYMENT = "payment"
    LGSP = "lgsp"
    CASE_SYSTEM = "case-system"
    PROVINCIAL_PORTAL = "provincial-portal"


@dataclass(frozen=True, slots=True)
class Capacity:
    """``servers`` requests are served at once, ``queue`` more may wait, the next is refused with 503.

    ``mean`` is the mean service time in seconds; ``sigma`` the standard deviation of its logarithm, which
    only the log-normal distribution uses.
    """

    servers: int
    queue: int
    mean: float
    distribution: Literal["constant", "exponential", "lognormal"] = "lognormal"
    sigma: float = 0.5

    @property
    def per_second(self) -> float:
        """Requests per second that it can serve for ever: servers / mean service time."""
        return self.servers / self.mean


PREPARED: Mapping[Kind, Capacity] = MappingProxyType(
    {
        Kind.NATIONAL_PORTAL: Capacity(servers=64, queue=1024, mean=0.010),
        Kind.VNEID: Capacity(servers=32, queue=512, mean=0.030),
        Kind.POPULATION: Capacity(servers=32, queue=512, mean=0.010),
        Kind.PROCEDURES: Capacity(servers=32, queue=512, mean=0.005),
        Kind.PAYMENT: Capacity(servers=16, queue=256, mean=0.050),
        Kind.LGSP: Capacity(servers=8, queue=256, mean=0.005),
        Kind.CASE_SYSTEM: Capacity(servers=8, queue=256, mean=0.015),
        Kind.PROVINCIAL_PORTAL: Capacity(servers=4, queue=64, mean=0.020),
    }
)
"""Assumed, for nobody publishes them: each carries its part of a fivefold surge about five times over."""

DEFECTS: Mapping[Kind, Mapping[str, str]] = MappingProxyType(
    {
        kind: MappingProxyType(
            {each.name: each.title.en for each in mocks.defects.DEFECTS.values() if each.kind == kind}
        )
        for kind in Kind
    }
)
"""What each defect that a scenario can plant makes a system do, by kind of system."""


@dataclass(frozen=True, slots=True)
class System:
    """One system. ``province`` is one of the 34, or "" for a national system; a provincial portal has the
    province that succeeds its own, and its own as ``old_province``."""

    name: str
    kind: Kind
    province: str = ""
    old_province: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """The way from one caller to one system."""

    caller: str
    callee: str

    @property
    def name(self) -> str:
        """``<caller>--<callee>``."""
        return f"{self.caller}--{self.callee}"


@dataclass(frozen=True, slots=True)
class PlacedLink:
    """A link with its place: callers connect to ``listen``, which passes on to ``upstream`` (host:port)."""

    link: Link
    listen: str
    upstream: str

    @property
    def name(self) -> str:
        """The name of the link."""
        return self.link.name


@dataclass(frozen=True)
class Topology:
    """Where everything listens. ``ports`` by system name, ``links`` by link name."""

    ports: Mapping[str, int]
    links: Mapping[str, PlacedLink]

    def peers(self, caller: str) -> dict[str, str]:
        """For each system that ``caller`` may call: the address (host:port) of the link towards it."""
        return {
            placed.link.callee: placed.listen
            for placed in self.links.values()
            if placed.link.caller == caller
        }


def case_system(province: str) -> str:
    """Name of the case system of one of the 34 provinces."""
    return f"case-{province}"


def lgsp(province: str) -> str:
    """Name of the integration platform of one of the 34 provinces."""
    return f"lgsp-{province}"


def portal(old_province: str) -> str:
    """Name of the portal of one of the 63 provinces."""
    return f"portal-{old_province}"


def case_system_of_old(old_province: str) -> str:
    """Name of the case system that succeeds an old province. Raises ``KeyError`` for an unknown code."""
    return case_system(country.successors()[old_province])


@cache
def systems() -> tuple[System, ...]:
    """All 136 systems: national ones first, then by province."""
    national = (Kind.NATIONAL_PORTAL, Kind.VNEID, Kind.POPULATION, Kind.PROCEDURES, Kind.PAYMENT)
    return (
        *(System(kind.value, kind) for kind in national),
        *(System(lgsp(code), Kind.LGSP, code) for code in country.province_codes()),
        *(System(case_system(code), Kind.CASE_SYSTEM, code) for code in country.province_codes()),
        *(System(portal(old), Kind.PROVINCIAL_PORTAL, new, old) for old, new in country.successors().items()),
    )


def callees() -> dict[str, tuple[str, ...]]:
    """Whom each caller calls: the table from which all links follow."""
    provinces = country.province_codes()
    old = country.successors()
    table: dict[str, tuple[str, ...]] = {
        CITIZENS: ("national-portal", "vneid", "payment", *map(portal, old)),
        OFFICIALS: tuple(map(case_system, provinces)),
        "national-portal": ("vneid", "population", "procedures", "payment", *map(lgsp, provinces)),
        "payment": ("national-portal",),
    }
    for code in provinces:
        table[lgsp(code)] = (case_system(code), "national-portal", "procedures")
        table[case_system(code)] = (lgsp(code),)
    for code in old:
        table[portal(code)] = (case_system_of_old(code), "vneid")
    return table


@cache
def links() -> tuple[Link, ...]:
    """All 401 links, by caller."""
    return tuple(Link(caller, callee) for caller, called in callees().items() for callee in called)


@cache
def link_names() -> tuple[str, ...]:
    """The names of all links."""
    return tuple(link.name for link in links())


@cache
def kinds() -> Mapping[str, Kind]:
    """What ``[systems.<...>]`` may name, every kind and every system, and which kind it is of."""
    return {kind.value: kind for kind in Kind} | {system.name: system.kind for system in systems()}


@cache
def defect_names() -> tuple[str, ...]:
    """All defects of all kinds."""
    return tuple(dict.fromkeys(chain.from_iterable(DEFECTS.values())))


def ports_needed() -> int:
    """How many ports :func:`assign` takes: one for each system and each link."""
    return len(systems()) + len(links())


def assign(ports: Iterable[int], *, entrance: str = HOST) -> Topology:
    """Give each system and each link one of ``ports``, in order.

    The links of citizens and officials begin at the address ``entrance``, all others on loopback.

    Raises ``ValueError`` where there are too few ports or one comes twice.
    """
    needed = ports_needed()
    given = list(islice(ports, needed))
    if len(given) < needed:
        raise ValueError(f"{needed} ports are needed, and only {len(given)} were given")
    if len(set(given)) < needed:
        twice = next(port for port in given if given.count(port) > 1)
        raise ValueError(f"port {twice} was given twice")
    of_system = {system.name: port for system, port in zip(systems(), given, strict=False)}
    of_link = given[len(of_system) :]
    begin = {CITIZENS: entrance, OFFICIALS: entrance}
    return Topology(
        ports=MappingProxyType(of_system),
        links=MappingProxyType(
            {
                link.name: PlacedLink(
                    link, f"{begin.get(link.caller, HOST)}:{port}", f"{HOST}:{of_system[link.callee]}"
                )
                for link, port in zip(links(), of_link, strict=True)
            }
        ),
    )
