"""A provincial case system: receives dossiers, has them processed, and sends every status back."""

from __future__ import annotations

import asyncio
import time

import msgspec

import fixtures
from mocks.adapter import Adapter
from mocks.caller import CallFailed
from mocks.carried import carried_over
from mocks.dossiers import FINAL, Dossiers, Held, new_held, stamp
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.messages import (
    INTEGRATION,
    CaseDossier,
    DossierRow,
    Envelope,
    IntegrationReply,
    Progress,
)
from mocks.once import Once
from mocks.operator import Backlog, Stored
from mocks.outbox import Message, Outbox
from mocks.store import Put
from mocks.systems.case_officials import Officials
from mocks.systems.lgsp import NATIONAL_PORTAL, PROCEDURES

ROUND = 0.7
"""Seconds between two rounds of the one-stop desk. A rehearsal compresses days of work into seconds."""
DESK_TIME = (0.1, 0.6)
"""Seconds that a dossier rests on a desk before its next status, uniform between the two."""
REFUSED_SHARE = 0.03
"""Share of dossiers that the desk does not accept (status 3)."""
USUAL_PATH = {1: 2, 2: 4, 4: 9, 5: 4, 6: 4, 9: 10}
"""The next status on the usual path; legal transitions are those of the fixtures."""
CATALOGUE_EVERY = 20.0
BATCH = 40


class CaseSystem(Officials):
    """Provincial settlement system (Hệ thống thông tin giải quyết thủ tục hành chính cấp tỉnh)."""

    kind = "case-system"
    title = "Provincial case system"

    async def start(self) -> None:
        """Load dossiers and unsent statuses; open the desk; keep the catalogue in step."""
        province = self.config.province
        self._platform = f"lgsp-{province}"
        await super().start()
        self._adapter = Adapter(self.config, self.caller)
        self._communes = {each.code for each in fixtures.communes_of(province)}
        self.catalogue: frozenset[str] = frozenset()
        self._dossiers = Dossiers(self.store)
        self._dossiers.load(carried_over(self.context.seed, province))
        self._received: Once[str] = Once()
        for held in self._dossiers:
            if held.at:  # what was carried over rests during the night
                self._received.remember(held.dossier.KhoaGuiNhan or held.code, held.code)
                self._schedule(held)
        self._outbox = self.outbox(self._send_up, batch=BATCH)
        self.context.spawn(self._desk(), f"{self.name} desk")
        self.context.spawn(self._keep_catalogue(), f"{self.name} catalogue")

    # -- receiving ---------------------------------------------------------------------------------

    @operation(
        "POST",
        INTEGRATION,
        body=Envelope,
        answers={200: IntegrationReply, 404: Problem, 409: Problem, 422: Problem},
    )
    async def integrate(self, call: Call[Envelope]) -> Answer:
        """NoiHoSo (receive dossiers) or TraCuuHoSo (where does a dossier stand)."""
        match call.body.service:
            case "NoiHoSo":
                call.key = call.key or ",".join(each.MaHoSo for each in call.body.dossiers)
                rows = [await self.receive(each, call) for each in call.body.dossiers]
                return Answer(200, IntegrationReply(dossiers=rows))
            case "TraCuuHoSo":
                held = self.find(call.body.mahoso)
                return Answer(200, IntegrationReply(dossiers=[DossierRow(held.code, held.status)]))
            case other:
                raise Refusal(
                    422, "not-here", f"Không hỗ trợ {other}.", f"A case system does not offer {other}."
                )

    async def receive(self, dossier: CaseDossier, call: Call[Envelope]) -> DossierRow:
        """Take one dossier, once. Refuses with 422 what is not of this province, a foreign code with 409."""
        if dossier.MaTinh != self.config.province or dossier.MaXa not in self._communes:
            raise Refusal(
                422,
                "wrong-unit",
                f"Đơn vị {dossier.MaTinh}/{dossier.MaXa} không thuộc hệ thống này.",
                f"Unit {dossier.MaTinh}/{dossier.MaXa} is not of province {self.config.province}.",
            )
        key = dossier.KhoaGuiNhan or dossier.MaHoSo
        if self._dossiers.find(dossier.MaHoSo) is not None and self._received.known(key) != dossier.MaHoSo:
            raise Refusal(
                409,
                "code-taken",
                f"Mã hồ sơ {dossier.MaHoSo} đã thuộc về hồ sơ khác.",
                f"The code {dossier.MaHoSo} belongs to another dossier.",
            )
        born_here = call.caller.startswith("portal-")
        code, _ = await self._received.do(key, lambda: self.enter(dossier, call.trace, born_here=born_here))
        return DossierRow(code, self.find(code).status)

    async def enter(self, dossier: CaseDossier, trace: str, *, born_here: bool) -> str:
        """Make a dossier durable and put it on the desk; one that was born here is told upward. Its code."""
        held = new_held(dossier, self.now())
        changes = [self._dossiers.put(held)]
        upward = self._sync_message(held, trace) if born_here else None
        if upward is not None:
            changes.append(Outbox.put(upward))
        await self.store.write(*changes)
        self._dossiers.keep(held)
        self._schedule(held)
        if upward is not None:
            self._outbox.accept(upward)
        return held.code

    def find(self, code: str) -> Held:
        """A dossier by its code; refuses with 404."""
        held = self._dossiers.find(code)
        if held is None:
            raise Refusal(
                404, "no-such-dossier", "Không có hồ sơ này.", f"There is no dossier {code!r} here."
            )
        return held

    # -- processing --------------------------------------------------------------------------------

    def _schedule(self, held: Held) -> None:
        if held.status in FINAL:
            self.due.pop(held.code, None)
        else:
            self.due[held.code] = time.monotonic() + self.rng.uniform(*DESK_TIME)

    async def _desk(self) -> None:
        await asyncio.sleep(self.rng.uniform(0, ROUND))  # the provinces do not work in step
        while True:
            await asyncio.sleep(ROUND)
            now = time.monotonic()
            ready = [code for code, due in self.due.items() if due <= now and self.claims.get(code, 0) <= now]
            moves = [(held, self.next_status(held)) for held in map(self.find, ready)]
            await self.move(moves, "Bộ phận Một cửa")

    def next_status(self, held: Held) -> int:
        """The status that the desk gives a dossier next."""
        refused = held.status == 1 and self.rng.random() < REFUSED_SHARE
        return 3 if refused else USUAL_PATH[held.status]

    async def move(self, moves: list[tuple[Held, int]], who: str) -> None:
        """Give dossiers their next statuses: one commit, statuses and messages upward together."""
        if not moves:
            return
        changes: list[Put] = []
        messages = []
        moved = []
        for held, status in moves:
            later = msgspec.structs.replace(held, steps=[*held.steps, status])
            message = self._progress_message(later, who)
            changes += [self._dossiers.put(later), Outbox.put(message)]
            messages.append(message)
            moved.append(later)
            # no second desk takes it while the commit is under way
            self.due.pop(held.code, None)
        await self.store.write(*changes)
        for later, message in zip(moved, messages, strict=True):
            self._dossiers.keep(later)
            self._schedule(later)
            self._outbox.accept(message)

    # -- upward ------------------------------------------------------------------------------------

    def _message(self, held: Held, body: CaseDossier | Progress, trace: str = "") -> Message:
        kind = "dossier" if isinstance(body, CaseDossier) else "progress"
        # ids sort in the order in which the messages were made: that is the order they are sent in
        made = f"{time.monotonic_ns():020d}-{len(held.steps):02d}-{held.code}-{kind}"
        return Message(made, self._platform, msgspec.json.encode(body), held.code, trace)

    def _sync_message(self, held: Held, trace: str) -> Message:
        return self._message(held, held.dossier, trace)

    def _progress_message(self, held: Held, who: str) -> Message:
        return self._message(
            held,
            Progress(
                MaHoSo=held.code,
                TrangThai=held.status,
                NguoiXuLy=who,
                ChucDanh="Cán bộ thử nghiệm",
                ThoiDiemXuLy=stamp(self.now()),
                PhongBanXuLy=held.dossier.MaDonViTiepNhan,
                NoiDungXuLy=fixtures.status(held.status).name_vi,
                ThuTu=len(held.steps),
            ),
        )

    async def _send_up(self, platform: str, messages: list[Message], attempt: int) -> None:
        dossiers, progress = [], []
        for message in messages:
            if message.id.endswith("-dossier"):
                dossiers.append(msgspec.json.decode(message.body, type=CaseDossier))
            else:
                progress.append(msgspec.json.decode(message.body, type=Progress))
        # a dossier's progress means something only after the dossier itself is known above
        if dossiers:
            envelope = Envelope("", "DongBoHoSoMC", self.config.province, dossiers=dossiers)
            keys = ",".join(each.MaHoSo for each in dossiers)
            await self._adapter.call(platform, NATIONAL_PORTAL, envelope, key=keys, attempt=attempt)
        if progress:
            envelope = Envelope("", "CapNhatTienDoHoSoMC", self.config.province, progress=progress)
            keys = ",".join(each.MaHoSo for each in progress)
            await self._adapter.call(platform, NATIONAL_PORTAL, envelope, key=keys, attempt=attempt)

    async def _keep_catalogue(self) -> None:
        await asyncio.sleep(self.rng.uniform(1.0, CATALOGUE_EVERY))
        while True:
            try:
                envelope = Envelope("", "LayDanhSachTTHC", self.config.province)
                reply = await self._adapter.call(self._platform, PROCEDURES, envelope)
                self.catalogue = frozenset(row.MATTHC for row in reply.procedures)
            except CallFailed:
                pass  # the call is in the journal; the old catalogue serves until the next time
            await asyncio.sleep(CATALOGUE_EVERY)

    # -- for the operator --------------------------------------------------------------------------

    def backlog(self) -> Backlog:
        """Statuses not yet taken above, and dossiers not yet at their end."""
        return Backlog(undelivered=self._outbox.undelivered(), open=len(self.due))

    def stored(self, page: slice) -> list[Stored]:
        """Dossiers."""
        return self._dossiers.stored(self.name, page)
