"""The interconnected services of Decree 63/2024: one submission for a birth or a death, three registers.

====================================================  ===================  ================================
operation                                             takes                answers
====================================================  ===================  ================================
``POST /api/token``                                   ``Login``            200 ``Session``
``POST /api/lienthongdvclt/hosolienthong``            ``Interconnected``   201, then 200 ``Receipt``
``GET /api/lienthongdvclt/LayDanhSachHoSo``           query ``ListQuery``  200 ``Waiting``
``GET /api/lienthongdvclt/hosolienthong/{id}``                             200 ``Detail``, 404
``PUT /api/lienthongdvclt/CapNhatDaNhanHoSo``         ``Taken``            200 ``Receipt``, 404
``POST /api/lienthongdvclt/CapNhatTrangThai``         ``StatusOf``         200 ``Receipt``, 404
``GET /api/lienthongdvclt/hosolienthong/{id}/parts``                       200 ``Parts``, 404
====================================================  ===================  ================================

All but the first want the bearer token. ::

    submission ── one commit ──► line to civil-status (registration)
                             ├─► line to population (residence)
                             └─► line to social-insurance (health card, or funeral allowance)

Each part is sent until it is acknowledged. A province reads the list of what it has not acknowledged, at
least once each, and reports statuses back.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any, Literal

import msgspec

from mocks.caller import CallFailed
from mocks.http import Answer, Call, Credential, Problem, operation
from mocks.interconnected import (
    Detail,
    Interconnected,
    ListQuery,
    ListRow,
    Login,
    Part,
    Parts,
    PartState,
    Session,
    StatusOf,
    Taken,
    Waiting,
)
from mocks.operator import Backlog
from mocks.outbox import Message
from mocks.partner import post
from mocks.problems import for_good
from mocks.purging import Trace
from mocks.registers import Entry, Receipt, Register, Tokens, known_citizen, receipt, unit_of
from mocks.store import Drop, Put
from mocks.systems.civil_status import Registration
from mocks.systems.residence import ResidenceRequest
from mocks.systems.social_insurance import BenefitRequest
from mocks.token_caller import TokenCaller

DESTINATIONS = ("civil-status", "population", "social-insurance")
BASE = "/api/lienthongdvclt"
TOKEN = Credential("bearer", "POST /api/token")


class Course(msgspec.Struct, frozen=True):
    """What a province has said of a dossier."""

    taken: bool = False
    status: int = 1
    order: int = 0


_REFUSED: dict[int, type | None] = {404: Problem}


class BirthDeath(Register):
    """Interconnected birth and death services (Phần mềm dịch vụ công liên thông khai sinh, khai tử)."""

    kind = "birth-death"
    title = "Interconnected birth and death services"
    takes = None
    record = "interconnected"

    async def start(self) -> None:
        """Take up how far each part is, and what the provinces said."""
        self._tokens = Tokens(self)
        self._civil_status = TokenCaller(self, "civil-status")
        self._parts: dict[str, PartState] = {key: _read_state(body) for key, body in self.store.load("part")}
        self._courses = {
            key: msgspec.msgpack.decode(body, type=Course) for key, body in self.store.load("course")
        }
        await super().start()

    # -- the caller's side -------------------------------------------------------------------------

    @operation("POST", "/api/token", body=Login, answers={200: Session})
    async def token(self, call: Call[Login]) -> Answer:
        """Open the session of a system."""
        token = self._tokens.give(call.body.user_name)
        return Answer(200, Session(token, token))

    @operation(
        "POST",
        f"{BASE}/hosolienthong",
        body=Interconnected,
        credential=TOKEN,
        answers={200: Receipt, 201: Receipt, **_REFUSED, 422: Problem},
    )
    async def submit(self, call: Call[Interconnected]) -> Answer:
        """Take an interconnected dossier, once, and tell all three registers."""
        self._tokens.check(call)
        asked = call.body
        call.key = asked.ma_ho_so
        unit = unit_of(asked.ma_xa, asked.ma_tinh)
        known_citizen(self, asked.tech_id)
        entry, new = await self.enter(asked.ma_ho_so, asked.module, asked, unit)
        return Answer(201 if new else 200, receipt(entry))

    @operation("GET", f"{BASE}/LayDanhSachHoSo", query=ListQuery, credential=TOKEN, answers={200: Waiting})
    async def waiting(self, call: Call[None]) -> Answer:
        """The dossiers of a province that it has not acknowledged, oldest first."""
        self._tokens.check(call)
        mine = self.finished(call.query.maTinh, 0, len(self._entries))
        rows = [_row(each) for each in mine if not self._course(each.key).taken]
        return Answer(200, Waiting(rows[: call.query.limit]))

    @operation("GET", f"{BASE}/hosolienthong/{{id}}", credential=TOKEN, answers={200: Detail, **_REFUSED})
    async def detail(self, call: Call[None]) -> Answer:
        """One dossier, whole."""
        entry = self._mine(call, call.path["id"])
        course, asked = self._course(entry.key), _asked(entry)
        return Answer(200, Detail(entry.key, entry.key, asked.data, [], course.taken, course.status))

    @operation(
        "PUT", f"{BASE}/CapNhatDaNhanHoSo", body=Taken, credential=TOKEN, answers={200: Receipt, **_REFUSED}
    )
    async def acknowledge(self, call: Call[Taken]) -> Answer:
        """A province has a dossier: it is no longer in the list."""
        entry = self._mine(call, call.body.ma_ho_so)
        await self._keep(entry.key, taken=call.body.da_nhan)
        return Answer(200, receipt(entry))

    @operation(
        "POST",
        f"{BASE}/CapNhatTrangThai",
        body=StatusOf,
        credential=TOKEN,
        answers={200: Receipt, **_REFUSED},
    )
    async def status(self, call: Call[StatusOf]) -> Answer:
        """A province gave a dossier its next status; a repetition or an older one changes nothing."""
        said = call.body
        entry = self._mine(call, said.so_ho_so_lt)
        if said.thu_tu > self._course(entry.key).order:
            await self._keep(entry.key, status=said.trang_thai, order=said.thu_tu)
        return Answer(200, receipt(entry))

    @operation(
        "GET", f"{BASE}/hosolienthong/{{id}}/parts", credential=TOKEN, answers={200: Parts, **_REFUSED}
    )
    async def parts(self, call: Call[None]) -> Answer:
        """How far the parts of a dossier are."""
        entry = self._mine(call, call.path["id"])
        found = [Part(each, self._part(entry.key, each)) for each in self._destinations()]
        return Answer(200, Parts(entry.key, found))

    def _mine(self, call: Call[Any], code: str) -> Entry:
        self._tokens.check(call)
        call.key = code
        return self.entry(code)

    def _course(self, code: str) -> Course:
        return self._courses.get(code, Course())

    async def _keep(self, code: str, **said: Any) -> None:
        course = msgspec.structs.replace(self._course(code), **said)
        self._courses[code] = course
        await self.store.write(Put("course", code, msgspec.msgpack.encode(course)))

    # -- the registers' side -----------------------------------------------------------------------

    def _destinations(self) -> Iterable[str]:
        return (each for each in DESTINATIONS if each in self.config.peers)

    def _part(self, code: str, register: str) -> PartState:
        return self._parts.get(f"{code}/{register}", "sent")

    def messages(self, entry: Entry) -> list[Message]:
        """One part for each register."""
        asked = _asked(entry)
        return [
            Message(
                f"{entry.at:020d}-{entry.key}-{each}",
                each,
                msgspec.json.encode(_part_for(each, asked)),
                entry.key,
            )
            for each in self._destinations()
        ]

    async def deliver(self, _destination: str, messages: list[Message], attempt: int) -> None:
        """Send parts, and note who acknowledged. Raises :class:`mocks.caller.CallFailed`."""
        for each in messages:
            try:
                await self._send(each, attempt)
            except CallFailed as failure:
                if for_good(failure):
                    await self._note(each, "refused")
                raise
            await self._note(each, "acknowledged")

    async def _send(self, part: Message, attempt: int) -> None:
        if part.destination == "civil-status":
            await self._civil_status.post(part, "NhanDKHT", "/api/NhanDKHT", attempt)
        else:
            operation_, path = _PATHS[part.destination]
            await post(self, part, operation_, path, attempt)

    async def _note(self, part: Message, state: PartState) -> None:
        if part.key in self.purged:
            return
        key = f"{part.key}/{part.destination}"
        await self.store.write(Put("part", key, msgspec.json.encode(state)))
        self._parts[key] = state

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """Also how far their parts are, and what provinces said."""
        traces = super().take_away(codes)
        for code in codes:
            parts = [key for each in DESTINATIONS if self._parts.pop(key := f"{code}/{each}", None)]
            traces += [(code, Drop("part", key)) for key in parts]
            if self._courses.pop(code, None) is not None:
                traces.append((code, Drop("course", code)))
        return traces

    def backlog(self) -> Backlog:
        """Parts that no register has acknowledged."""
        return Backlog(undelivered=self._onward.undelivered())


_read_state = msgspec.json.Decoder(PartState).decode
_PATHS = {
    "population": ("residence", "/api/residences"),
    "social-insurance": ("benefit", "/api/benefits"),
}


def _asked(entry: Entry) -> Interconnected:
    return msgspec.json.decode(entry.request, type=Interconnected)


def _row(entry: Entry) -> ListRow:
    asked = _asked(entry)
    return ListRow(
        id=entry.key,
        ma_don_vi=asked.ma_don_vi,
        ma_tthc=asked.ma_tthc,
        module=asked.module,
        ma_ho_so=asked.ma_ho_so,
        ngay_tiep_nhan=asked.ngay_tiep_nhan,
        tech_id=asked.tech_id,
    )


def _part_for(register: str, asked: Interconnected) -> msgspec.Struct:
    birth = asked.module == "KS"
    match register:
        case "civil-status":
            return Registration(
                ma_ho_so=asked.ma_ho_so,
                loai_dang_ky="birth" if birth else "death",
                ma_tinh=asked.ma_tinh,
                ma_xa=asked.ma_xa,
                nguoi_yeu_cau=asked.tech_id,
            )
        case "population":
            change: Literal["entry", "removal"] = "entry" if birth else "removal"
            return ResidenceRequest(asked.ma_ho_so, change, asked.ma_tinh, asked.ma_xa, asked.tech_id)
        case _:
            benefit: Literal["health-card", "funeral-allowance"] = (
                "health-card" if birth else "funeral-allowance"
            )
            return BenefitRequest(asked.ma_ho_so, benefit, asked.ma_tinh, asked.ma_xa, asked.tech_id)
