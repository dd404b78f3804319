"""The enterprise register: look-up by tax code, and registrations.

==================================  ========================  =============================
operation                           takes                     answers
==================================  ========================  =============================
``GET /api/enterprises/{tax_code}``                           200 ``EnterpriseRecord``, 404
``POST /api/registrations``         ``EnterpriseRequest``     202, then 200 ``Receipt``
``GET /api/registrations/{key}``                              200 ``Receipt``, 404
==================================  ========================  =============================
"""

from __future__ import annotations

import msgspec

from fixtures.identifiers import NUMBERS
from fixtures.models import Enterprise
from fixtures.people import Registry
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.registers import Receipt, Register, known_citizen, receipt, unit_of


class EnterpriseRecord(msgspec.Struct, frozen=True):
    """What a form is filled in with; ``representative`` is a citizen id."""

    tax_code: str
    name: str
    kind: str
    province: str
    commune: str
    address: str
    representative: str


class EnterpriseRequest(msgspec.Struct, frozen=True):
    """The founding of an enterprise; ``request`` is the applicant's key, or the code of a dossier."""

    request: str
    name: str
    province: str
    commune: str
    citizen_id: str


class Enterprises(Register):
    """National enterprise register (Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp)."""

    kind = "enterprises"
    title = "Enterprise register"
    takes = (1.0, 4.0)

    @operation("GET", "/api/enterprises/{tax_code}", answers={200: EnterpriseRecord, 404: Problem})
    async def enterprise(self, call: Call[None]) -> Answer:
        """One enterprise, by its tax code."""
        found = by_tax_code(self.context.people, call.path["tax_code"])
        if found is None:
            raise Refusal(
                404, "no-such-enterprise", "Không có doanh nghiệp này.", "There is no such enterprise."
            )
        return Answer(
            200,
            EnterpriseRecord(
                tax_code=found.tax_code,
                name=found.name,
                kind=found.kind,
                province=found.province,
                commune=found.commune,
                address=found.address,
                representative=found.representative.id,
            ),
        )

    @operation(
        "POST",
        "/api/registrations",
        body=EnterpriseRequest,
        answers={200: Receipt, 202: Receipt, 404: Problem, 422: Problem},
    )
    async def register(self, call: Call[EnterpriseRequest]) -> Answer:
        """Take a registration, once per request."""
        asked = call.body
        call.key = asked.request
        unit = unit_of(asked.commune, asked.province)
        known_citizen(self, asked.citizen_id)
        entry, new = await self.enter(asked.request, "enterprise", asked, unit)
        return Answer(202 if new else 200, receipt(entry))

    @operation("GET", "/api/registrations/{key}", answers={200: Receipt, 404: Problem})
    async def registration(self, call: Call[None]) -> Answer:
        """Where a registration stands."""
        call.key = call.path["key"]
        return Answer(200, receipt(self.entry(call.key)))


def by_tax_code(people: Registry, tax_code: str) -> Enterprise | None:
    """The synthetic enterprise with this tax code; None where there is none."""
    number = tax_code[3:9]
    if len(tax_code) != 10 or not (tax_code.isascii() and tax_code.isdigit()) or int(number) >= NUMBERS:
        return None
    found = people.enterprise(int(number))
    return found if found.tax_code == tax_code else None
