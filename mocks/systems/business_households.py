"""Business households: a number that is unique in its commune, and a tax code from the tax office.

==================================  ========================  ===========================
operation                           takes                     answers
==================================  ========================  ===========================
``POST /api/households``            ``HouseholdRequest``      201, then 200 ``Receipt``
``GET /api/households/{key}``                                 200 ``Receipt``, 404
==================================  ========================  ===========================

The number is given at once; the tax code is asked for in the same commit, and comes when the tax office
answers.
"""

from __future__ import annotations

import msgspec

from mocks.http import Answer, Call, Problem, operation
from mocks.outbox import Message
from mocks.partner import post
from mocks.registers import Entry, Receipt, Register, known_citizen, receipt, unit_of
from mocks.systems.tax import TaxCodeRequest


class HouseholdRequest(msgspec.Struct, frozen=True):
    """The founding of a business household, because of a dossier; ``citizen_id`` is the owner."""

    dossier: str
    name: str
    province: str
    commune: str
    citizen_id: str


class BusinessHouseholds(Register):
    """Register of business households (Hệ thống đăng ký hộ kinh doanh)."""

    kind = "business-households"
    title = "Register of business households"
    takes = None

    @operation(
        "POST",
        "/api/households",
        body=HouseholdRequest,
        answers={200: Receipt, 201: Receipt, 404: Problem, 422: Problem},
    )
    async def register(self, call: Call[HouseholdRequest]) -> Answer:
        """Register a household, once per dossier."""
        asked = call.body
        call.key = asked.dossier
        unit = unit_of(asked.commune, asked.province)
        known_citizen(self, asked.citizen_id)
        entry, new = await self.enter(asked.dossier, "household", asked, unit)
        return Answer(201 if new else 200, receipt(entry))

    @operation("GET", "/api/households/{key}", answers={200: Receipt, 404: Problem})
    async def household(self, call: Call[None]) -> Answer:
        """The registration of a household."""
        call.key = call.path["key"]
        return Answer(200, receipt(self.entry(call.key)))

    def messages(self, entry: Entry) -> list[Message]:
        """Ask the tax office for a code, where there is a way to it."""
        if "tax" not in self.config.peers:
            return []
        asked = msgspec.json.decode(entry.request, type=HouseholdRequest)
        request = TaxCodeRequest(entry.key, entry.number, entry.province, entry.commune, asked.citizen_id)
        return [Message(f"{entry.at:020d}-{entry.key}", "tax", msgspec.json.encode(request), entry.key)]

    async def deliver(self, _destination: str, messages: list[Message], attempt: int) -> None:
        """Ask for the codes. Raises :class:`mocks.caller.CallFailed`."""
        for each in messages:
            await post(self, each, "tax-code", "/api/tax-codes", attempt)
