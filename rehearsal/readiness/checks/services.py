"""Every online service of a province is offered at the national portal, and the way into it is open."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import msgspec

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import Desk, Unanswered, refused
from reports.readiness.model import Cell

REACHABLE = check(
    "services-reachable",
    "Mọi dịch vụ công trực tuyến của tỉnh mở được trên Cổng quốc gia",
    "Every online service of the province can be opened at the national portal",
    "TTG96-2a-4",
    "LC-1-1",
    "LC-3-1",
    "TTG0617-II2-1",
    "TTG96-0-2",
    "TTG0617-II2-5",
    "TTG0617-I2-1",
    "TTG96-2a-3",
)
PORTAL = "national-portal"


class Offered(msgspec.Struct, frozen=True):
    """The services of a province."""

    services: list[str]


class Row(msgspec.Struct, frozen=True):
    """The procedure that a way in leads to."""

    MATTHC: str


class Services:
    """The list of a province, and the address of each form as its citizens have it in their bookmarks."""

    name = "services"
    checks = (REACHABLE,)

    def systems(self, _province: fixtures.Province) -> tuple[str, ...]:
        """The national portal."""
        return (PORTAL,)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """One list, and one page for each service in it."""
        notes = Notes(REACHABLE, province)
        offered = await desk.ask(Offered, PORTAL, f"/api/provinces/{province.code}/services")
        services = set(offered.services)
        wanted = [each for each in fixtures.open_procedures() if each.code in services]
        for procedure in fixtures.open_procedures():
            if procedure.code not in services:
                _lacks(notes, province, procedure, "không có trong danh mục", "is not in the list")
        async with asyncio.TaskGroup() as group:
            for procedure in wanted:
                group.create_task(self._open(province, procedure, desk, notes))
        return [notes.cell()]

    async def _open(
        self, province: fixtures.Province, procedure: fixtures.Procedure, desk: Desk, notes: Notes
    ) -> None:
        local = f"{procedure.code}.000.00.00.{province.agency_code}"
        try:
            answer = await desk.send(PORTAL, "GET", f"/nop-ho-so?{urlencode({'MaTTHCDP': local})}")
            if not answer.is_success:
                said = refused(PORTAL, answer).why
                _lacks(notes, province, procedure, said.vi, said.en)
            elif procedure.code != desk.decoded(Row, PORTAL, answer).MATTHC:
                _lacks(notes, province, procedure, "dẫn tới thủ tục khác", "leads to another procedure")
            else:
                notes.right()
        except Unanswered as failure:
            notes.unseen(province.code, failure.why)


def _lacks(
    notes: Notes, province: fixtures.Province, procedure: fixtures.Procedure, vi: str, en: str
) -> None:
    notes.lacks(
        province.code,
        f"{name_of(province)}: dịch vụ {procedure.code} {procedure.name_vi} ({_kind(procedure)}): {vi}",
        f"{name_of(province)}: service {procedure.code} {procedure.name_en} ({_kind(procedure)}): {en}",
        detail=procedure.code,
    )


def _kind(procedure: fixtures.Procedure) -> str:
    """Whether it is offered online in full or in part, and its fee code, if it has one."""
    return ", ".join(filter(None, (procedure.online, procedure.fee)))
