"""Every unit can sign: it has a certificate, in its own name, that is valid."""

from __future__ import annotations

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
    """A certificate of a unit."""

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
        """Every unit has one that is valid; what else it has does no harm."""
        notes = Notes(CERTIFICATES, province)
        path = f"/api/provinces/{province.code}/certificates"
        states: dict[str, list[str]] = {}
        for each in await desk.ask(list[Certificate], "signatures", path):
            states.setdefault(each.unit, []).append(each.state)
        for unit in units_of(province):
            there = states.get(unit.code, [])
            if "valid" in there:
                notes.right()
                continue
            notes.lacks(
                unit.code,
                f"{name_of(unit)} không có chứng thư số hợp lệ (hiện có: {', '.join(there) or '–'}).",
                f"{name_of(unit)} has no valid certificate (there is: {', '.join(there) or '–'}).",
            )
        return [notes.cell()]
