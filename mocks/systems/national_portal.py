"""The National Public Service Portal: catalogue, forms, submission, tracking, and the way on."""

from __future__ import annotations

import time
from typing import Any

import msgspec

import fixtures
from mocks.adapter import Adapter
from mocks.caller import CallFailed
from mocks.carried import carried_over
from mocks.catalogue import Catalogue
from mocks.dossiers import Dossiers, Held, new_held, stamp
from mocks.http import Answer, Call, Problem, Refusal, key_reused, operation
from mocks.messages import (
    CaseDossier,
    DossierReceipt,
    DossierView,
    Envelope,
    ProcedureRow,
    Submission,
    UploadReceipt,
)
from mocks.once import Once
from mocks.operator import Backlog, Stored
from mocks.outbox import Message, Outbox
from mocks.resilience import Breaker
from mocks.sign_in import RelyingParty
from mocks.store import Put
from mocks.systems.lgsp import NATIONAL_PORTAL
from mocks.systems.population import PersonRecord
from mocks.systems.portal_intake import Intake
from mocks.systems.portal_pages import (
    DeepLinkQuery,
    Form,
    FormQuery,
    MyDossiers,
    ProcedureList,
    ResultDocument,
    SearchQuery,
    blank_form,
    essentials,
    home_page,
    national_code,
)
from mocks.systems.portal_payments import Payments
from mocks.uploads import Uploads

PREFILL_LIMIT = 1.0
"""Seconds that a form waits for the population database before it is shown empty."""


class NationalPortal(Payments, Intake, RelyingParty):
    """National Public Service Portal (Cổng Dịch vụ công quốc gia)."""

    kind = "national-portal"
    title = "National Public Service Portal"

    async def start(self) -> None:
        """Load what is durable and go on forwarding."""
        await super().start()
        self._adapter = Adapter(self.config, self.context.caller)
        self.catalogue = Catalogue(self.config, self.context.caller)
        self._population = Breaker(threshold=5, cool_down=2.0)
        self._uploads = Uploads(self.store)
        self.dossiers = Dossiers(self.store)
        self.dossiers.load(carried_over(self.context.seed))
        self._submitted: Once[Held] = Once()
        self._serial = 0
        for held in self.dossiers:
            if held.code.startswith(
                f"{NATIONAL_PORTAL}-"
            ):  # of this portal, not carried over, not a province's
                self._submitted.remember(held.dossier.KhoaGuiNhan, held)
                self._serial = max(self._serial, int(held.code.rpartition("-")[2]))
        self._units = {(each.province, each.code) for each in fixtures.communes()}
        self._outbox = Outbox(self.store, self._forward, self.rng)
        self._outbox.load()
        self._outbox.start(lambda to: self.context.spawn(self._outbox.run(to), f"{self.name} to {to}"))
        self.start_payments()
        self.start_intake()

    # -- reading -----------------------------------------------------------------------------------

    @operation("GET", "/", answers={200: None})
    async def home(self, _call: Call[None]) -> Answer:
        """The home page."""
        return Answer(200, home_page("Cổng Dịch vụ công quốc gia (bản diễn tập)"))

    @operation("GET", "/api/procedures", query=SearchQuery, answers={200: ProcedureList, 503: Problem})
    async def search(self, call: Call[None]) -> Answer:
        """Search the catalogue."""
        found = await self.catalogue.find(call.query.q, min(call.query.limit, 50), call.trace)
        return Answer(200, ProcedureList(found))

    @operation("GET", "/api/procedures/{code}", answers={200: ProcedureRow, 404: Problem, 503: Problem})
    async def procedure(self, call: Call[None]) -> Answer:
        """One procedure: documents, fee, days."""
        return Answer(200, await self.catalogue.one(call.path["code"], call.trace))

    @operation("GET", "/api/procedures/{code}/blank-form", answers={200: None, 404: Problem, 503: Problem})
    async def blank_form(self, call: Call[None]) -> Answer:
        """The form of a procedure, to be printed."""
        return blank_form(await self.catalogue.one(call.path["code"], call.trace))

    @operation(
        "GET", "/nop-ho-so", query=DeepLinkQuery, answers={200: ProcedureRow, 404: Problem, 503: Problem}
    )
    async def deep_link(self, call: Call[None]) -> Answer:
        """An old bookmark into a provincial form: the local code leads to the national procedure."""
        return Answer(200, await self.catalogue.one(national_code(call.query.MaTTHCDP), call.trace))

    @operation("GET", "/api/dossiers/{code}", answers={200: DossierView, 404: Problem})
    async def track(self, call: Call[None]) -> Answer:
        """Where a dossier stands, by its code."""
        call.key = call.path["code"]
        return Answer(200, self.find(call.key).view())

    @operation("GET", "/api/me/dossiers", answers={200: MyDossiers, 401: Problem})
    async def my_dossiers(self, call: Call[None]) -> Answer:
        """The dossiers of whoever is signed in."""
        owner = self.citizen(call).citizen_id
        return Answer(200, MyDossiers([held.view() for held in self.dossiers.of_owner(owner)]))

    @operation(
        "GET",
        "/api/dossiers/{code}/result",
        answers={200: ResultDocument, 401: Problem, 403: Problem, 404: Problem, 409: Problem},
    )
    async def result(self, call: Call[None]) -> Answer:
        """The electronic result, for the applicant, once processing has finished."""
        held = self.own(call)
        if held.status not in (9, 10):
            raise Refusal(409, "not-finished", "Hồ sơ chưa có kết quả.", "The dossier has no result yet.")
        return Answer(
            200, ResultDocument(held.code, f"KQ.{held.dossier.MaDonViTiepNhan}.{held.code}", stamp())
        )

    def find(self, code: str) -> Held:
        """A dossier by its code; refuses with 404."""
        held = self.dossiers.find(code)
        if held is None:
            raise Refusal(404, "no-such-dossier", "Không tìm thấy hồ sơ.", f"There is no dossier {code!r}.")
        return held

    def own(self, call: Call[Any]) -> Held:
        """The dossier in the path, if it is the caller's own; refuses with 401, 403 or 404."""
        session = self.citizen(call)
        call.key = call.path["code"]
        held = self.find(call.key)
        if held.owner != session.citizen_id:
            raise Refusal(403, "not-yours", "Hồ sơ không phải của bạn.", "The dossier is somebody else's.")
        return held

    # -- submitting --------------------------------------------------------------------------------

    @operation(
        "GET", "/api/form", query=FormQuery, answers={200: Form, 401: Problem, 404: Problem, 503: Problem}
    )
    async def form(self, call: Call[None]) -> Answer:
        """An application form with what the population database knows filled in."""
        session = self.citizen(call)
        asked: FormQuery = call.query
        row = await self.catalogue.one(asked.procedure, call.trace)
        person = await self._prefill(session.citizen_id, call.trace)
        return Answer(200, Form(row, asked.province, asked.commune, person is not None, person))

    async def _prefill(self, citizen_id: str, trace: str) -> PersonRecord | None:
        now = time.monotonic()
        if not self._population.allows(now):
            return None
        try:
            person = await self.context.caller.ask(
                PersonRecord,
                self.config,
                "population",
                "citizen",
                "GET",
                f"/api/citizens/{citizen_id}",
                limit=PREFILL_LIMIT,
                trace=trace,
            )
        except CallFailed:
            self._population.failed(time.monotonic())
            return None  # the form works without it: the citizen types
        self._population.succeeded()
        return person

    @operation("POST", "/api/attachments", body=bytes, answers={201: UploadReceipt, 401: Problem})
    async def upload(self, call: Call[bytes]) -> Answer:
        """Keep one file for a dossier to come."""
        self.citizen(call)
        return Answer(201, await self._uploads.take(call.body))

    @operation(
        "POST",
        "/api/dossiers",
        body=Submission,
        key_required=True,
        answers={
            200: DossierReceipt,
            201: DossierReceipt,
            401: Problem,
            404: Problem,
            422: Problem,
            503: Problem,
        },
    )
    async def submit(self, call: Call[Submission]) -> Answer:
        """Take a dossier: the answer comes when it is durable, and from then on it must not be lost."""
        session = self.citizen(call)
        content, asked = call.body.content, essentials(call.body)
        row = await self.catalogue.one(asked.procedure, call.trace)
        province, commune = asked.province, asked.commune
        if (province, commune) not in self._units:
            raise Refusal(
                422,
                "no-such-unit",
                f"Không có đơn vị {province}/{commune}.",
                f"There is no commune {commune!r} in province {province!r}.",
            )
        files = self._uploads.attached(asked.attachments)
        key = call.key

        async def take() -> Held:
            self._serial += 1
            dossier = CaseDossier(
                MaHoSo=f"{NATIONAL_PORTAL}-{stamp()[:8]}-{self._serial:07d}",
                MaTTHC=row.MATTHC,
                ChuHoSo=session.name,
                LoaiDoiTuong=0,
                MaTinh=province,
                MaXa=commune,
                MaDonViTiepNhan=asked.agency,
                NgayNop=stamp(),
                ThanhPhanHoSo=files,
                NoiDung=content,
                KhoaGuiNhan=key,
            )
            held = new_held(dossier, owner=session.citizen_id, fee=row.SOTIEN, fee_code=row.MAPHILEPHI)
            onward = Message(
                f"{self._serial:012d}-{held.code}",
                f"lgsp-{province}",
                msgspec.json.encode(dossier),
                held.code,
                call.trace,
            )
            await self.store.write(self.dossiers.put(held), Outbox.put(onward))
            self.dossiers.keep(held)
            self._outbox.accept(onward)
            return held

        held, new = await self._submitted.do(key, take)
        if held.dossier.NoiDung != content or held.owner != session.citizen_id:
            raise key_reused()
        receipt = DossierReceipt(held.code, held.status, held.fee, held.fee_code)
        return Answer(201 if new else 200, receipt)

    async def _forward(self, platform: str, messages: list[Message], attempt: int) -> None:
        for message in messages:
            dossier = msgspec.json.decode(message.body, type=CaseDossier)
            envelope = Envelope("", "NoiHoSo", NATIONAL_PORTAL, mahoso=dossier.MaHoSo, dossiers=[dossier])
            try:
                await self._adapter.call(
                    platform, dossier.MaTinh, envelope, key=message.key, trace=message.trace, attempt=attempt
                )
            except CallFailed as failure:
                if failure.status not in (409, 422):
                    raise
                # the province refuses it for good: keep it where an operator finds it, let the others pass
                await self.store.write(Put("dead-letter", message.id, msgspec.msgpack.encode(message)))

    # -- for the operator --------------------------------------------------------------------------

    def backlog(self) -> Backlog:
        """Dossiers the provinces have not taken yet, and payments not yet settled."""
        return Backlog(undelivered=self._outbox.undelivered(), open=self.unsettled())

    def stored(self, page: slice) -> list[Stored]:
        """Dossiers."""
        return self.dossiers.stored(self.name, page)
