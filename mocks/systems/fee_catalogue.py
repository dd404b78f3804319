"""The catalogue of fee codes, and what each province has configured of it.

==================================  ===  ====================================================
``GET /api/fees``                   200  the catalogue: [{code, name, kind, amount, version}]
``GET /api/fees/{code}``            200  one fee; 404 a code that is not in force
``GET /api/provinces/{code}/fees``  200  what the province has configured, in the same shape
==================================  ===  ====================================================

``kind`` is le-phi (duty) or phi (charge), ``amount`` in dong, ``version`` the catalogue that a code is from.

Gap ``fee-code-old`` (province; detail: a code): the province has this code from the catalogue of before, and
not that of the one in force.
"""

from __future__ import annotations

from typing import Literal

import msgspec

import fixtures
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.system import System
from mocks.systems.procedures import known_province

VERSION = "TEST-2025-07-01"
BEFORE = "TEST-2020-01-01"
"""Our own catalogue follows no published one: its versions are dates of our choice."""


class FeeRow(msgspec.Struct, frozen=True):
    """One fee under its code."""

    code: str
    name: str
    kind: Literal["le-phi", "phi"]
    amount: int
    version: str


class FeeCatalogue(System):
    """Catalogue of fee and charge codes (Danh mục mã phí, lệ phí)."""

    kind = "fee-catalogue"
    title = "Catalogue of fee codes"

    async def start(self) -> None:
        """Lay out the catalogue."""
        self._fees = {
            each.code: FeeRow(each.code, each.name_vi, each.kind, each.amount, VERSION)
            for each in fixtures.fees()
        }

    @operation("GET", "/api/fees", answers={200: list[FeeRow]})
    async def fees(self, _call: Call[None]) -> Answer:
        """The fees in force."""
        return Answer(200, list(self._fees.values()))

    @operation("GET", "/api/fees/{code}", answers={200: FeeRow, 404: Problem})
    async def fee(self, call: Call[None]) -> Answer:
        """One fee in force."""
        code = call.path["code"]
        found = self._fees.get(code)
        if found is None:
            raise Refusal(
                404, "no-such-fee", f"Không có mã phí, lệ phí {code}.", f"There is no fee code {code!r}."
            )
        return Answer(200, found)

    @operation("GET", "/api/provinces/{code}/fees", answers={200: list[FeeRow], 404: Problem})
    async def of_province(self, call: Call[None]) -> Answer:
        """What a province has configured."""
        code = known_province(call.path["code"])
        old = sorted(self.context.gaps.details("fee-code-old", code))
        return Answer(200, list((self._fees | {each: self._before(each) for each in old}).values()))

    def _before(self, code: str) -> FeeRow:
        now = self._fees.get(code)
        if now is None:
            return FeeRow(code, "Mã của danh mục trước", "phi", 0, BEFORE)
        return msgspec.structs.replace(now, version=BEFORE)
