"""Each province charges under the fee codes of the national catalogue."""

from __future__ import annotations

import msgspec

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import Desk
from reports.readiness.model import Cell
from reports.text import count

FEES = check(
    "fee-codes",
    "Mã phí, lệ phí của tỉnh đúng với danh mục",
    "The province's fee codes are those of the catalogue",
    "LC-3-2",
    "LC-5-2",
    "LC-1-2",
)


class Fee(msgspec.Struct, frozen=True):
    """A fee code and its amount in dong, in a version of the catalogue."""

    code: str
    amount: int
    version: str | int = ""


class Fees:
    """What the province has configured, held against the national list: code, amount and version."""

    name = "fees"
    checks = (FEES,)

    def systems(self, _province: fixtures.Province) -> tuple[str, ...]:
        """The catalogue of fees."""
        return ("fee-catalogue",)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """Two lists."""
        notes = Notes(FEES, province)
        national = {fee.code: fee for fee in await desk.ask(list[Fee], "fee-catalogue", "/api/fees")}
        path = f"/api/provinces/{province.code}/fees"
        configured = {fee.code: fee for fee in await desk.ask(list[Fee], "fee-catalogue", path)}
        for code in sorted(national.keys() | configured.keys()):
            if national.get(code) == configured.get(code):
                notes.right()
                continue
            notes.lacks(
                province.code,
                f"{name_of(province)}: mã {code} là {_spelt(configured.get(code))}, danh mục ghi "
                f"{_spelt(national.get(code))}.",
                f"{name_of(province)}: code {code} is {_spelt(configured.get(code))}, the catalogue says "
                f"{_spelt(national.get(code))}.",
                detail=code,
            )
        return [notes.cell()]


def _spelt(fee: Fee | None) -> str:
    return "–" if fee is None else f"{count(fee.amount)} ₫ ({fee.version})"
