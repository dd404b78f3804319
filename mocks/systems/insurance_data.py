"""The national insurance database: who is insured under which number.

==================================  ======================  ===========================
operation                           takes                   answers
==================================  ======================  ===========================
``GET /api/insured/{citizen}``                              200 ``Insured``, 404
==================================  ======================  ===========================
"""

from __future__ import annotations

import msgspec

from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.system import System


class Insured(msgspec.Struct, frozen=True):
    """An insured person. The number is synthetic: the real ones have ten digits and no letter."""

    citizen_id: str
    full_name: str
    number: str


class InsuranceData(System):
    """National insurance database (Cơ sở dữ liệu quốc gia về bảo hiểm)."""

    kind = "insurance-data"
    title = "National insurance database"

    @operation("GET", "/api/insured/{citizen}", answers={200: Insured, 404: Problem})
    async def insured(self, call: Call[None]) -> Answer:
        """The record of an insured person."""
        person = self.context.people.by_id(call.path["citizen"])
        if person is None:
            raise Refusal(404, "no-such-citizen", "Không có người này.", "There is no such person.")
        return Answer(200, Insured(person.id, person.name, f"TEST-BH-{person.province}{person.number:06d}"))
