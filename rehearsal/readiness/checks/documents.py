"""A document from each province reaches another one, and the receipt comes back.

A document that was delivered cannot be recalled, so each says in its subject that it is a test.
"""

from __future__ import annotations

import hashlib
import secrets
from urllib.parse import quote

import msgspec

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import Desk
from rehearsal.readiness.patience import Patience, Vigil
from rehearsal.readiness.specimens import KEY
from reports.readiness.model import Cell

DELIVERED = check(
    "documents-exchanged",
    "Văn bản điện tử gửi đi tới nơi và có biên nhận",
    "A document that is sent arrives, and its receipt comes back",
    "VP0701-5-4",
    "TTG96-2b-1",
    "TTG96-2b-0",
    "VP0701-5-5",
    "VP318-4-1",
)
SUBJECT = "[HO-SO-THU-NGHIEM] Văn bản thử kết nối / test of the connection"
ENDED = ("delivered", "bounced")


class State(msgspec.Struct, frozen=True):
    """How far a document is."""

    id: str
    state: str
    reason: str = ""


class Exchange:
    """One document for each province, to the centre of the next one: each sends once and receives once."""

    name = "documents"
    checks = (DELIVERED,)

    def __init__(self) -> None:
        self._patience = Patience()

    def systems(self, province: fixtures.Province) -> tuple[str, ...]:
        """The document systems of both; what lies between them is theirs to reach."""
        return (f"documents-{province.code}", f"documents-{_next(province).code}")

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """Handed in, looked at until it has arrived or come back."""
        notes = Notes(DELIVERED, province)
        system = f"documents-{province.code}"
        key = f"{KEY}{secrets.token_hex(4)}-{province.code}"
        to = _next(province)
        body = {
            "from": fixtures.provincial_centre(province),
            "to": fixtures.provincial_centre(to),
            "subject": SUBJECT,
            "digest": hashlib.sha256(key.encode()).hexdigest(),
        }
        sent = await desk.ask(
            State, system, "/api/documents", method="POST", body=body, headers={"Idempotency-Key": key}
        )
        vigil = Vigil(desk, self._patience)
        while sent.state not in ENDED and await vigil.goes_on():
            sent = await desk.ask(State, system, f"/api/documents/{quote(sent.id)}")
        if sent.state == "delivered":
            vigil.news()
            notes.right()
        else:
            notes.lacks(
                province.code,
                f"{name_of(province)}: văn bản gửi {name_of(to)} chưa tới nơi ({sent.state} {sent.reason}).",
                f"{name_of(province)}: a document to {name_of(to)} did not arrive "
                f"({sent.state} {sent.reason}).",
            )
        return [notes.cell()]


def _next(province: fixtures.Province) -> fixtures.Province:
    every = fixtures.provinces()
    return every[(every.index(province) + 1) % len(every)]
