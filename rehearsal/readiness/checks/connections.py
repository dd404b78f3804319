"""The connections of a province to systems of the nation that hear of its work."""

from __future__ import annotations

import msgspec

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import CALLER, Desk, refused
from reports.readiness.model import Cell

CIVIL_STATUS = check(
    "civil-status-connected",
    "Tỉnh đã kết nối hệ thống hộ tịch điện tử dùng chung",
    "The province is connected to the shared civil-status system",
    "VP0701-4-3",
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
