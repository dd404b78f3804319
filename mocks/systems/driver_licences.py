"""Driving licences: look-up and renewal, for which the health database must know a certificate.

==================================  ======================  =============================================
operation                           takes                   answers
==================================  ======================  =============================================
``GET /api/licences/{citizen}``                             200 ``Licence``, 404
``POST /api/renewals``              ``RenewalRequest``      202, then 200 ``Receipt``; 409 no certificate
``GET /api/renewals/{key}``                                 200 ``Receipt``, 404
==================================  ======================  =============================================
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.lookups import REFUSALS, ask
from mocks.registers import Receipt, Register, known_citizen, receipt, unit_of
from mocks.systems.health_data import Certificate

LicenceClass = Literal["A1", "A", "B", "C1", "C", "D"]


class Licence(msgspec.Struct, frozen=True):
    """A driving licence; the number is synthetic, the real ones have twelve digits."""

    citizen_id: str
    number: str
    licence_class: LicenceClass


class RenewalRequest(msgspec.Struct, frozen=True):
    """A renewal; ``request`` is the applicant's own key, or the code of a dossier."""

    request: str
    citizen_id: str
    licence_class: LicenceClass
    province: str
    commune: str


class DriverLicences(Register):
    """Driving-licence system (Hệ thống đổi giấy phép lái xe)."""

    kind = "driver-licences"
    title = "Driving-licence system"
    takes = (0.5, 2.0)

    @operation("GET", "/api/licences/{citizen}", answers={200: Licence, 404: Problem})
    async def licence(self, call: Call[None]) -> Answer:
        """The licence of a citizen."""
        person = self.context.people.by_id(call.path["citizen"])
        if person is None:
            raise Refusal(404, "no-licence", "Không có giấy phép lái xe.", "There is no such licence.")
        classes = get_args(LicenceClass)
        held = classes[person.number % len(classes)]
        return Answer(200, Licence(person.id, f"TEST-GPLX-{person.province}{person.number:06d}", held))

    @operation(
        "POST",
        "/api/renewals",
        body=RenewalRequest,
        answers={200: Receipt, 202: Receipt, **REFUSALS},
    )
    async def renew(self, call: Call[RenewalRequest]) -> Answer:
        """Take a renewal, once per request; the applicant must be known to be fit."""
        asked = call.body
        call.key = asked.request
        unit = unit_of(asked.commune, asked.province)
        citizen = known_citizen(self, asked.citizen_id)
        try:
            found = await ask(
                self, "health-data", "certificate", Certificate, f"/api/health-certificates/{citizen}", call
            )
        except Refusal as refusal:
            if refusal.problem.status != 404:
                raise
            said = refusal.problem
            raise Refusal(409, said.code, said.message.vi, said.message.en) from refusal
        if not found.fit:
            raise Refusal(409, "not-fit", "Không đủ sức khỏe lái xe.", "The certificate says: not fit.")
        entry, new = await self.enter(asked.request, "renewal", asked, unit)
        return Answer(202 if new else 200, receipt(entry))

    @operation("GET", "/api/renewals/{key}", answers={200: Receipt, 404: Problem})
    async def renewal(self, call: Call[None]) -> Answer:
        """Where a renewal stands."""
        call.key = call.path["key"]
        return Answer(200, receipt(self.entry(call.key)))
