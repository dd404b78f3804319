"""A dossier that is born at a counter shows at the national portal."""

from __future__ import annotations

import secrets
from urllib.parse import quote

import httpx
import msgspec

import fixtures
from fixtures.people import Registry
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import CALLER, Desk, refused
from rehearsal.readiness.patience import Patience, Vigil
from rehearsal.readiness.purging import gone, purge
from rehearsal.readiness.signing_in import PORTAL
from rehearsal.readiness.specimens import CITIZEN, KEY, Receipt, content
from reports.readiness.model import Cell

SHOWN = check(
    "counter-dossier-shown",
    "Hồ sơ nhận tại quầy ngoài nơi cư trú hiện trên Cổng quốc gia",
    "A dossier handed in at the counter of another commune shows at the national portal",
    "LC-3-1",
    "LC-5-2",
    "TTG0617-III2-2",
    "TTG96-3b-2",
    "TTG0617-II1-3",
    "LC-2-1",
)


class Session(msgspec.Struct, frozen=True):
    """An official's session."""

    token: str


class Counter:
    """One dossier for each province, at the counter of a commune where the applicant does not live."""

    name = "counter"
    checks = (SHOWN,)

    def __init__(self, seed: int) -> None:
        self._people = Registry(seed)
        self._patience = Patience()

    def systems(self, province: fixtures.Province) -> tuple[str, ...]:
        """Where it is handed in, and where it has to show."""
        return (f"case-{province.code}", PORTAL)

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """Handed in, looked up until it is there, purged."""
        notes = Notes(SHOWN, province)
        code = await self._hand_in(province, desk)
        if await self._shows(code, desk):
            notes.right()
        else:
            notes.lacks(
                province.code,
                f"{name_of(province)}: hồ sơ {code} nhận tại quầy không hiện trên Cổng quốc gia.",
                f"{name_of(province)}: dossier {code} of a counter does not show at the national portal.",
            )
        await purge(desk, province, [code])
        if where := await gone(desk, province, code):
            notes.lacks(
                province.code,
                f"Hồ sơ thử {code} còn ở {', '.join(where)}.",
                f"The test dossier {code} is still at {', '.join(where)}.",
                detail=code,
            )
        return [notes.cell()]

    async def _hand_in(self, province: fixtures.Province, desk: Desk) -> str:
        case = f"case-{province.code}"
        signed_in = await desk.ask(
            Session, case, "/api/officials/sign-in", method="POST", body={"official": CALLER}
        )
        citizen = self._people.citizen(CITIZEN, province.code)
        communes = fixtures.communes_of(province.code)
        commune = next(each for each in communes if each.code != citizen.commune)
        headers = {
            "Authorization": f"Bearer {signed_in.token}",
            "Idempotency-Key": f"{KEY}{secrets.token_hex(4)}-{province.code}",
        }
        body = content(self._people, citizen, commune)
        receipt = await desk.ask(
            Receipt, case, "/api/counter/dossiers", method="POST", body=body, headers=headers
        )
        return receipt.code

    async def _shows(self, code: str, desk: Desk) -> bool:
        vigil = Vigil(desk, self._patience)
        while await vigil.goes_on():
            answer = await desk.send(PORTAL, "GET", f"/api/dossiers/{quote(code)}")
            if answer.is_success:
                vigil.news()
                return True
            if answer.status_code != httpx.codes.NOT_FOUND:
                raise refused(PORTAL, answer)
        return False
