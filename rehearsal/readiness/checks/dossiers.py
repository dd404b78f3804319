"""A test dossier for every commune: taken, delivered, its status back, and gone again.

::

    leftovers purged ─► one submission for each commune ─► own list read until every status has moved
                     ─► purged at the portal and the case system ─► every look-up answers 404

Where a sweep was killed between submission and purge, the next one finds the dossiers on the list of the
same test citizen, and purges them first.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence

import msgspec

import fixtures
from fixtures.people import Registry
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import Desk, Unanswered, refused
from rehearsal.readiness.patience import Patience, Vigil
from rehearsal.readiness.purging import gone, purge
from rehearsal.readiness.signing_in import PORTAL, sign_in
from rehearsal.readiness.specimens import CITIZEN, KEY, Receipt, content
from reports.readiness.model import Cell

KNOWN = check(
    "unit-at-portal",
    "Cổng quốc gia biết mọi đơn vị cấp xã",
    "The national portal knows every commune",
    "VP318-3-3",
    "LC-5-1",
    "TTG0617-III6-1",
    "TTG96-2a-2",
)
TAKEN = check(
    "dossier-taken",
    "Cổng quốc gia nhận hồ sơ thử cho mọi đơn vị cấp xã",
    "The national portal takes a test dossier for every commune",
    "TTG96-2a-3",
    "TTG96-2a-5",
    "VP318-3-2",
    "TTG0617-III6-1",
)
STATUS_BACK = check(
    "status-back",
    "Trạng thái hồ sơ thử của mọi đơn vị cấp xã về đến Cổng quốc gia",
    "The status of every commune's test dossier comes back to the national portal",
    "LC-3-1",
    "VP318-3-2",
    "TTG0617-III2-2",
    "TTG0617-II2-2",
    "TTG96-2c-1",
    "LC-1-5",
    "LC-2-1",
    "LC-5-3",
    "TTG96-0-2",
    "TTG96-2a-3",
)
GONE = check(
    "test-records-gone",
    "Hồ sơ thử đã được xoá sạch, tra cứu không còn",
    "The test dossiers are purged: every look-up answers that there is none",
    "LC-1-3",
)


class View(msgspec.Struct, frozen=True):
    """Where a dossier stands."""

    code: str
    steps: list[int]


class Own(msgspec.Struct, frozen=True):
    """The dossiers of whoever is signed in."""

    dossiers: list[View]


class TestDossiers:
    """One dossier for each commune of a province, all in the name of its test citizen."""

    name = "dossiers"
    checks = (KNOWN, TAKEN, STATUS_BACK, GONE)

    def __init__(self, seed: int, *, stores_are_read: bool) -> None:
        self._people = Registry(seed)
        self._patience = Patience()
        self._asks_case_system = not stores_are_read

    def systems(self, province: fixtures.Province) -> tuple[str, ...]:
        """The way of a dossier, as far as it is asked."""
        return (PORTAL, "vneid", f"case-{province.code}")

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """See the module."""
        known, taken, back, purged = (Notes(each, province) for each in self.checks)
        citizen = self._people.citizen(CITIZEN, province.code)
        session = await sign_in(desk, citizen.id)
        leftovers = await _own(desk, session)
        if leftovers:
            await purge(desk, province, list(leftovers))
        communes = fixtures.communes_of(province.code)
        codes = await self._submit(citizen, communes, desk, session, known, taken, back)
        silent = await _silent(desk, session, codes, self._patience)
        for commune in communes:
            if commune.code not in codes:
                continue
            if codes[commune.code] in silent:
                back.lacks(
                    commune.code,
                    f"{name_of(commune)}: hồ sơ thử không có trạng thái mới trên Cổng quốc gia.",
                    f"{name_of(commune)}: its test dossier got no new status at the national portal.",
                )
            else:
                back.right()
        await purge(desk, province, list(codes.values()))
        await self._prove(province, communes, codes, desk, session, purged)
        return [notes.cell() for notes in (known, taken, back, purged)]

    async def _submit(
        self,
        citizen: fixtures.Citizen,
        communes: Sequence[fixtures.Commune],
        desk: Desk,
        session: Mapping[str, str],
        known: Notes,
        taken: Notes,
        back: Notes,
    ) -> dict[str, str]:
        """The codes of the dossiers that were taken, by commune."""
        codes: dict[str, str] = {}
        life = secrets.token_hex(4)  # what an earlier sweep sent and purged must not be taken for this one's

        async def one(commune: fixtures.Commune) -> None:
            body = content(self._people, citizen, commune)
            headers = {**session, "Idempotency-Key": f"{KEY}{life}-{commune.code}"}
            try:
                answer = await desk.send(PORTAL, "POST", "/api/dossiers", body=body, headers=headers)
                if not answer.is_success:
                    raise refused(PORTAL, answer)
                codes[commune.code] = desk.decoded(Receipt, PORTAL, answer).code
            except Unanswered as failure:
                _not_taken(commune, failure, known, taken)
                back.unseen(commune.code, failure.why)
            else:
                known.right()
                taken.right()

        async with asyncio.TaskGroup() as group:
            for commune in communes:
                group.create_task(one(commune))
        return codes

    async def _prove(
        self,
        province: fixtures.Province,
        communes: Sequence[fixtures.Commune],
        codes: Mapping[str, str],
        desk: Desk,
        session: Mapping[str, str],
        purged: Notes,
    ) -> None:
        listed = await _own(desk, session)

        async def one(commune: fixtures.Commune) -> None:
            code = codes[commune.code]
            try:
                where = [PORTAL] if code in listed else []
                found = await gone(desk, province, code, also_at_case_system=self._asks_case_system)
                where += [each for each in found if each not in where]
            except Unanswered as failure:
                purged.unseen(commune.code, failure.why)
                return
            if where:
                purged.lacks(
                    commune.code,
                    f"Hồ sơ thử {code} của {name_of(commune)} còn ở {', '.join(where)}.",
                    f"The test dossier {code} of {name_of(commune)} is still at {', '.join(where)}.",
                )
            else:
                purged.right()

        async with asyncio.TaskGroup() as group:
            for commune in communes:
                if commune.code in codes:
                    group.create_task(one(commune))


def _not_taken(commune: fixtures.Commune, failure: Unanswered, known: Notes, taken: Notes) -> None:
    """A refusal belongs to what it says is wrong; silence, and a system that fails, say nothing."""
    if failure.code == "no-such-unit":
        known.lacks(
            commune.code,
            f"Cổng quốc gia không biết {name_of(commune)}.",
            f"The national portal does not know {name_of(commune)}.",
        )
        taken.unseen(commune.code, failure.why)
        return
    known.unseen(commune.code, failure.why)
    if 400 <= failure.status < 500:
        told = f"{name_of(commune)}: "
        taken.lacks(commune.code, told + failure.why.vi, told + failure.why.en)
    else:
        taken.unseen(commune.code, failure.why)


async def _own(desk: Desk, session: Mapping[str, str]) -> dict[str, list[int]]:
    """The steps of every dossier of the test citizen, by code."""
    own = await desk.ask(Own, PORTAL, "/api/me/dossiers", headers=session)
    return {view.code: view.steps for view in own.dossiers}


async def _silent(
    desk: Desk, session: Mapping[str, str], codes: Mapping[str, str], patience: Patience
) -> set[str]:
    """The codes whose status has not moved, once waiting for it makes no sense any more."""
    waiting = set(codes.values())
    vigil = Vigil(desk, patience)
    while waiting and await vigil.goes_on():
        steps = await _own(desk, session)
        moved = {code for code in waiting if len(steps.get(code, ())) > 1}
        if moved:
            waiting -= moved
            vigil.news()
    return waiting
