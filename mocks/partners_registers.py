"""What case systems tell the registers of the country as dossiers move, by the field of the procedure.

=====================  =========================  ==================================================
register               dossiers                   when
=====================  =========================  ==================================================
civil-status           of civil status            received; the results are asked for
birth-death            interconnected             at every status; the list is read and acknowledged
land, tax              of land; changes of it     received
business-households    of business households     received
judicial-records       of judicial records        received
social-insurance       health cards, funerals     received
=====================  =========================  ==================================================

A register that is down, or that refuses the province, makes these messages wait. The dossier goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

import fixtures
from mocks.caller import CallFailed
from mocks.dossiers import Held
from mocks.interconnected import Interconnected, Module, StatusOf, Taken, Waiting
from mocks.outbox import Message
from mocks.partner import Factory, Partner, Posting, message
from mocks.store import Put
from mocks.system import System
from mocks.systems.birth_death import BASE
from mocks.systems.business_households import HouseholdRequest
from mocks.systems.case_officials import RECEIVED
from mocks.systems.civil_status import Registration, Results, ResultsQuery
from mocks.systems.judicial_records import RecordRequest
from mocks.systems.land import PLOTS, SHEETS, ChangeRequest
from mocks.systems.social_insurance import BenefitRequest
from mocks.systems.tax import LandObligation
from mocks.token_caller import TokenCaller

POLL = 3.0
"""Seconds between two questions to a register for news, while there can be any."""


def _received(held: Held, field: str) -> fixtures.Procedure | None:
    """The procedure of a dossier of this field that has just been received; else None."""
    if held.status != RECEIVED:
        return None
    found = _procedure(held)
    return found if found is not None and found.field == field else None


def _procedure(held: Held) -> fixtures.Procedure | None:
    try:
        return fixtures.procedure(held.dossier.MaTTHC)
    except fixtures.UnknownCodeError:
        return None


def _applicant(held: Held) -> str:
    return str(_part(held, "applicant").get("id", ""))


def _form(held: Held) -> dict[str, str]:
    return {name: str(value) for name, value in _part(held, "form").items()}


def _part(held: Held, name: str) -> Mapping[str, Any]:
    found = held.dossier.NoiDung.get(name)
    return found if isinstance(found, dict) else {}


def _number(text: str, most: int) -> int:
    return max(1, min(most, int(text))) if text.isdecimal() else 1


class CivilStatus:
    """The civil-status system: registrations are pushed, results are asked for."""

    destination = "civil-status"
    RESULT, CURSOR = "civil-status-result", "civil-status-cursor"

    def __init__(self, system: System) -> None:
        self._system = system
        self._calls = TokenCaller(system, self.destination)
        self._answers = {key: body.decode() for key, body in system.store.load(self.RESULT)}
        self._cursor = max((int(body) for _, body in system.store.load(self.CURSOR)), default=0)
        self._awaited: set[str] = set()

    def messages(self, held: Held) -> list[Message]:
        """A registration, once the dossier has been received."""
        if (procedure := _received(held, "civil-status")) is None:
            return []
        asked = Registration(
            ma_ho_so=held.code,
            loai_dang_ky=procedure.form,
            ma_tinh=held.dossier.MaTinh,
            ma_xa=held.dossier.MaXa,
            nguoi_yeu_cau=_applicant(held),
            noi_dung=_form(held),
        )
        return [message(self.destination, held, asked)]

    async def deliver(self, messages: list[Message], attempt: int) -> None:
        """Push registrations. Raises :class:`CallFailed`."""
        for each in messages:
            if await self._calls.post(each, "NhanDKHT", "/api/NhanDKHT", attempt):
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
    ACKNOWLEDGED = "birth-death-acknowledged"

    def __init__(self, system: System) -> None:
        self._system = system
        self._calls = TokenCaller(system, self.destination, "/api/token", "userName")
        self._acknowledged = set(system.store.keys(self.ACKNOWLEDGED))
        self._open: set[str] = set()

    def messages(self, held: Held) -> list[Message]:
        """The dossier itself when it has come, in case nobody told of it; after that each status."""
        procedure = _procedure(held)
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
            if await self._calls.post(each, name, f"{BASE}/{name}", attempt) and whole:
                self._open.add(each.key)

    async def listen(self) -> None:
        """Read the list and acknowledge what is here, as long as something of ours can be in it."""
        await asyncio.sleep(self._system.rng.uniform(0, POLL))
        while True:
            await asyncio.sleep(POLL)
            try:
                if self._open:
                    await self._acknowledge()
            except CallFailed:
                pass  # what was not acknowledged is in the list the next time

    def answer(self, code: str) -> str:
        """Whether a dossier was taken over from the list."""
        return "acknowledged" if code in self._acknowledged else ""

    async def _acknowledge(self) -> None:
        province = self._system.config.province
        path = f"{BASE}/LayDanhSachHoSo?maTinh={province}"
        found = await self._calls.ask(Waiting, "LayDanhSachHoSo", "GET", path)
        for row in found.data:
            if row.ma_ho_so not in self._open:
                continue  # told of before it has come here: it stays in the list
            await self._calls.ask(
                msgspec.Raw, "CapNhatDaNhanHoSo", "PUT", f"{BASE}/CapNhatDaNhanHoSo", Taken(row.ma_ho_so)
            )
            await self._system.store.write(Put(self.ACKNOWLEDGED, row.ma_ho_so, b""))
            self._acknowledged.add(row.ma_ho_so)
            self._open.discard(row.ma_ho_so)


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
        tech_id=_applicant(held),
        data=msgspec.json.encode(_form(held)).decode(),
    )


class LandChanges(Posting):
    """The land database."""

    operation = "change"
    path = "/api/changes"

    def body(self, held: Held) -> ChangeRequest | None:
        """A change of a parcel."""
        if (procedure := _received(held, "land")) is None:
            return None
        made, form = held.dossier, _form(held)
        sheet, plot = _number(form.get("so_to_ban_do", ""), SHEETS), _number(form.get("so_thua", ""), PLOTS)
        return ChangeRequest(held.code, procedure.form, made.MaTinh, made.MaXa, _applicant(held), sheet, plot)


class LandObligations(Posting):
    """The tax office, for what is due on a change of land; a security costs no tax."""

    operation = "land-obligation"
    path = "/api/land-obligations"

    def body(self, held: Held) -> LandObligation | None:
        """An obligation to be determined."""
        procedure = _received(held, "land")
        if procedure is None or procedure.form != "land":
            return None
        return LandObligation(held.code, held.dossier.MaTinh, held.dossier.MaXa, _applicant(held))


class Households(Posting):
    """The register of business households; companies go to the enterprise register by the portal."""

    operation = "household"
    path = "/api/households"

    def body(self, held: Held) -> HouseholdRequest | None:
        """A household to be registered."""
        procedure = _received(held, "business")
        if procedure is None or procedure.level != "commune":
            return None
        made = held.dossier
        return HouseholdRequest(
            held.code, _form(held).get("ten", ""), made.MaTinh, made.MaXa, _applicant(held)
        )


class JudicialRecords(Posting):
    """The judicial records."""

    operation = "judicial-record"
    path = "/api/requests"

    def body(self, held: Held) -> RecordRequest | None:
        """A record of form 1 or 2."""
        procedure = _received(held, "judicial-records")
        if procedure is None:
            return None
        form: Literal[1, 2] = 2 if procedure.name_vi.endswith("2") else 1
        return RecordRequest(held.code, form, held.dossier.MaTinh, held.dossier.MaXa, _applicant(held))


class Benefits(Posting):
    """Social insurance."""

    operation = "benefit"
    path = "/api/benefits"

    def body(self, held: Held) -> BenefitRequest | None:
        """A child's health card, or a funeral allowance."""
        kind: Literal["health-card", "funeral-allowance"]
        if (procedure := _received(held, "health")) is not None and procedure.form == "birth":
            kind = "health-card"
        elif (procedure := _received(held, "social")) is not None and procedure.form == "death":
            kind = "funeral-allowance"
        else:
            return None
        return BenefitRequest(held.code, kind, held.dossier.MaTinh, held.dossier.MaXa, _applicant(held))


def _civil_status(system: System) -> Partner | None:
    return CivilStatus(system) if CivilStatus.destination in system.config.peers else None


def _birth_death(system: System) -> Partner | None:
    return BirthDeath(system) if BirthDeath.destination in system.config.peers else None


REGISTERS: tuple[Factory, ...] = (
    _civil_status,
    _birth_death,
    lambda system: LandChanges.of(system, "land"),
    lambda system: LandObligations.of(system, "tax"),
    lambda system: Households.of(system, "business-households"),
    lambda system: JudicialRecords.of(system, "judicial-records"),
    lambda system: Benefits.of(system, "social-insurance"),
)
