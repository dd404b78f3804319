"""The portal of a ministry, the citizens' interface that closes as the provincial ones do.

=====================================  ==================  =================================================
operation                              takes               answers
=====================================  ==================  =================================================
``GET /``, ``GET /nop-ho-so``                              200 until T0; then 308 to the national portal
``GET /auth/login``, ``/auth/callback``                    sign-in with VNeID
``POST /api/dossiers``                 ``Submission``      201 ``DossierReceipt`` (key); from T0 on 410
``GET /api/dossiers/{code}``                               200 ``DossierView``, 404; from T0 on 308
``GET /api/me/dossiers``                                   200 ``MyDossiers``, 401; from T0 on 308
=====================================  ==================  =================================================
"""

from __future__ import annotations

from typing import Any, ClassVar

from mocks.closing import Closing
from mocks.dossiers import Dossiers, Held, new_held, stamp
from mocks.http import PAGE, Answer, Call, GateAnswers, Problem, Text, key_reused, operation
from mocks.lookups import REFUSALS, ask
from mocks.messages import (
    INTEGRATION,
    DossierReceipt,
    DossierView,
    Envelope,
    IntegrationReply,
    Submission,
)
from mocks.ministries import ministry_dossier, ministry_of, procedure_of
from mocks.once import Once
from mocks.operator import Stored
from mocks.sign_in import CITIZEN, RelyingParty
from mocks.systems.portal_pages import DeepLinkQuery, MyDossiers, home_page


class MinistryPortal(Closing, RelyingParty):
    """Ministerial public-service portal, the citizens' interface that closes (Cổng Dịch vụ công cấp bộ)."""

    kind = "ministry-portal"
    title = "Ministerial portal"
    gate_answers: ClassVar[GateAnswers] = {"GET": {308: None}, "POST": {410: Problem}}

    async def start(self) -> None:
        """Load what was accepted before."""
        await super().start()
        self._ministry = ministry_of(self.name)
        self._case = f"ministry-case-{self._ministry.name}"
        self._dossiers = Dossiers(self.store)
        self._dossiers.load()
        self._accepted: Once[Held] = Once()
        for held in self._dossiers:
            self._accepted.remember(held.dossier.KhoaGuiNhan, held)

    def owner_of_portal(self) -> Text:
        """The ministry."""
        return self._ministry.title

    @operation("GET", "/", answers={200: PAGE})
    async def home(self, _call: Call[None]) -> Answer:
        """The home page."""
        return Answer(200, home_page(f"Cổng Dịch vụ công {self._ministry.title.vi} (bản diễn tập)"))

    @operation("GET", "/nop-ho-so", query=DeepLinkQuery, answers={200: PAGE})
    async def deep_link(self, _call: Call[None]) -> Answer:
        """The address of a form, as people keep it in their bookmarks."""
        return Answer(200, home_page(f"Nộp hồ sơ – {self._ministry.title.vi}"))

    @operation("GET", "/api/dossiers/{code}", answers={200: DossierView, **REFUSALS})
    async def track(self, call: Call[None]) -> Answer:
        """Where a dossier stands: the case system knows."""
        call.key = call.path["code"]
        reply = await self._ask_case(Envelope("", "TraCuuHoSo", mahoso=call.key), call)
        row = reply.dossiers[0]
        return Answer(200, DossierView(row.MaHoSo, "", "", row.TrangThai, [row.TrangThai]))

    @operation("GET", "/api/me/dossiers", credential=CITIZEN, answers={200: MyDossiers})
    async def my_dossiers(self, call: Call[None]) -> Answer:
        """The dossiers that were submitted here by whoever is signed in."""
        owner = self.citizen(call).citizen_id
        return Answer(200, MyDossiers([held.view() for held in self._dossiers.of_owner(owner)]))

    @operation(
        "POST",
        "/api/dossiers",
        body=Submission,
        key_required=True,
        credential=CITIZEN,
        answers={200: DossierReceipt, 201: DossierReceipt, **REFUSALS},
    )
    async def submit(self, call: Call[Submission]) -> Answer:
        """Take a dossier: acknowledged when the case system and this portal both hold it."""
        session = self.citizen(call)
        content, procedure, key = call.body.content, procedure_of(call.body), call.key

        async def take() -> Held:
            # the code follows from the key: a second try after a lost answer makes no second dossier
            at = stamp(self.now())
            dossier = ministry_dossier(
                self._ministry, f"{self._ministry.agency}-{key}", procedure, session.name, at, content, key
            )
            await self._ask_case(
                Envelope("", "NoiHoSo", mahoso=dossier.MaHoSo, dossiers=[dossier]), call, key=key
            )
            held = new_held(dossier, self.now(), owner=session.citizen_id)
            await self.store.write(self._dossiers.put(held))
            self._dossiers.keep(held)
            return held

        held, new = await self._accepted.do(key, take)
        if held.dossier.NoiDung != content or held.owner != session.citizen_id:
            raise key_reused()
        return Answer(201 if new else 200, DossierReceipt(held.code, held.status))

    async def _ask_case(self, envelope: Envelope, call: Call[Any], key: str = "") -> IntegrationReply:
        return await ask(
            self,
            self._case,
            envelope.service,
            IntegrationReply,
            INTEGRATION,
            call,
            method="POST",
            body=envelope,
            key=key,
        )

    def stored(self, page: slice) -> list[Stored]:
        """What this portal accepted while it was open."""
        return self._dossiers.stored(self.name, page)
