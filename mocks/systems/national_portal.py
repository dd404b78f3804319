"""The National Public Service Portal: home, catalogue, tracking, results, and what is mixed into it."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from mocks.carried import carried_over
from mocks.catalogue import Catalogue
from mocks.dossiers import Dossiers, Held, stamp
from mocks.http import PAGE, PDF, Answer, Call, Problem, Refusal, operation
from mocks.messages import DossierView, ProcedureRow
from mocks.operator import Backlog, Stored
from mocks.purging import TestRecords, Trace
from mocks.sign_in import CITIZEN
from mocks.store import Drop
from mocks.systems.portal_intake import Intake
from mocks.systems.portal_pages import (
    MyDossiers,
    ProcedureList,
    ResultDocument,
    SearchQuery,
    blank_form,
    home_page,
)
from mocks.systems.portal_payments import Payments
from mocks.systems.portal_post import PickUps
from mocks.systems.portal_registers import Registers
from mocks.systems.portal_replication import Replication
from mocks.systems.portal_services import Services


class NationalPortal(Replication, Registers, Payments, PickUps, Intake, Services, TestRecords):
    """National Public Service Portal (Cổng Dịch vụ công quốc gia)."""

    kind = "national-portal"
    title = "National Public Service Portal"

    async def start(self) -> None:
        """Load what is durable and go on forwarding."""
        await super().start()
        self.start_replication()
        self.catalogue = self.open_catalogue()
        self.dossiers = Dossiers(self.store)
        self.dossiers.load(carried_over(self.context.seed))
        self.start_test_records()
        self.start_submissions()
        self.start_payments()
        self.start_intake()

    def open_catalogue(self) -> Catalogue:
        """The portal's copy of the catalogue of procedures."""
        return Catalogue(self.config, self.caller)

    @operation("GET", "/", answers={200: PAGE})
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
        return Answer(200, await self.in_force(call.path["code"], call.trace))

    @operation("GET", "/api/procedures/{code}/blank-form", answers={200: PDF, 404: Problem, 503: Problem})
    async def blank_form(self, call: Call[None]) -> Answer:
        """The form of a procedure, to be printed."""
        return blank_form(await self.in_force(call.path["code"], call.trace))

    @operation("GET", "/api/dossiers/{code}", answers={200: DossierView, 404: Problem})
    async def track(self, call: Call[None]) -> Answer:
        """Where a dossier stands, by its code."""
        call.key = call.path["code"]
        return Answer(200, self.look_up(call.key).view())

    @operation("GET", "/api/me/dossiers", credential=CITIZEN, answers={200: MyDossiers})
    async def my_dossiers(self, call: Call[None]) -> Answer:
        """The dossiers of whoever is signed in."""
        owner = self.citizen(call).citizen_id
        return Answer(200, MyDossiers([held.view() for held in self.dossiers.of_owner(owner)]))

    @operation(
        "GET",
        "/api/dossiers/{code}/result",
        credential=CITIZEN,
        answers={200: ResultDocument, 403: Problem, 404: Problem, 409: Problem},
    )
    async def result(self, call: Call[None]) -> Answer:
        """The electronic result, for the applicant, once processing has finished."""
        held = self.own(call)
        if held.status not in (9, 10):
            raise Refusal(409, "not-finished", "Hồ sơ chưa có kết quả.", "The dossier has no result yet.")
        document = f"KQ.{held.dossier.MaDonViTiepNhan}.{held.code}"
        return Answer(200, ResultDocument(held.code, document, stamp(self.now())))

    def find(self, code: str) -> Held:
        """A dossier by its code; refuses with 404."""
        held = self.dossiers.find(code)
        if held is None:
            raise no_such_dossier(code)
        return held

    def look_up(self, code: str) -> Held:
        """A dossier as it is shown to whoever knows its code; refuses with 404."""
        return self.find(code)

    def own(self, call: Call[Any]) -> Held:
        """The dossier in the path, if it is the caller's own; refuses with 401, 403 or 404."""
        session = self.citizen(call)
        call.key = call.path["code"]
        held = self.find(call.key)
        if held.owner != session.citizen_id:
            raise Refusal(403, "not-yours", "Hồ sơ không phải của bạn.", "The dossier is somebody else's.")
        return held

    # -- for the operator --------------------------------------------------------------------------

    def may_be_purged(self, code: str) -> bool:
        """Not a dossier of before the night, and none without the marker of a test."""
        return self.dossiers.purgeable(code)

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """The dossiers, and their receipts; the charges are the payment platform's to keep."""
        dossiers = self.dossiers.take_away(codes)
        return [*dossiers, *((code, Drop("receipt", code)) for code, _ in dossiers)]

    def backlog(self) -> Backlog:
        """What others have not taken yet, and payments not yet settled."""
        return Backlog(undelivered=self.undelivered() + self.unreplicated(), open=self.unsettled())

    def stored(self, page: slice) -> list[Stored]:
        """Dossiers."""
        return self.dossiers.stored(self.name, page)


def no_such_dossier(code: str) -> Refusal:
    """What the portal says to a code that it does not know."""
    return Refusal(404, "no-such-dossier", "Không tìm thấy hồ sơ.", f"There is no dossier {code!r}.")
