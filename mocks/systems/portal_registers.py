"""What the national portal asks of registers for a citizen, and whom it tells of what is submitted there.

====================================================  ====================  ==============================
operation (all for whoever is signed in)              takes                 answers
====================================================  ====================  ==============================
``GET /api/registers/enterprises/{tax_code}``                               200 ``EnterpriseRecord``
``POST /api/registers/enterprises``                   ``EnterpriseForm``    202 ``Receipt`` (key)
``GET /api/registers/licence``                                              200 ``Licence``
``POST /api/registers/licence/renewal``               ``RenewalForm``       202 ``Receipt`` (key); 409
``GET /api/registers/insurance``                                            200 ``Insured``
``POST /api/registers/judicial-record``               ``RecordForm``        202 ``Receipt`` (key)
``GET /api/registers/judicial-record/{key}``                                200 ``Receipt``
``POST /api/ministries/{ministry}/dossiers``          ``Submission``        201 ``DossierReceipt`` (key)
====================================================  ====================  ==============================

Each also 401, the register's own 403, 404, 409 or 422, and 502 or 504 where the register does not answer.
The same key again is answered as the first time, and has no second effect.
An interconnected dossier (birth, death) is told to the interconnected services as well as to its province.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

import msgspec

from mocks.contents import procedure_of
from mocks.dossiers import Held, new_held, stamp
from mocks.http import Answer, Call, Problem, Refusal, key_reused, operation
from mocks.lookups import LIMIT, REFUSALS, ask
from mocks.messages import INTEGRATION, CaseDossier, DossierReceipt, Envelope, IntegrationReply, Submission
from mocks.ministries import MINISTRIES, ministry_dossier
from mocks.ministries import procedure_of as named_procedure
from mocks.outbox import Message, Outbox
from mocks.partner import message
from mocks.partners_civil import interconnected
from mocks.registers import Receipt
from mocks.sign_in import CITIZEN
from mocks.systems.birth_death import BASE
from mocks.systems.driver_licences import Licence, LicenceClass, RenewalRequest
from mocks.systems.enterprises import EnterpriseRecord, EnterpriseRequest
from mocks.systems.insurance_data import Insured
from mocks.systems.judicial_records import RecordRequest
from mocks.systems.lgsp import NATIONAL_PORTAL
from mocks.systems.portal_submissions import Submissions
from mocks.token_caller import TokenCaller

BIRTH_DEATH = "birth-death"
_CASE = "ministry-case-"


class EnterpriseForm(msgspec.Struct, frozen=True):
    """The founding of an enterprise by whoever is signed in."""

    name: Annotated[str, msgspec.Meta(min_length=1)]
    province: str
    commune: str


class RenewalForm(msgspec.Struct, frozen=True):
    """The renewal of one's driving licence."""

    licence_class: LicenceClass
    province: str
    commune: str


class RecordForm(msgspec.Struct, frozen=True):
    """A judicial record of form 1 or 2."""

    form: Literal[1, 2]
    province: str
    commune: str


class Registers(Submissions):
    """Mixed into the portal, before its submissions."""

    kind = ""
    title = ""

    def start_submissions(self) -> None:
        """See :meth:`Submissions.start_submissions`."""
        self._interconnected = TokenCaller(self, BIRTH_DEATH, "/api/token", "userName")
        super().start_submissions()

    # -- look-ups and requests ---------------------------------------------------------------------

    @operation(
        "GET",
        "/api/registers/enterprises/{tax_code}",
        credential=CITIZEN,
        answers={200: EnterpriseRecord, **REFUSALS},
    )
    async def enterprise(self, call: Call[None]) -> Answer:
        """An enterprise by its tax code, to fill in a form."""
        self.citizen(call)
        path = f"/api/enterprises/{quote(call.path['tax_code'], safe='')}"
        return Answer(200, await ask(self, "enterprises", "enterprise", EnterpriseRecord, path, call))

    @operation(
        "POST",
        "/api/registers/enterprises",
        body=EnterpriseForm,
        key_required=True,
        credential=CITIZEN,
        answers={202: Receipt, **REFUSALS},
    )
    async def found_enterprise(self, call: Call[EnterpriseForm]) -> Answer:
        """Have an enterprise registered."""
        owner, form = self.citizen(call).citizen_id, call.body
        body = EnterpriseRequest(call.key, form.name, form.province, form.commune, owner)
        return await self._request("enterprises", "registration", "/api/registrations", body, call)

    @operation("GET", "/api/registers/licence", credential=CITIZEN, answers={200: Licence, **REFUSALS})
    async def licence(self, call: Call[None]) -> Answer:
        """One's driving licence."""
        path = f"/api/licences/{self.citizen(call).citizen_id}"
        return Answer(200, await ask(self, "driver-licences", "licence", Licence, path, call))

    @operation(
        "POST",
        "/api/registers/licence/renewal",
        body=RenewalForm,
        key_required=True,
        credential=CITIZEN,
        answers={202: Receipt, **REFUSALS},
    )
    async def renew_licence(self, call: Call[RenewalForm]) -> Answer:
        """Have one's driving licence renewed."""
        owner, form = self.citizen(call).citizen_id, call.body
        body = RenewalRequest(call.key, owner, form.licence_class, form.province, form.commune)
        return await self._request("driver-licences", "renewal", "/api/renewals", body, call)

    @operation("GET", "/api/registers/insurance", credential=CITIZEN, answers={200: Insured, **REFUSALS})
    async def insurance(self, call: Call[None]) -> Answer:
        """One's own record in the national insurance database."""
        path = f"/api/insured/{self.citizen(call).citizen_id}"
        return Answer(200, await ask(self, "insurance-data", "insured", Insured, path, call))

    @operation(
        "POST",
        "/api/registers/judicial-record",
        body=RecordForm,
        key_required=True,
        credential=CITIZEN,
        answers={202: Receipt, **REFUSALS},
    )
    async def request_record(self, call: Call[RecordForm]) -> Answer:
        """Ask for one's judicial record."""
        owner, form = self.citizen(call).citizen_id, call.body
        body = RecordRequest(call.key, form.form, form.province, form.commune, owner)
        return await self._request("judicial-records", "judicial-record", "/api/requests", body, call)

    @operation(
        "GET", "/api/registers/judicial-record/{key}", credential=CITIZEN, answers={200: Receipt, **REFUSALS}
    )
    async def record(self, call: Call[None]) -> Answer:
        """Where a request for a judicial record stands."""
        self.citizen(call)
        path = f"/api/requests/{quote(call.path['key'], safe='')}"
        return Answer(200, await ask(self, "judicial-records", "judicial-record", Receipt, path, call))

    async def _request(
        self, register: str, name: str, path: str, body: msgspec.Struct, call: Call[Any]
    ) -> Answer:
        found = await ask(self, register, name, Receipt, path, call, method="POST", body=body, key=call.key)
        return Answer(202, found)

    # -- ministries --------------------------------------------------------------------------------

    @operation(
        "POST",
        "/api/ministries/{ministry}/dossiers",
        body=Submission,
        key_required=True,
        credential=CITIZEN,
        answers={200: DossierReceipt, 201: DossierReceipt, 404: Problem, 422: Problem},
    )
    async def submit_to_ministry(self, call: Call[Submission]) -> Answer:
        """Take a dossier that a ministry settles; it is forwarded as those of the provinces are."""
        session = self.citizen(call)
        ministry = MINISTRIES.get(call.path["ministry"])
        if ministry is None or f"{_CASE}{ministry.name}" not in self.config.peers:
            raise Refusal(404, "no-such-ministry", "Không có bộ này.", "There is no such ministry here.")
        content, procedure = call.body.content, named_procedure(call.body)

        async def take() -> Held:
            self._serial += 1
            at = stamp(self.now())
            code = f"{NATIONAL_PORTAL}-{at[:8]}-{self._serial:07d}"
            dossier = ministry_dossier(ministry, code, procedure, session.name, at, content, call.key)
            held = new_held(dossier, self.now(), owner=session.citizen_id)
            await self.keep(held, call.trace)
            return held

        held, new = await self.once(call.key, take)
        if held.dossier.NoiDung != content or held.owner != session.citizen_id:
            raise key_reused()
        return Answer(201 if new else 200, DossierReceipt(held.code, held.status))

    # -- the way on --------------------------------------------------------------------------------

    async def keep(self, held: Held, trace: str) -> None:
        """Make a dossier durable; an interconnected one is told to the interconnected services too.

        That message is a commit of its own: were it lost with the process, the province would tell of the
        dossier, and the services take it once.
        """
        await super().keep(held, trace)
        procedure = procedure_of(held)
        if procedure is None or procedure.field != "interconnected" or BIRTH_DEATH not in self.config.peers:
            return
        if not held.dossier.MaTinh:
            return  # handed in to a ministry: no civil-status office is concerned
        said = message(BIRTH_DEATH, held, interconnected(held, procedure), trace=trace)
        await self.store.write(Outbox.put(said))
        self._outbox.accept(said)

    def onward(self, held: Held, trace: str) -> Message:
        """A dossier that names no province goes to the ministry whose unit it names."""
        onward = super().onward(held, trace)
        ministry = next((m for m in MINISTRIES.values() if m.agency == held.dossier.MaDonViTiepNhan), None)
        if held.dossier.MaTinh or ministry is None:
            return onward
        return msgspec.structs.replace(onward, destination=f"{_CASE}{ministry.name}")

    async def forward(self, platform: str, messages: list[Message], attempt: int) -> None:
        """Send dossiers on: to ministries and to the interconnected services without a platform between."""
        if platform == BIRTH_DEATH:
            for each in messages:
                await self._interconnected.post(each, "hosolienthong", f"{BASE}/hosolienthong", attempt)
        elif platform.startswith(_CASE):
            for each in messages:
                await self._to_ministry(platform, each, attempt)
        else:
            await super().forward(platform, messages, attempt)

    async def _to_ministry(self, system: str, said: Message, attempt: int) -> None:
        dossier = msgspec.json.decode(said.body, type=CaseDossier)
        await self.caller.ask(
            IntegrationReply,
            self.config,
            system,
            "NoiHoSo",
            "POST",
            INTEGRATION,
            limit=LIMIT,
            body=Envelope("", "NoiHoSo", NATIONAL_PORTAL, mahoso=said.key, dossiers=[dossier]),
            key=said.key,
            trace=said.trace,
            attempt=attempt,
        )
