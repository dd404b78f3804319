"""Officials: each unit has the accounts that it needs, and nobody acts for a district any more."""

from __future__ import annotations

import msgspec

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of, units_of
from rehearsal.readiness.desk import Desk
from reports.readiness.model import Cell

ACCOUNTS = check(
    "accounts-complete",
    "Mọi đơn vị có tài khoản tiếp nhận, xử lý và ký",
    "Every unit has accounts for receiving, processing and signing",
    "TTG96-2a-8",
    "VP0701-5-2",
)
DISTRICTS = check(
    "district-rights-gone",
    "Quyền của cấp huyện đã thu hồi",
    "The rights of the districts are withdrawn",
    "LC-3-3",
    "TTG0617-0-2",
    "TTG96-2a-8",
    "VP0701-5-2",
)
ROLES = frozenset({"reception", "processing", "signing"})


class Account(msgspec.Struct, frozen=True):
    """What somebody may do for a unit."""

    unit: str
    role: str
    active: bool


class Accounts:
    """The directory of each province."""

    name = "accounts"
    checks = (ACCOUNTS, DISTRICTS)

    def systems(self, province: fixtures.Province) -> tuple[str, ...]:
        """The directory."""
        return (f"accounts-{province.code}",)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """One list."""
        complete, districts = Notes(ACCOUNTS, province), Notes(DISTRICTS, province)
        path = f"/api/provinces/{province.code}/accounts"
        rows = await desk.ask(list[Account], f"accounts-{province.code}", path)
        roles: dict[str, set[str]] = {}
        for row in rows:
            if row.active:
                roles.setdefault(row.unit, set()).add(row.role)
        units = units_of(province)
        for unit in units:
            lacking = sorted(ROLES - roles.get(unit.code, set()))
            if not lacking:
                complete.right()
                continue
            complete.lacks(
                unit.code,
                f"{name_of(unit)} chưa có tài khoản: {', '.join(lacking)}.",
                f"{name_of(unit)} has no account for {', '.join(lacking)}.",
            )
        alive = sorted(roles.keys() - {unit.code for unit in units})
        if alive:
            districts.lacks(
                province.code,
                f"{name_of(province)}: tài khoản của đơn vị đã kết thúc còn hiệu lực ({', '.join(alive)}).",
                f"{name_of(province)}: accounts of ended units are still alive ({', '.join(alive)}).",
            )
        else:
            districts.right(len(rows))
        return [complete.cell(), districts.cell()]
