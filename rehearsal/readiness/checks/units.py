"""Every commune is a unit of the national catalogue, and has an agency code."""

from __future__ import annotations

import msgspec

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of, units_of
from rehearsal.readiness.desk import Desk
from reports.readiness.model import Cell

IN_CATALOGUE = check(
    "units-in-catalogue",
    "Mọi đơn vị cấp xã có trong danh mục đơn vị hành chính",
    "Every commune is in the catalogue of administrative units",
    "TTG96-2a-2",
    "VP318-3-3",
    "LC-2-4",
    "TTG0617-III4-1",
    "LC-5-1",
)
AGENCY_CODES = check(
    "agency-codes",
    "Mọi đơn vị có mã định danh điện tử còn hiệu lực",
    "Every unit has an agency code in force",
    "TTG96-2b-1",
    "VP318-4-1",
    "LC-2-3",
    "LC-5-1",
)
LONGEST_CODE = 35


class Unit(msgspec.Struct, frozen=True):
    """A unit of the catalogue."""

    code: str


class Agency(msgspec.Struct, frozen=True):
    """An agency code and whose it is."""

    code: str
    unit: str
    state: str


class Units:
    """The catalogue's list of a province holds its communes and no other unit."""

    name = "units"
    checks = (IN_CATALOGUE,)

    def systems(self, _province: fixtures.Province) -> tuple[str, ...]:
        """The catalogue."""
        return ("unit-catalogue",)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """One list."""
        notes = Notes(IN_CATALOGUE, province)
        path = f"/api/provinces/{province.code}/communes"
        listed = {unit.code for unit in await desk.ask(list[Unit], "unit-catalogue", path)}
        communes = fixtures.communes_of(province.code)
        for commune in communes:
            if commune.code in listed:
                notes.right()
            else:
                notes.lacks(
                    commune.code,
                    f"{name_of(commune)} chưa có trong danh mục.",
                    f"{name_of(commune)} is not in the catalogue.",
                )
        for code in sorted(listed - {commune.code for commune in communes}):
            notes.lacks(
                province.code,
                f"Danh mục của {name_of(province)} có đơn vị lạ {code}.",
                f"The catalogue of {name_of(province)} has a unit {code} that is not there.",
                detail=code,
            )
        return [notes.cell()]


class AgencyCodes:
    """The province and each of its communes have exactly one active code of legal length."""

    name = "agency-codes"
    checks = (AGENCY_CODES,)

    def systems(self, _province: fixtures.Province) -> tuple[str, ...]:
        """The register of agency codes."""
        return ("agency-codes",)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """One list."""
        notes = Notes(AGENCY_CODES, province)
        path = f"/api/provinces/{province.code}/agencies"
        agencies = await desk.ask(list[Agency], "agency-codes", path)
        active = [each for each in agencies if each.state == "active"]
        for unit in units_of(province):
            codes = [each.code for each in active if each.unit == unit.code]
            if len(codes) == 1 and len(codes[0]) <= LONGEST_CODE:
                notes.right()
                continue
            found = ", ".join(codes) or "–"
            notes.lacks(
                unit.code,
                f"{name_of(unit)} phải có đúng một mã còn hiệu lực; hiện có: {found}.",
                f"{name_of(unit)} must have exactly one code in force; there is: {found}.",
            )
        return [notes.cell()]
