"""Social insurance: insurance numbers, health cards, funeral allowances.

==========================================  ===================================  ===========================
operation                                   takes                                answers
==========================================  ===================================  ===========================
``GET /api/insurance-numbers/{citizen}``                                         200 ``InsuranceNumber``, 404
``POST /api/benefits``                      ``BenefitRequest``                   202, then 200 ``Receipt``
``GET /api/benefits/{key}``                                                      200 ``Receipt``, 404
==========================================  ===================================  ===========================

A number comes from the national insurance database; a health card is given where the appraisal system says
that the person may have one (409 where not). Where one of the two does not answer: 502 or 504.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

import msgspec

from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.lookups import REFUSALS, ask
from mocks.registers import Receipt, Register, known_citizen, receipt, unit_of
from mocks.systems.health_insurance_appraisal import Eligibility
from mocks.systems.insurance_data import Insured


class InsuranceNumber(msgspec.Struct, frozen=True):
    """The insurance number of a citizen."""

    citizen_id: str
    number: str


class BenefitRequest(msgspec.Struct, frozen=True):
    """A health card or a funeral allowance, because of a dossier; ``citizen_id`` is the applicant."""

    dossier: str
    kind: Literal["health-card", "funeral-allowance"]
    province: str
    commune: str
    citizen_id: str


class SocialInsurance(Register):
    """Social insurance system (Hệ thống bảo hiểm xã hội)."""

    kind = "social-insurance"
    title = "Social insurance"
    takes = (0.5, 3.0)

    @operation(
        "GET", "/api/insurance-numbers/{citizen}", answers={200: InsuranceNumber, 404: Problem, **REFUSALS}
    )
    async def number(self, call: Call[None]) -> Answer:
        """The insurance number of a citizen."""
        path = f"/api/insured/{quote(call.path['citizen'], safe='')}"
        found = await ask(self, "insurance-data", "insured", Insured, path, call)
        return Answer(200, InsuranceNumber(found.citizen_id, found.number))

    @operation(
        "POST",
        "/api/benefits",
        body=BenefitRequest,
        answers={200: Receipt, 202: Receipt, **REFUSALS},
    )
    async def request(self, call: Call[BenefitRequest]) -> Answer:
        """Take a request for a benefit, once per dossier."""
        asked = call.body
        call.key = asked.dossier
        unit = unit_of(asked.commune, asked.province)
        citizen = known_citizen(self, asked.citizen_id)
        if asked.kind == "health-card":
            found = await ask(
                self,
                "health-insurance-appraisal",
                "eligibility",
                Eligibility,
                f"/api/eligibility/{citizen}",
                call,
            )
            if not found.eligible:
                raise Refusal(
                    409, "not-eligible", "Không đủ điều kiện cấp thẻ.", "The appraisal does not allow a card."
                )
        entry, new = await self.enter(asked.dossier, asked.kind, asked, unit)
        return Answer(202 if new else 200, receipt(entry))

    @operation("GET", "/api/benefits/{key}", answers={200: Receipt, 404: Problem})
    async def benefit(self, call: Call[None]) -> Answer:
        """Where a request stands."""
        call.key = call.path["key"]
        return Answer(200, receipt(self.entry(call.key)))
