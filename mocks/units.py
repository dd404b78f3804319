"""What the code of an administrative unit stands for today.

===========  ==========================================================  ==============================
code         of                                                          since 1 July 2025
===========  ==========================================================  ==============================
2 digits     one of the 34 provinces, or of the 63 old ones              a unit, or gone into a province
3 digits     a district                                                  gone, into several communes
5 digits     one of the 3,321 communes, or of the 10,035 old wards       a unit, or gone into communes
===========  ==========================================================  ==============================

A code that the new order took over (``15``, ``00004``) means the unit of today. An old code is never silently
taken for a new one: whoever sends it is told where the unit went, and if it went to several, to which.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

import msgspec

import fixtures
from mocks.http import Refusal

_SHOWN = 12
"""How many candidates a refusal names."""


class Unit(msgspec.Struct, frozen=True):
    """A unit of today; a province has its own code as ``province``.

    ``type``: city, province, commune, ward or special-zone.
    """

    code: str
    name: str
    type: str
    province: str


class Succession(msgspec.Struct, frozen=True):
    """What became of a unit: it is there (current), went into one as a whole, or into several (split)."""

    code: str
    kind: Literal["current", "whole", "split"]
    successors: list[Unit]


def of_province(each: fixtures.Province) -> Unit:
    """A province as a unit."""
    return Unit(each.code, each.full_name_vi, each.type, each.code)


def of_commune(each: fixtures.Commune) -> Unit:
    """A commune, ward or special zone as a unit."""
    return Unit(each.code, each.name_vi, each.type, each.province)


@cache
def _units() -> Mapping[str, Unit]:
    provinces = {each.code: of_province(each) for each in fixtures.provinces()}
    return MappingProxyType(provinces | {each.code: of_commune(each) for each in fixtures.communes()})


@cache
def _districts() -> Mapping[str, tuple[str, ...]]:
    """The communes that each old district went into."""
    went: dict[str, dict[str, None]] = {}
    for ward in fixtures.old_wards():
        into = went.setdefault(ward.district, {})
        into.update((each.code, None) for each in _candidates(ward.code))
    return MappingProxyType({district: tuple(communes) for district, communes in went.items()})


def _candidates(old_ward: str) -> tuple[fixtures.Commune, ...]:
    found = fixtures.ward_successors(old_ward)
    return (found.successor,) if isinstance(found, fixtures.WholeWard) else found.candidates


@cache
def old_districts(province: str) -> tuple[str, ...]:
    """The codes of the districts that lay where one of the 34 provinces is now."""
    old = {each.code for each in fixtures.merged_into(province)}
    return tuple(dict.fromkeys(each.district for each in fixtures.old_wards() if each.province in old))


def succession(code: str) -> Succession | None:
    """What became of the unit with this code; None where there never was one."""
    unit = _units().get(code)
    if unit is not None:
        return Succession(code, "current", [unit])
    successors = [_units()[each] for each in _successors(code)]
    if not successors:
        return None
    return Succession(code, "whole" if len(successors) == 1 else "split", successors)


def _successors(code: str) -> tuple[str, ...]:
    try:
        match len(code):
            case 2:
                return (fixtures.old_province(code).successor,)
            case 3:
                return _districts().get(code, ())
            case _:
                return tuple(each.code for each in _candidates(code))
    except fixtures.UnknownCodeError:
        return ()


def current(code: str, *, gone: int = 410) -> Unit:
    """The unit of today with this code.

    Refuses an old one with the status ``gone``, naming where it went, and an unknown one with 404.
    """
    found = succession(code)
    if found is None:
        raise Refusal(
            404, "no-such-unit", f"Không có đơn vị hành chính {code}.", f"There is no unit {code!r}."
        )
    if found.kind == "current":
        return found.successors[0]
    named = ", ".join(f"{each.code} {each.name}" for each in found.successors[:_SHOWN])
    more = len(found.successors) - _SHOWN
    if more > 0:
        named += f" (+{more})"
    if found.kind == "whole":
        raise Refusal(
            gone,
            "unit-succeeded",
            f"Mã {code} không còn hiệu lực; đơn vị kế thừa: {named}.",
            f"The code {code!r} is no longer in force; the unit went into {named}.",
        )
    raise Refusal(
        gone,
        "unit-split",
        f"Mã {code} không còn hiệu lực; đơn vị đã chia về: {named}. Hãy chọn một đơn vị.",
        f"The code {code!r} is no longer in force; the unit was divided among {named}. Choose one of them.",
    )
