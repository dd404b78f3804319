"""The counter of a provincial case system: dossiers on paper, and what officials ask registers.

==========================================================  ==============  ==============================
operation (all in an official's session, else 401)          takes           answers
==========================================================  ==============  ==============================
``POST /api/counter/dossiers``                              ``Submission``  201, then 200 (key); 404, 422
``GET /api/dossiers/{code}/registers``                                      200 ``RegisterAnswers``, 404
``GET /api/registers/parcels/{commune}/{sheet}/{plot}``                     200 ``Parcel``
``GET /api/registers/taxpayers/{tax_code}``                                 200 ``Taxpayer``
``GET /api/registers/insurance-numbers/{citizen}``                          200 ``InsuranceNumber``
==========================================================  ==============  ==============================

Of a register also its own 403, 404, 409 or 422, and 502 or 504 where it does not answer.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

import fixtures
from mocks.dossiers import Held, stamp
from mocks.http import Answer, Call, Problem, Refusal, key_reused, operation
from mocks.lookups import REFUSALS, ask
from mocks.messages import Attached, CaseDossier, DossierReceipt, Essentials, Submission
from mocks.partner import Listening
from mocks.systems.case_desk import Desk
from mocks.systems.case_officials import OFFICIAL
from mocks.systems.land import Parcel
from mocks.systems.portal_pages import essentials
from mocks.systems.social_insurance import InsuranceNumber
from mocks.systems.tax import Taxpayer


class RegisterAnswers(msgspec.Struct, frozen=True):
    """What registers have said of a dossier, by register; those that have said nothing are left out."""

    code: str
    answers: dict[str, str]


class Counter(Desk):
    """Base of the provincial case system: where people come, and where officials ask registers."""

    kind = ""
    title = ""

    def start_counter(self) -> None:
        """Go on with the numbers that were given."""
        self._centre = fixtures.provincial_centre(fixtures.province(self.config.province))
        prefix = f"{self._centre}-"
        mine = (held.code for held in self.dossiers if held.code.startswith(prefix) and held.at)
        self._serial = max((int(code.rpartition("-")[2]) for code in mine), default=0)

    @operation(
        "POST",
        "/api/counter/dossiers",
        body=Submission,
        key_required=True,
        credential=OFFICIAL,
        answers={200: DossierReceipt, 201: DossierReceipt, 404: Problem, 422: Problem},
    )
    async def walk_in(self, call: Call[Submission]) -> Answer:
        """Take a dossier that somebody brings, scan its papers, and tell it upward as born here."""
        self._official(call)
        content, asked = call.body.content, essentials(call.body)
        procedure = self._offered(asked.procedure)

        async def take() -> str:
            dossier = self._dossier(call, asked, content)
            self.check_unit(dossier)
            return await self.enter(dossier, call.trace, born_here=True)

        code, new = await self._received.do(call.key, take)
        held = self.find(code)
        if held.dossier.NoiDung != content:
            raise key_reused()
        receipt = DossierReceipt(held.code, held.status, procedure.amount, procedure.fee or "")
        return Answer(201 if new else 200, receipt)

    def _dossier(self, call: Call[Submission], asked: Essentials, content: dict[str, Any]) -> CaseDossier:
        self._serial += 1
        at = stamp(self.now())
        applicant = content.get("applicant")
        return CaseDossier(
            MaHoSo=f"{self._centre}-{at[2:8]}-{self._serial:04d}",
            MaTTHC=asked.procedure,
            ChuHoSo=str(applicant.get("name", "")) if isinstance(applicant, dict) else "",
            LoaiDoiTuong=0,
            MaTinh=asked.province,
            MaXa=asked.commune,
            MaDonViTiepNhan=asked.agency,
            NgayNop=at,
            ThanhPhanHoSo=[
                Attached(file.name, f"TT-{file.sha256[:24]}", file.sha256) for file in asked.attachments
            ],
            NoiDung=content,
            KhoaGuiNhan=call.key,
        )

    def _offered(self, code: str) -> fixtures.Procedure:
        found = next((each for each in fixtures.procedures() if each.code == code), None)
        if found is None or found.level == "abolished":
            raise Refusal(
                404, "no-such-procedure", f"Không có thủ tục {code}.", f"Procedure {code!r} is not in force."
            )
        return found

    # -- what others know --------------------------------------------------------------------------

    @operation(
        "GET",
        "/api/dossiers/{code}/registers",
        credential=OFFICIAL,
        answers={200: RegisterAnswers, 404: Problem},
    )
    async def registers(self, call: Call[None]) -> Answer:
        """What registers have said of a dossier."""
        self._official(call)
        call.key = call.path["code"]
        held: Held = self.find(call.key)
        said = {
            partner.destination: partner.answer(held.code)
            for partner in self._partners
            if isinstance(partner, Listening)
        }
        return Answer(200, RegisterAnswers(held.code, {name: each for name, each in said.items() if each}))

    @operation(
        "GET",
        "/api/registers/parcels/{commune}/{sheet}/{plot}",
        credential=OFFICIAL,
        answers={200: Parcel, **REFUSALS},
    )
    async def parcel(self, call: Call[None]) -> Answer:
        """A parcel, as the land database has it."""
        self._official(call)
        where = "{commune}/{sheet}/{plot}".format(**_quoted(call))
        return Answer(200, await ask(self, "land", "parcel", Parcel, f"/api/parcels/{where}", call))

    @operation(
        "GET", "/api/registers/taxpayers/{tax_code}", credential=OFFICIAL, answers={200: Taxpayer, **REFUSALS}
    )
    async def taxpayer(self, call: Call[None]) -> Answer:
        """A taxpayer, as the tax office knows it."""
        self._official(call)
        path = "/api/taxpayers/{tax_code}".format(**_quoted(call))
        return Answer(200, await ask(self, "tax", "taxpayer", Taxpayer, path, call))

    @operation(
        "GET",
        "/api/registers/insurance-numbers/{citizen}",
        credential=OFFICIAL,
        answers={200: InsuranceNumber, **REFUSALS},
    )
    async def insurance_number(self, call: Call[None]) -> Answer:
        """The insurance number of a citizen."""
        self._official(call)
        path = "/api/insurance-numbers/{citizen}".format(**_quoted(call))
        return Answer(200, await ask(self, "social-insurance", "number", InsuranceNumber, path, call))


def _quoted(call: Call[Any]) -> dict[str, str]:
    return {name: quote(value, safe="") for name, value in call.path.items()}
