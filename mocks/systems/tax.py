"""The tax systems: what is due on land, and the tax codes of business households.

==================================  ========================  ===========================
operation                           takes                     answers
==================================  ========================  ===========================
``POST /api/land-obligations``      ``LandObligation``        202, then 200 ``Receipt``
``POST /api/tax-codes``             ``TaxCodeRequest``        202, then 200 ``Receipt``
``GET /api/requests/{key}``                                   200 ``Receipt``, 404
``GET /api/taxpayers/{tax_code}``                             200 ``Taxpayer``, 404
==================================  ========================  ===========================

Slow and asynchronous: a notice or a code has its number when the office has made it.
"""

from __future__ import annotations

import msgspec

from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.registers import Receipt, Register, known_citizen, receipt, unit_of
from mocks.systems.enterprises import by_tax_code


class LandObligation(msgspec.Struct, frozen=True):
    """The financial obligation because of a change of land, by dossier."""

    dossier: str
    province: str
    commune: str
    citizen_id: str


class TaxCodeRequest(msgspec.Struct, frozen=True):
    """The tax code of a business household; ``dossier`` is the one that it was registered by."""

    dossier: str
    household: str
    province: str
    commune: str
    citizen_id: str


class Taxpayer(msgspec.Struct, frozen=True):
    """Who pays tax under a code: a citizen, whose id it is too, or an enterprise."""

    tax_code: str
    name: str


class Tax(Register):
    """Tax systems (Hệ thống thuế)."""

    kind = "tax"
    title = "Tax systems"
    takes = (2.0, 6.0)

    @operation(
        "POST",
        "/api/land-obligations",
        body=LandObligation,
        answers={200: Receipt, 202: Receipt, 404: Problem, 422: Problem},
    )
    async def land_obligation(self, call: Call[LandObligation]) -> Answer:
        """Have the obligation of a dossier determined, once per dossier."""
        return await self._take(call, call.body, "land-obligation")

    @operation(
        "POST",
        "/api/tax-codes",
        body=TaxCodeRequest,
        answers={200: Receipt, 202: Receipt, 404: Problem, 422: Problem},
    )
    async def tax_code(self, call: Call[TaxCodeRequest]) -> Answer:
        """Have a household given its tax code, once per dossier."""
        return await self._take(call, call.body, "tax-code")

    async def _take(
        self,
        call: Call[LandObligation] | Call[TaxCodeRequest],
        asked: LandObligation | TaxCodeRequest,
        kind: str,
    ) -> Answer:
        call.key = asked.dossier
        unit = unit_of(asked.commune, asked.province)
        known_citizen(self, asked.citizen_id)
        entry, new = await self.enter(asked.dossier, kind, asked, unit)
        return Answer(202 if new else 200, receipt(entry))

    @operation("GET", "/api/requests/{key}", answers={200: Receipt, 404: Problem})
    async def request(self, call: Call[None]) -> Answer:
        """Where a notice or a code stands."""
        call.key = call.path["key"]
        return Answer(200, receipt(self.entry(call.key)))

    @operation("GET", "/api/taxpayers/{tax_code}", answers={200: Taxpayer, 404: Problem})
    async def taxpayer(self, call: Call[None]) -> Answer:
        """Who pays tax under a code."""
        code = call.path["tax_code"]
        found = self.context.people.by_id(code) or by_tax_code(self.context.people, code)
        if found is None:
            raise Refusal(404, "no-such-taxpayer", "Không có mã số thuế này.", "There is no such tax code.")
        return Answer(200, Taxpayer(code, found.name))
