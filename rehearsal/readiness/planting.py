"""Gaps that are planted into the mocks, and which shortfall each of them has to bring about.

A sweep is worth something where it finds what is lacking and nothing else; so it is tried on countries of
which that is known.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

import fixtures
from mocks.gaps import Gap
from rehearsal.errors import UsageError
from reports.readiness.model import Cell, Moment

Of = Literal["commune", "province", "old-province"]


@dataclass(frozen=True)
class Kind:
    """A kind of gap: of which units, what may be its detail, and the check that has to find it."""

    of: Of
    check: str
    details: Literal["", "procedure", "service", "fee"] = ""
    not_seen: Moment | None = None
    """The side of T0 from which it cannot be seen."""


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "catalogue-incomplete": Kind("province", "catalogue-complete", "procedure"),
        "district-procedure-left": Kind("province", "no-district-procedure", "procedure"),
        "unit-missing": Kind("commune", "units-in-catalogue"),
        "agency-code-missing": Kind("commune", "agency-codes"),
        "service-unreachable": Kind("province", "services-reachable", "service"),
        "unit-unknown": Kind("commune", "unit-at-portal"),
        "no-status-back": Kind("commune", "status-back"),
        "sync-up-broken": Kind("province", "counter-dossier-shown"),
        "fee-code-old": Kind("province", "fee-codes", "fee"),
        "sso-down": Kind("province", "sso-sign-in"),
        "account-missing": Kind("commune", "accounts-complete"),
        "district-rights-alive": Kind("province", "district-rights-gone"),
        "certificate-expired": Kind("commune", "certificates-valid"),
        "certificate-old-name": Kind("commune", "certificates-valid"),
        "hotline-missing": Kind("commune", "hotline-numbers"),
        "address-missing": Kind("commune", "centre-addresses"),
        "emc-not-connected": Kind("province", "emc-connected"),
        "civil-status-not-connected": Kind("province", "civil-status-connected"),
        "portal-open": Kind("old-province", "portal-closed-after-t0", not_seen="before"),
        "portal-closed-early": Kind("old-province", "portal-open-before-t0", not_seen="after"),
    }
)
"""Every kind that the mocks know."""


class Found(NamedTuple):
    """A shortfall, as planted gaps are held against it."""

    check: str
    unit: str
    detail: str


@dataclass(frozen=True)
class Comparison:
    """What was planted, what of it was not found, and what was found that nobody planted."""

    planted: int
    missed: tuple[Gap, ...]
    invented: tuple[Found, ...]

    @property
    def exact(self) -> bool:
        """Whether everything was found and nothing invented."""
        return not self.missed and not self.invented

    def sentence(self) -> str:
        """The comparison for a person."""
        found = self.planted - len(self.missed)
        lines = [f"planted {self.planted}, found {found}, invented {len(self.invented)}"]
        lines += [f"  not found: {gap.kind} {gap.unit} {gap.detail}".rstrip() for gap in self.missed]
        lines += [f"  invented: {' '.join(each)}".rstrip() for each in self.invented]
        return "\n".join(lines)


def compare(gaps: Iterable[Gap], cells: Iterable[Cell]) -> Comparison:
    """Hold what a sweep found against what was planted."""
    wanted = {expected(gap): gap for gap in gaps}
    found = {Found(cell.check, each.unit, each.detail) for cell in cells for each in cell.shortfalls}
    return Comparison(
        planted=len(wanted),
        missed=tuple(gap for key, gap in wanted.items() if key not in found),
        invented=tuple(sorted(found - wanted.keys())),
    )


def expected(gap: Gap) -> Found:
    """The shortfall by which a gap shows."""
    return Found(KINDS[gap.kind].check, gap.unit, gap.detail)


def plant(count: int, seed: int, moment: Moment = "across", only: Iterable[str] = ()) -> list[Gap]:
    """So many gaps, of every kind that can be seen alike, no two of them at one unit where one hides another.

    ``only``: the checks that are made; none means all. Raises :class:`~rehearsal.errors.UsageError` where
    there are not so many units.
    """
    checks = set(only)
    kinds = {
        name: kind
        for name, kind in KINDS.items()
        if (kind.not_seen is None or kind.not_seen != moment) and (not checks or kind.check in checks)
    }
    if not kinds:
        raise UsageError("planted: none of these checks can have a gap; name others with --only")
    drawn = random.Random(f"gaps/{seed}")
    communes, old = _shuffled(drawn, "commune"), _shuffled(drawn, "old-province")
    provinces = {name: _shuffled(drawn, "province") for name in kinds}
    gaps: list[Gap] = []
    for name, kind in cycle(kinds.items()):
        if len(gaps) == count:
            break
        units = {"commune": communes, "old-province": old, "province": provinces[name]}[kind.of]
        if not units:
            raise UsageError(f"planted: {count}: there are not so many units; at most {len(gaps)} can be")
        unit = units.pop()
        taken = {gap.detail for gap in gaps if gap.unit == unit}
        details = [detail for detail in details_of(kind.details) if detail not in taken]
        gaps.append(Gap(name, unit, drawn.choice(details) if kind.details else ""))
    return sorted(gaps)


def digest(gaps: Sequence[Gap]) -> str:
    """What tells two lists of gaps apart; "" for an empty one."""
    return hashlib.sha256(msgspec.json.encode(sorted(gaps))).hexdigest() if gaps else ""


def _shuffled(drawn: random.Random, of: Of) -> list[str]:
    units = list(units_of(of))
    drawn.shuffle(units)
    return units


@cache
def units_of(of: Of) -> tuple[str, ...]:
    """The codes of all units of a kind."""
    match of:
        case "commune":
            return tuple(each.code for each in fixtures.communes())
        case "province":
            return tuple(each.code for each in fixtures.provinces())
        case "old-province":
            return tuple(each.code for each in fixtures.old_provinces())


@cache
def details_of(what: str) -> tuple[str, ...]:
    """The codes of all procedures, services or fees; of nothing, none."""
    match what:
        case "procedure":
            return tuple(each.code for each in fixtures.procedures() if each.level != "abolished")
        case "service":
            return tuple(each.code for each in fixtures.open_procedures())
        case "fee":
            return tuple(each.code for each in fixtures.fees())
        case _:
            return ()
