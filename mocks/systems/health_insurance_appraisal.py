"""The health insurance appraisal system: who may have a health card.

==================================  ======================  ===========================
operation                           takes                   answers
==================================  ======================  ===========================
``GET /api/eligibility/{citizen}``                          200 ``Eligibility``, 404
==================================  ======================  ===========================
"""

from __future__ import annotations

import msgspec

from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.system import System


class Eligibility(msgspec.Struct, frozen=True):
    """Whether a person may have a health card, or speak for a child who may."""

    citizen_id: str
    eligible: bool


class HealthInsuranceAppraisal(System):
    """Health insurance appraisal system (Hệ thống giám định bảo hiểm y tế)."""

    kind = "health-insurance-appraisal"
    title = "Health insurance appraisal system"

    @operation("GET", "/api/eligibility/{citizen}", answers={200: Eligibility, 404: Problem})
    async def eligibility(self, call: Call[None]) -> Answer:
        """Appraise one person; every citizen of the country is insured."""
        person = self.context.people.by_id(call.path["citizen"])
        if person is None:
            raise Refusal(404, "no-such-citizen", "Không có người này.", "There is no such person.")
        return Answer(200, Eligibility(person.id, eligible=True))
