"""What citizens need besides the portal: a hotline, and the address of their centre."""

from __future__ import annotations

import msgspec

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of, units_of
from rehearsal.readiness.desk import Desk
from reports.readiness.model import Cell

HOTLINES = check(
    "hotline-numbers",
    "Trung tâm của tỉnh và mọi đơn vị cấp xã có số đường dây nóng",
    "The province's centre and every commune have a hotline number",
    "TTG96-1c-1",
    "VP318-2-4",
    "TTG0617-I2-3",
)
ADDRESSES = check(
    "centre-addresses",
    "Địa chỉ và danh mục thủ tục của mọi trung tâm, điểm phục vụ được công bố",
    "Every centre's address and the procedures it receives are published",
    "TTG96-1b-1",
    "VP318-2-3",
    "TTG0617-I2-2",
    "TTG96-0-2",
)


class Number(msgspec.Struct, frozen=True):
    """The hotline of a unit."""

    unit: str
    number: str


class Centre(msgspec.Struct, frozen=True):
    """The centre of a unit; ``procedures_received`` as the portal counts or lists them."""

    unit: str
    address: str
    procedures_received: int | list[str]


class Hotlines:
    """One list for each province."""

    name = "hotlines"
    checks = (HOTLINES,)

    def systems(self, _province: fixtures.Province) -> tuple[str, ...]:
        """The hotline."""
        return ("hotline",)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """Every unit has a number in it."""
        notes = Notes(HOTLINES, province)
        numbers = await desk.ask(list[Number], "hotline", f"/api/provinces/{province.code}/numbers")
        known = {each.unit for each in numbers if each.number.strip()}
        for unit in units_of(province):
            if unit.code in known:
                notes.right()
            else:
                notes.lacks(
                    unit.code,
                    f"{name_of(unit)} chưa có số đường dây nóng.",
                    f"{name_of(unit)} has no hotline number.",
                )
        return [notes.cell()]


class Addresses:
    """One list for each province."""

    name = "addresses"
    checks = (ADDRESSES,)

    def systems(self, _province: fixtures.Province) -> tuple[str, ...]:
        """The information portal."""
        return ("information-portal",)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """Every unit has an address in it, and receives procedures there."""
        notes = Notes(ADDRESSES, province)
        path = f"/api/provinces/{province.code}/centres"
        centres = {each.unit: each for each in await desk.ask(list[Centre], "information-portal", path)}
        for unit in units_of(province):
            centre = centres.get(unit.code)
            if centre is None or not centre.address.strip():
                notes.lacks(
                    unit.code,
                    f"{name_of(unit)} chưa công bố địa chỉ trung tâm.",
                    f"{name_of(unit)} has not published the address of its centre.",
                )
            elif not centre.procedures_received:
                notes.lacks(
                    unit.code,
                    f"{name_of(unit)} chưa công bố danh mục thủ tục tiếp nhận.",
                    f"{name_of(unit)} has not published which procedures it receives.",
                    detail="procedures",
                )
            else:
                notes.right()
        return [notes.cell()]
