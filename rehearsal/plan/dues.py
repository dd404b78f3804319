"""What the whole country owes for a dossier: registrations, a signature, and for some the way back by post.

Which register a procedure asks for is said here once more, from the fields of the procedures and not from
what the case systems send: a case system that forgets a register is to be found out.

========================================  =====================================================
procedures                                registered in
========================================  =====================================================
civil status                              civil-status
births and deaths, interconnected         birth-death, civil-status, population, social-insurance
land                                      land; changes of it also tax
business households                       business-households, tax
judicial records                          judicial-records
health cards, funeral allowances          social-insurance
========================================  =====================================================
"""

from __future__ import annotations

from collections.abc import Callable

from fixtures.reference.procedures import Procedure, procedures
from rehearsal.plan.records import Due
from rehearsal.topology import Extent, Kind

HANDED_IN, RECEIVED, READY = 1, 2, 9
"""Statuses of a dossier from which something is owed."""
RETURNED_ONE_IN = 8
"""The share of results that citizens have sent home, an assumption."""

_Asks = Callable[[Procedure], bool]


def _of(*fields: str) -> _Asks:
    return lambda each: each.field in fields


def _is_of_households(each: Procedure) -> bool:
    return each.field == "business" and each.level == "commune"


def _is_land_change(each: Procedure) -> bool:
    return each.field == "land" and each.form == "land"


def _is_benefit(each: Procedure) -> bool:
    return (each.field, each.form) in {("health", "birth"), ("social", "death")}


_REGISTERS: tuple[tuple[Kind, int, _Asks], ...] = (
    (Kind.CIVIL_STATUS, RECEIVED, _of("civil-status")),
    (Kind.BIRTH_DEATH, HANDED_IN, _of("interconnected")),
    (Kind.CIVIL_STATUS, HANDED_IN, _of("interconnected")),
    (Kind.POPULATION, HANDED_IN, _of("interconnected")),
    (Kind.SOCIAL_INSURANCE, HANDED_IN, _of("interconnected")),
    (Kind.LAND, RECEIVED, _of("land")),
    (Kind.TAX, RECEIVED, _is_land_change),
    (Kind.BUSINESS_HOUSEHOLDS, RECEIVED, _is_of_households),
    (Kind.TAX, RECEIVED, _is_of_households),
    (Kind.JUDICIAL_RECORDS, RECEIVED, _of("judicial-records")),
    (Kind.SOCIAL_INSURANCE, RECEIVED, _is_benefit),
)


def dues(extent: Extent) -> tuple[Due, ...]:
    """What is owed in such a country; nothing in one that is the way of a dossier alone."""
    if extent == "core":
        return ()
    offered = [each for each in procedures() if each.level != "abolished"]
    registrations = tuple(
        Due(
            family="registrations",
            system=kind.value,
            status=status,
            procedures=tuple(each.code for each in offered if asks(each)),
        )
        for kind, status, asks in _REGISTERS
    )
    return (
        *(due for due in registrations if due.procedures),
        Due(family="signatures", system=Kind.SIGNATURES.value, status=READY),
        Due(family="returns", system=Kind.POSTAL.value, status=READY, one_in=RETURNED_ONE_IN),
    )
