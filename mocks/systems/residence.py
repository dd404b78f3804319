"""Residence in the population database: who moved into a household or left it, because of a dossier.

==================================  ========================  ===========================
operation                           takes                     answers
==================================  ========================  ===========================
``POST /api/residences``            ``ResidenceRequest``      202, then 200 ``Receipt``
``GET /api/residences/{key}``                                 200 ``Receipt``, 404
==================================  ========================  ===========================
"""

from __future__ import annotations

from typing import Literal

import msgspec

from mocks.http import Answer, Call, Problem, operation
from mocks.registers import Receipt, Register, known_citizen, receipt, unit_of


class ResidenceRequest(msgspec.Struct, frozen=True):
    """An entry into a household, or the removal of somebody from it; ``citizen_id`` is the applicant."""

    dossier: str
    change: Literal["entry", "removal"]
    province: str
    commune: str
    citizen_id: str


class Residences(Register):
    """Mixed into the population database."""

    kind = ""
    title = ""
    takes = (0.5, 3.0)
    record = "residence"

    @operation(
        "POST",
        "/api/residences",
        body=ResidenceRequest,
        answers={200: Receipt, 202: Receipt, 404: Problem, 422: Problem},
    )
    async def change_residence(self, call: Call[ResidenceRequest]) -> Answer:
        """Take a change of residence, once per dossier."""
        asked = call.body
        call.key = asked.dossier
        unit = unit_of(asked.commune, asked.province)
        known_citizen(self, asked.citizen_id)
        entry, new = await self.enter(asked.dossier, asked.change, asked, unit)
        return Answer(202 if new else 200, receipt(entry))

    @operation("GET", "/api/residences/{key}", answers={200: Receipt, 404: Problem})
    async def residence(self, call: Call[None]) -> Answer:
        """Where a change of residence stands."""
        call.key = call.path["key"]
        return Answer(200, receipt(self.entry(call.key)))
