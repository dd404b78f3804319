"""The connections of a province to systems of the nation that hear of its work."""

from __future__ import annotations

import msgspec

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import CALLER, Desk, refused
from rehearsal.readiness.patience import Patience, Vigil
from reports.readiness.model import Cell
from reports.text import Text

CIVIL_STATUS = check(
    "civil-status-connected",
    "Tỉnh đã kết nối hệ thống hộ tịch điện tử dùng chung",
    "The province is connected to the shared civil-status system",
    "VP0701-4-3",
    "TTG96-2a-7",
    "VP0701-5-3",
)
EMC = check(
    "emc-connected",
    "EMC nhận được sự kiện của tỉnh",
    "EMC gets the events of the province",
    "TTG96-2a-7",
    "VP0701-7-2",
    "TTG96-0-2",
)
FORBIDDEN = 403


class Token(msgspec.Struct, frozen=True):
    """What opens a session."""

    access_token: str


class Results(msgspec.Struct, frozen=True):
    """Entries that were made for a province; that they can be asked for is what counts here."""

    status: int


class CivilStatus:
    """Asks for the province's results, which changes nothing; a province that is not connected gets 403."""

    name = "civil-status"
    checks = (CIVIL_STATUS,)

    def systems(self, _province: fixtures.Province) -> tuple[str, ...]:
        """The civil-status system."""
        return ("civil-status",)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """Two requests."""
        notes = Notes(CIVIL_STATUS, province)
        who = {"username": CALLER}
        token = await desk.ask(Token, "civil-status", "/token", method="POST", body=who)
        answer = await desk.send(
            "civil-status",
            "POST",
            "/api/LayKetQua",
            body={"maTinh": province.code, "soLuong": 1},
            headers={"Authorization": f"Bearer {token.access_token}"},
        )
        if answer.status_code == FORBIDDEN:
            why = refused("civil-status", answer).why
            notes.lacks(province.code, f"{name_of(province)}: {why.vi}", f"{name_of(province)}: {why.en}")
        else:
            desk.decoded(Results, "civil-status", answer)
            notes.right()
        return [notes.cell()]


class Events(msgspec.Struct, frozen=True):
    """What was counted for a province."""

    connected: bool
    events: int


class Monitoring:
    """Reads what EMC has counted. Made after the test dossiers, whose statuses bring events about."""

    name = "emc"
    checks = (EMC,)

    def __init__(self) -> None:
        self._patience = Patience()

    def systems(self, _province: fixtures.Province) -> tuple[str, ...]:
        """EMC."""
        return ("emc",)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """Looked at until there is an event."""
        notes = Notes(EMC, province)
        vigil = Vigil(desk, self._patience)
        counted = await desk.ask(Events, "emc", f"/api/provinces/{province.code}/events")
        while counted.connected and not counted.events and await vigil.goes_on():
            counted = await desk.ask(Events, "emc", f"/api/provinces/{province.code}/events")
        if not counted.connected:
            notes.lacks(
                province.code,
                f"{name_of(province)} chưa kết nối EMC.",
                f"{name_of(province)} is not connected to EMC.",
            )
        elif counted.events:
            vigil.news()
            notes.right()
        else:
            notes.unseen(
                province.code,
                Text(
                    "Đã kết nối, nhưng EMC chưa ghi nhận sự kiện nào.",
                    "It is connected, but EMC has counted no event.",
                ),
            )
        return [notes.cell()]
