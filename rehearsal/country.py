"""What the rehearsal asks of the reference data: provinces, where people live, and how much they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from fixtures.reference.communes import communes, communes_of
from fixtures.reference.directives import requirements
from fixtures.reference.provinces import Province, old_provinces, provinces
from fixtures.reference.traffic import traffic_figure
from fixtures.reference.wards import ward_successions

Weighting = Literal["population", "activity", "uniform"]

MOUNTAIN_DENSITY = 200.0
"""Inhabitants per square kilometre below which a province counts as mountain.

The figure of activity names mountains, delta and cities without a list; this rule is ours. It gives the
northern border, the north-west, the Central Highlands and the two thinnest of the central coast."""


class Home(NamedTuple):
    """Where somebody lives: a commune of today, and the old province whose portal they know."""

    commune: str
    old_province: str


@cache
def province_codes() -> tuple[str, ...]:
    """Codes of the 34 provinces, in order."""
    return tuple(province.code for province in provinces())


@cache
def successors() -> Mapping[str, str]:
    """For each of the 63 old provinces, the code of the province that succeeds it."""
    return MappingProxyType({old.code: old.successor for old in old_provinces()})


@cache
def requirement_ids() -> tuple[str, ...]:
    """Ids of the obligations in the directives."""
    return tuple(requirement.id for requirement in requirements())


@cache
def shares(weighting: Weighting) -> Mapping[str, float]:
    """Each province's share of the national load, by province code; they sum to 1.

    ``population``: by inhabitants. ``activity``: by inhabitants times the activity of cities, delta and
    mountains (an assumption of the traffic figures). ``uniform``: the same for all.
    """
    weight = {province.code: _weight(province, weighting) for province in provinces()}
    total = sum(weight.values())
    return MappingProxyType({code: value / total for code, value in weight.items()})


def _weight(province: Province, weighting: Weighting) -> float:
    match weighting:
        case "uniform":
            return 1.0
        case "population":
            return float(province.population)
        case "activity":
            return province.population * traffic_figure(f"activity_{landscape(province)}").value


def landscape(province: Province) -> Literal["city", "delta", "mountain"]:
    """Which activity a province is counted with."""
    if province.type == "city":
        return "city"
    return "mountain" if province.population / province.area_km2 < MOUNTAIN_DENSITY else "delta"


@cache
def homes(province: str) -> tuple[Home, ...]:
    """The communes of a province, each with the old province that most of its old wards belonged to.

    So an old province weighs as much as it has communes today. Raises ``UnknownCodeError``.
    """
    origin = _origins()
    return tuple(Home(commune.code, origin[commune.code]) for commune in communes_of(province))


@cache
def _origins() -> Mapping[str, str]:
    """Old province of every commune."""
    wards: dict[str, Counter[str]] = {}
    for row in ward_successions():
        wards.setdefault(row.commune, Counter())[row.old_province] += 1
    known = {code: count.most_common(1)[0][0] for code, count in wards.items()}
    codes = sorted(known)
    origin = {}
    for commune in communes():
        # Five islands were districts without wards. Codes were given out old province by old province, so the
        # neighbour in the same new province with the nearest code tells.
        near = (code for code in codes if successors()[known[code]] == commune.province)
        origin[commune.code] = (
            known[commune.code]
            if commune.code in known
            else known[min(near, key=lambda code: abs(int(code) - int(commune.code)))]
        )
    return origin
