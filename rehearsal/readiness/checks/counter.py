"""A dossier that is born at a counter shows at the national portal."""

from __future__ import annotations

import secrets
from urllib.parse import quote

import httpx
import msgspec

import fixtures
from fixtures.people import Registry
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import CALLER, Desk, Unanswered, refused
from rehearsal.readiness.patience import Patience, Vigil
from rehearsal.readiness.purging import gone, own, purge
from rehearsal.readiness.signing_in import PORTAL, sign_in
from rehearsal.readiness.specimens import AT_COUNTER, KEY, Receipt, content
from reports.readiness.model import Cell
from reports.text import Text

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
        """Where it is handed in, and where it has to show, to its applicant as well."""
        return (f"case-{province.code}", PORTAL, "vneid")

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """Handed in, looked up until it is there, purged; first, what an earlier sweep has left."""
        notes = Notes(SHOWN, province)
        citizen = self._people.citizen(AT_COUNTER, province.code)
        if leftovers := await own(desk, await sign_in(desk, citizen.id)):
            await purge(desk, province, list(leftovers))
        code = await self._hand_in(province, citizen, desk)
        try:
            shows = await self._shows(code, desk)
        except Unanswered as failure:
            notes.unseen(province.code, failure.why)
        else:
            _note(notes, province, code, shows=shows)
        await _take_away(notes, province, code, desk)
        return [notes.cell()]

    async def _hand_in(self, province: fixtures.Province, citizen: fixtures.Citizen, desk: Desk) -> str:
        case = f"case-{province.code}"
        signed_in = await desk.ask(
            Session, case, "/api/officials/sign-in", method="POST", body={"official": CALLER}
        )
        communes = fixtures.communes_of(province.code)
        commune = next(each for each in communes if each.code != citizen.commune)
        key = f"{KEY}{secrets.token_hex(4)}-{province.code}"
        headers = {"Authorization": f"Bearer {signed_in.token}", "Idempotency-Key": key}
        body = content(self._people, citizen, commune)
        try:
            receipt = await desk.ask(
                Receipt, case, "/api/counter/dossiers", method="POST", body=body, headers=headers
            )
        except Unanswered as failure:
            if failure.is_refusal:
                raise
            may_be_left = Text(
                f" Có thể còn một hồ sơ thử ở {case}, khoá {key}.",
                f" A test dossier may be left at {case}, under the key {key}.",
            )
            raise Unanswered(case, failure.why + may_be_left, failure.status, failure.code) from failure
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


def _note(notes: Notes, province: fixtures.Province, code: str, *, shows: bool) -> None:
    if shows:
        notes.right()
        return
    notes.lacks(
        province.code,
        f"{name_of(province)}: hồ sơ {code} nhận tại quầy không hiện trên Cổng quốc gia.",
        f"{name_of(province)}: dossier {code} of a counter does not show at the national portal.",
    )


async def _take_away(notes: Notes, province: fixtures.Province, code: str, desk: Desk) -> None:
    try:
        await purge(desk, province, [code])
        where = await gone(desk, province, code)
    except Unanswered as failure:
        notes.unseen(province.code, failure.why)
        return
    if where:
        notes.lacks(
            province.code,
            f"Hồ sơ thử {code} còn ở {', '.join(where)}.",
            f"The test dossier {code} is still at {', '.join(where)}.",
            detail=code,
        )
