"""The systems by name, and which people and systems each of them calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from types import MappingProxyType

from rehearsal import country
from rehearsal.topology.kinds import CORE, DEFECTS, MINISTRIES, OF_MINISTRIES, OF_PROVINCES, Extent, Kind
from rehearsal.topology.wider import wider_callees

CITIZENS, OFFICIALS = "citizens", "officials"


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
def systems(extent: Extent = "core") -> tuple[System, ...]:
    """All systems: the 136 of the core, national ones first, then by province; then those beyond it."""
    national = (Kind.NATIONAL_PORTAL, Kind.VNEID, Kind.POPULATION, Kind.PROCEDURES, Kind.PAYMENT)
    core = (
        *(System(kind.value, kind) for kind in national),
        *(System(lgsp(code), Kind.LGSP, code) for code in country.province_codes()),
        *(System(case_system(code), Kind.CASE_SYSTEM, code) for code in country.province_codes()),
        *(System(portal(old), Kind.PROVINCIAL_PORTAL, new, old) for old, new in country.successors().items()),
    )
    return core if extent == "core" else (*core, *_wider())


def _wider() -> tuple[System, ...]:
    several = {*CORE, *OF_PROVINCES, *OF_MINISTRIES}
    provinces = country.province_codes()
    return (
        *(System(kind.value, kind) for kind in Kind if kind not in several),
        *(System(f"{kind.value}-{each}", kind) for kind in OF_MINISTRIES for each in MINISTRIES),
        *(System(f"{kind.value}-{code}", kind, code) for kind in OF_PROVINCES for code in provinces),
    )


@cache
def callees(extent: Extent = "core") -> Mapping[str, tuple[str, ...]]:
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
    if extent == "whole":
        for caller, called in wider_callees(provinces, MINISTRIES).items():
            table[caller] = (*table.get(caller, ()), *called)
    return MappingProxyType(table)


@cache
def links(extent: Extent = "core") -> tuple[Link, ...]:
    """All links, by caller; 401 in the core."""
    return tuple(Link(caller, callee) for caller, called in callees(extent).items() for callee in called)


@cache
def link_names(extent: Extent = "core") -> tuple[str, ...]:
    """The names of all links."""
    return tuple(link.name for link in links(extent))


@cache
def kinds() -> Mapping[str, Kind]:
    """What ``[systems.<...>]`` may name, every kind and every system, and which kind it is of."""
    return {kind.value: kind for kind in Kind} | {system.name: system.kind for system in systems("whole")}


@cache
def defect_names() -> tuple[str, ...]:
    """All defects of all kinds."""
    return tuple(dict.fromkeys(chain.from_iterable(DEFECTS.values())))
