"""Judicial records: a certificate is asked for, and comes later.

==================================  ======================  ===========================
operation                           takes                   answers
==================================  ======================  ===========================
``POST /api/requests``              ``RecordRequest``       202, then 200 ``Receipt``
``GET /api/requests/{key}``                                 200 ``Receipt``, 404
==================================  ======================  ===========================
"""

from __future__ import annotations

from typing import Literal

import msgspec

from mocks.http import Answer, Call, Problem, operation
from mocks.registers import Receipt, Register, known_citizen, receipt, unit_of


class RecordRequest(msgspec.Struct, frozen=True):
    """A judicial record of form 1 or 2, because of a dossier."""

    dossier: str
    form: Literal[1, 2]
    province: str
    commune: str
    citizen_id: str


class JudicialRecords(Register):
    """Judicial records system (Hệ thống lý lịch tư pháp)."""

    kind = "judicial-records"
    title = "Judicial records"
    takes = (2.0, 6.0)

    @operation(
        "POST",
        "/api/requests",
        body=RecordRequest,
        answers={200: Receipt, 202: Receipt, 404: Problem, 422: Problem},
    )
    async def request(self, call: Call[RecordRequest]) -> Answer:
        """Take a request, once per dossier."""
        asked = call.body
        call.key = asked.dossier
        unit = unit_of(asked.commune, asked.province)
        known_citizen(self, asked.citizen_id)
        entry, new = await self.enter(asked.dossier, f"form-{asked.form}", asked, unit)
        return Answer(202 if new else 200, receipt(entry))

    @operation("GET", "/api/requests/{key}", answers={200: Receipt, 404: Problem})
    async def result(self, call: Call[None]) -> Answer:
        """Where a request stands."""
        call.key = call.path["key"]
        return Answer(200, receipt(self.entry(call.key)))
