"""Every unit can sign: it has a certificate, in its own name, that is valid."""

from __future__ import annotations

import unicodedata

import msgspec

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of, units_of
from rehearsal.readiness.desk import Desk
from reports.readiness.model import Cell

CERTIFICATES = check(
    "certificates-valid",
    "Mọi đơn vị có chứng thư số còn hiệu lực, đúng tên",
    "Every unit has a valid certificate in its own name",
    "TTG96-2a-9",
    "VP318-4-2",
)


class Certificate(msgspec.Struct, frozen=True):
    """A certificate of a unit, and the name that it bears; "" where the service does not say."""

    unit: str
    state: str
    subject: str = ""


class Certificates:
    """One list for each province."""

    name = "certificates"
    checks = (CERTIFICATES,)

    def systems(self, _province: fixtures.Province) -> tuple[str, ...]:
        """The signature service."""
        return ("signatures",)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """Every unit has one that is valid and in its name; what else it has does no harm."""
        notes = Notes(CERTIFICATES, province)
        path = f"/api/provinces/{province.code}/certificates"
        held: dict[str, list[Certificate]] = {}
        for each in await desk.ask(list[Certificate], "signatures", path):
            held.setdefault(each.unit, []).append(each)
        for unit in units_of(province):
            there = held.get(unit.code, [])
            if any(each.state == "valid" and bears_name(each.subject, unit) for each in there):
                notes.right()
                continue
            notes.lacks(
                unit.code,
                f"{name_of(unit)} không có chứng thư số hợp lệ mang tên mình (hiện có: {_spelt(there)}).",
                f"{name_of(unit)} has no valid certificate in its own name (there is: {_spelt(there)}).",
            )
        return [notes.cell()]


def bears_name(subject: str, unit: fixtures.Province | fixtures.Commune) -> bool:
    """Whether a certificate for this subject is the unit's: "UBND phường Ba Đình" is that of Phường Ba Đình.

    A whole name has to be in it, or "Xã An Phú" would pass for "Xã An Phú Tân". Where the service does not
    say the subject, its ``state`` alone counts.
    """
    if not subject:
        return True
    name = unit.full_name_vi if isinstance(unit, fixtures.Province) else unit.name_vi
    return _words(subject).endswith(f" {_words(name)}") or _words(subject) == _words(name)


def _words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _spelt(held: list[Certificate]) -> str:
    told = [each.state + (f" “{each.subject}”" if each.subject else "") for each in held]
    return ", ".join(told) or "–"
