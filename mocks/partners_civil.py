"""The two registers with which a case system has a conversation: civil status, and births and deaths.

Both want a token, take what is pushed, and are asked for news, for as long as some is awaited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Set

import msgspec

import fixtures
from mocks.caller import CallFailed
from mocks.contents import applicant_of, form_of, procedure_of, received
from mocks.dossiers import Held
from mocks.interconnected import Interconnected, Module, StatusOf, Taken, Waiting
from mocks.outbox import Message
from mocks.partner import message
from mocks.purging import Trace
from mocks.registers import Receipt
from mocks.store import Drop, Put
from mocks.system import System
from mocks.systems.birth_death import BASE
from mocks.systems.civil_status import Registration, Results, ResultsQuery
from mocks.token_caller import TokenCaller

POLL = 3.0
"""Seconds between two questions to a register for news."""


class CivilStatus:
    """The civil-status system: registrations are pushed, results are asked for."""

    destination = "civil-status"
    RESULT, CURSOR = "civil-status-result", "civil-status-cursor"

    def __init__(self, system: System) -> None:
        self._system = system
        self._calls = TokenCaller(system, self.destination)
        self._answers = {key: body.decode() for key, body in system.store.load(self.RESULT)}
        self._cursor = max((int(body) for _, body in system.store.load(self.CURSOR)), default=0)
        self._awaited = {code for code, number in self._answers.items() if not number}

    def messages(self, held: Held) -> list[Message]:
        """A registration, once the dossier has been received."""
        if (procedure := received(held, "civil-status")) is None:
            return []
        asked = Registration(
            ma_ho_so=held.code,
            loai_dang_ky=procedure.form,
            ma_tinh=held.dossier.MaTinh,
            ma_xa=held.dossier.MaXa,
            nguoi_yeu_cau=applicant_of(held),
            noi_dung=form_of(held),
        )
        return [message(self.destination, held, asked)]

    async def deliver(self, messages: list[Message], attempt: int) -> None:
        """Push registrations. Raises :class:`CallFailed`."""
        for each in messages:
            await self._calls.post(each, "NhanDKHT", "/api/NhanDKHT", attempt)
            await self._system.store.write(Put(self.RESULT, each.key, b""))
            self._awaited.add(each.key)

    async def listen(self) -> None:
        """Ask for results, as long as some are awaited."""
        await asyncio.sleep(self._system.rng.uniform(0, POLL))
        while True:
            await asyncio.sleep(POLL)
            while self._awaited:
                try:
                    if not await self._results():
                        break
                except CallFailed:
                    break  # the call is in the journal; the results will be there next time

    def answer(self, code: str) -> str:
        """The number under which a dossier is registered."""
        return self._answers.get(code, "")

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """See :class:`mocks.partner.Listening`."""
        gone = codes & (self._answers.keys() | self._awaited)
        self._awaited -= gone
        for code in gone:
            self._answers.pop(code, None)
        return [(code, Drop(self.RESULT, code)) for code in gone]

    async def _results(self) -> int:
        asked = ResultsQuery(self._system.config.province, self._cursor)
        found = await self._calls.ask(Results, "LayKetQua", "POST", "/api/LayKetQua", asked)
        if found.value:
            last = found.value[-1].thu_tu
            await self._system.store.write(
                *(Put(self.RESULT, each.ma_ho_so, each.so_dang_ky.encode()) for each in found.value),
                Put(self.CURSOR, "last", str(last).encode()),
            )
            self._cursor = last
        for each in found.value:
            self._answers[each.ma_ho_so] = each.so_dang_ky
            self._awaited.discard(each.ma_ho_so)
        return len(found.value)


class BirthDeath:
    """The interconnected services: every status is reported, and their list is read and acknowledged."""

    destination = "birth-death"
    RECORD, TOLD, ACKNOWLEDGED = "birth-death", "told", "acknowledged"

    def __init__(self, system: System) -> None:
        self._system = system
        self._calls = TokenCaller(system, self.destination, "/api/token", "userName")
        self._known = {key: body.decode() for key, body in system.store.load(self.RECORD)}

    def messages(self, held: Held) -> list[Message]:
        """The dossier itself when it has come, in case nobody told of it; after that each status."""
        procedure = procedure_of(held)
        if procedure is None or procedure.field != "interconnected":
            return []
        if len(held.steps) == 1:
            return [message(self.destination, held, interconnected(held, procedure), "interconnected")]
        said = StatusOf(
            ma_tthc=held.dossier.MaTTHC,
            so_ho_so_lt=held.code,
            co_quan_xu_ly=held.dossier.MaDonViTiepNhan,
            ma_ho_so=held.code,
            trang_thai=held.status,
            thoi_gian_thuc_hien=held.dossier.NgayNop,
            thu_tu=len(held.steps),
        )
        return [message(self.destination, held, said)]

    async def deliver(self, messages: list[Message], attempt: int) -> None:
        """Report dossiers and statuses. Raises :class:`CallFailed`."""
        for each in messages:
            whole = each.id.endswith("-interconnected")
            name = "hosolienthong" if whole else "CapNhatTrangThai"
            await self._calls.post(each, name, f"{BASE}/{name}", attempt)
            if whole:
                await self._note(each.key, self.TOLD)

    async def listen(self) -> None:
        """Read the list and acknowledge what is here, as long as something of ours can be in it."""
        await asyncio.sleep(self._system.rng.uniform(0, POLL))
        while True:
            await asyncio.sleep(POLL)
            try:
                if self.TOLD in self._known.values():
                    await self._acknowledge()
            except CallFailed:
                pass  # what was not acknowledged is in the list the next time

    def answer(self, code: str) -> str:
        """Whether a dossier has been told, or taken over from the list."""
        return self._known.get(code, "")

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """See :class:`mocks.partner.Listening`."""
        gone = codes & self._known.keys()
        for code in gone:
            del self._known[code]
        return [(code, Drop(self.RECORD, code)) for code in gone]

    async def _acknowledge(self) -> None:
        province = self._system.config.province
        path = f"{BASE}/LayDanhSachHoSo?maTinh={province}"
        found = await self._calls.ask(Waiting, "LayDanhSachHoSo", "GET", path)
        for row in found.data:
            if row.ma_ho_so not in self._known:
                continue  # told of before it has come here: it stays in the list
            await self._calls.ask(
                Receipt, "CapNhatDaNhanHoSo", "PUT", f"{BASE}/CapNhatDaNhanHoSo", Taken(row.ma_ho_so)
            )
            await self._note(row.ma_ho_so, self.ACKNOWLEDGED)

    async def _note(self, code: str, said: str) -> None:
        await self._system.store.write(Put(self.RECORD, code, said.encode()))
        self._known[code] = said


def interconnected(held: Held, procedure: fixtures.Procedure) -> Interconnected:
    """A dossier as the interconnected services take it."""
    module: Module = "KT" if procedure.form == "death" else "KS"
    return Interconnected(
        ma_ho_so=held.code,
        ma_tthc=held.dossier.MaTTHC,
        module=module,
        ma_tinh=held.dossier.MaTinh,
        ma_xa=held.dossier.MaXa,
        ma_don_vi=held.dossier.MaDonViTiepNhan,
        ngay_tiep_nhan=held.dossier.NgayNop,
        tech_id=applicant_of(held),
        data=msgspec.json.encode(form_of(held)).decode(),
    )
