"""A provincial portal under its old address: open until T0; from T0 on it only shows the way.

=====================  ==========================  ==================================================
request                before T0                   from T0 on
=====================  ==========================  ==================================================
reading a page         served                      308 to the national portal, path and query kept
submitting, uploading  handed to the case system   410, a body in Vietnamese and English, nothing stored
=====================  ==========================  ==================================================
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import msgspec

import fixtures
from mocks.caller import CallFailed
from mocks.closing import Closing
from mocks.dossiers import Dossiers, Held, new_held, stamp
from mocks.http import PAGE, PDF, Answer, Call, GateAnswers, Problem, Refusal, Text, key_reused, operation
from mocks.messages import (
    INTEGRATION,
    CaseDossier,
    DossierReceipt,
    DossierView,
    Envelope,
    IntegrationReply,
    ProcedureRow,
    Submission,
    UploadReceipt,
)
from mocks.once import Once
from mocks.operator import Stored
from mocks.sign_in import CITIZEN, RelyingParty
from mocks.store import Put
from mocks.systems.portal_pages import (
    DeepLinkQuery,
    Form,
    FormQuery,
    MyDossiers,
    ProcedureList,
    SearchQuery,
    blank_form,
    essentials,
    home_page,
    national_code,
)
from mocks.systems.procedures import procedure_row
from mocks.uploads import Uploads

CASE_LIMIT = 3.0
"""Seconds until the case system must have answered."""
BLOCK = 20
"""Numbers of dossiers that are reserved at once."""


class ProvincialPortal(Closing, RelyingParty):
    """Provincial public-service portal, the citizens' interface that closes (Cổng Dịch vụ công cấp tỉnh)."""

    kind = "provincial-portal"
    title = "Provincial portal"
    gate_answers: ClassVar[GateAnswers] = {"GET": {308: None}, "POST": {410: Problem}}

    async def start(self) -> None:
        """Lay out the province's own catalogue; load what was accepted before."""
        await super().start()
        self._case = f"case-{self.config.province}"
        self._old = fixtures.old_province(self.config.old_province)
        self._rows = {
            each.code: procedure_row(each) for each in fixtures.procedures() if each.level != "abolished"
        }
        self._uploads = Uploads(self.store)
        self._dossiers = Dossiers(self.store)
        self._dossiers.load()
        self._accepted: Once[Held] = Once()
        self._codes: dict[str, str] = {}
        self._serial = self._reserved = max((int(last) for _, last in self.store.load("serial")), default=0)
        self._numbering = asyncio.Lock()
        for held in self._dossiers:
            self._accepted.remember(held.dossier.KhoaGuiNhan, held)

    def owner_of_portal(self) -> Text:
        """The old province."""
        return Text(self._old.name_vi, self._old.name_en)

    def closed(self) -> bool:
        """Whether only the way is shown any more."""
        gaps, old = self.context.gaps, self.config.old_province
        if gaps.has("portal-closed-early", old):
            return True
        return self.after_t0() and not gaps.has("portal-open", old)

    @operation("GET", "/", answers={200: PAGE})
    async def home(self, _call: Call[None]) -> Answer:
        """The home page."""
        return Answer(200, home_page(f"Cổng Dịch vụ công {self._old.name_vi} (bản diễn tập)"))

    @operation("GET", "/api/procedures", query=SearchQuery, answers={200: ProcedureList})
    async def search(self, call: Call[None]) -> Answer:
        """Search the province's catalogue."""
        words = call.query.q.casefold()
        found = [row for row in self._rows.values() if words in row.TENTTHC.casefold()]
        return Answer(200, ProcedureList(found[: max(0, min(call.query.limit, 50))]))

    @operation("GET", "/api/procedures/{code}", answers={200: ProcedureRow, 404: Problem})
    async def procedure(self, call: Call[None]) -> Answer:
        """One procedure: documents, fee, days."""
        return Answer(200, self._row(call.path["code"]))

    @operation("GET", "/api/procedures/{code}/blank-form", answers={200: PDF, 404: Problem})
    async def blank_form(self, call: Call[None]) -> Answer:
        """The form of a procedure, to be printed."""
        return blank_form(self._row(call.path["code"]))

    @operation("GET", "/nop-ho-so", query=DeepLinkQuery, answers={200: ProcedureRow, 404: Problem})
    async def deep_link(self, call: Call[None]) -> Answer:
        """The address of a form, as people keep it in their bookmarks."""
        return Answer(200, self._row(national_code(call.query.MaTTHCDP)))

    @operation(
        "GET",
        "/api/dossiers/{code}",
        answers={200: DossierView, 404: Problem, 502: Problem, 504: Problem},
    )
    async def track(self, call: Call[None]) -> Answer:
        """Where a dossier stands: the case system knows."""
        call.key = call.path["code"]
        reply = await self._ask_case(Envelope("", "TraCuuHoSo", mahoso=call.key), call)
        row = reply.dossiers[0]
        return Answer(200, DossierView(row.MaHoSo, "", self.config.province, row.TrangThai, [row.TrangThai]))

    @operation("GET", "/api/me/dossiers", credential=CITIZEN, answers={200: MyDossiers})
    async def my_dossiers(self, call: Call[None]) -> Answer:
        """The dossiers that were submitted here by whoever is signed in."""
        owner = self.citizen(call).citizen_id
        return Answer(200, MyDossiers([held.view() for held in self._dossiers.of_owner(owner)]))

    @operation("GET", "/api/form", query=FormQuery, credential=CITIZEN, answers={200: Form, 404: Problem})
    async def form(self, call: Call[None]) -> Answer:
        """An application form; the old portals were never connected to the population database."""
        self.citizen(call)
        asked: FormQuery = call.query
        return Answer(200, Form(self._row(asked.procedure), asked.province, asked.commune, False, None))

    @operation("POST", "/api/attachments", body=bytes, credential=CITIZEN, answers={201: UploadReceipt})
    async def upload(self, call: Call[bytes]) -> Answer:
        """Keep one file for a dossier to come."""
        self.citizen(call)
        return Answer(201, await self._uploads.take(call.body))

    @operation(
        "POST",
        "/api/dossiers",
        body=Submission,
        key_required=True,
        credential=CITIZEN,
        answers={
            200: DossierReceipt,
            201: DossierReceipt,
            404: Problem,
            422: Problem,
            502: Problem,
            504: Problem,
        },
    )
    async def submit(self, call: Call[Submission]) -> Answer:
        """Take a dossier: acknowledged when the case system and this portal both hold it."""
        session = self.citizen(call)
        content, asked, key = call.body.content, essentials(call.body), call.key
        row = self._row(asked.procedure)
        files = self._uploads.attached(asked.attachments)

        async def take() -> Held:
            # the code belongs to the key: a second try after a lost answer must not make a second dossier
            code = self._codes.get(key)
            if code is None:
                code = f"{self._old.agency_code}-{stamp(self.now())[2:8]}-{await self._number():04d}"
                self._codes[key] = code
            dossier = CaseDossier(
                MaHoSo=code,
                MaTTHC=row.MATTHC,
                ChuHoSo=session.name,
                LoaiDoiTuong=0,
                MaTinh=asked.province,
                MaXa=asked.commune,
                MaDonViTiepNhan=asked.agency,
                NgayNop=stamp(self.now()),
                ThanhPhanHoSo=files,
                NoiDung=content,
                KhoaGuiNhan=key,
            )
            reply = await self._ask_case(Envelope("", "NoiHoSo", mahoso=code, dossiers=[dossier]), call)
            dossier = msgspec.structs.replace(dossier, MaHoSo=reply.dossiers[0].MaHoSo)
            held = new_held(
                dossier, self.now(), owner=session.citizen_id, fee=row.SOTIEN, fee_code=row.MAPHILEPHI
            )
            await self.store.write(self._dossiers.put(held))
            self._dossiers.keep(held)
            return held

        held, new = await self._accepted.do(key, take)
        if held.dossier.NoiDung != content or held.owner != session.citizen_id:
            raise key_reused()
        return Answer(201 if new else 200, DossierReceipt(held.code, held.status, held.fee, held.fee_code))

    async def _number(self) -> int:
        """A number that no dossier of this portal had.

        Numbers are reserved in blocks: the case system may hold a dossier of which a killed portal knows
        nothing, and its number must not be given again.
        """
        async with self._numbering:
            if self._serial == self._reserved:
                self._reserved += BLOCK
                await self.store.write(Put("serial", "reserved", str(self._reserved).encode()))
            self._serial += 1
            return self._serial

    def _row(self, code: str) -> ProcedureRow:
        row = self._rows.get(code)
        if row is None:
            raise Refusal(
                404, "no-such-procedure", f"Không có thủ tục {code}.", f"Procedure {code!r} is not in force."
            )
        return row

    async def _ask_case(self, envelope: Envelope, call: Call[Any]) -> IntegrationReply:
        try:
            return await self.caller.ask(
                IntegrationReply,
                self.config,
                self._case,
                envelope.service,
                "POST",
                INTEGRATION,
                limit=CASE_LIMIT,
                body=envelope,
                key=call.key,
                trace=call.trace,
            )
        except CallFailed as failure:
            if failure.status in (404, 422):
                raise Refusal(
                    failure.status,
                    "case-system-refuses",
                    "Hệ thống một cửa không chấp nhận yêu cầu.",
                    f"{self._case} refused it ({failure.error}).",
                ) from failure
            raise Refusal(
                504 if failure.error == "timeout" else 502,
                "case-system-unavailable",
                "Hệ thống một cửa đang gián đoạn, vui lòng thử lại.",
                f"{self._case} did not answer ({failure.error}); please try again.",
            ) from failure

    def stored(self, page: slice) -> list[Stored]:
        """What this portal accepted while it was open."""
        return self._dossiers.stored(self.name, page)
