"""A test dossier for every commune: taken, delivered, its status back, and gone again.

::

    leftovers purged ─► one submission for each commune ─► own list read until every status has moved
                     ─► purged at the portal and the case system ─► every look-up answers 404

The list of the test citizen tells what was taken, also where the answer to a submission was lost, and where
an earlier sweep was killed between submission and purge: the next one purges its dossiers first.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import fixtures
from fixtures.people import Registry
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import Desk, Unanswered
from rehearsal.readiness.patience import Patience, Vigil
from rehearsal.readiness.purging import gone, own, purge
from rehearsal.readiness.signing_in import PORTAL, sign_in
from rehearsal.readiness.specimens import CITIZEN, KEY, Receipt, content
from reports.readiness.model import Cell
from reports.text import Text, listed

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


@dataclass
class Sent:
    """What became of the submissions, by commune: the codes, or why nobody knows whether one was taken."""

    codes: dict[str, str] = field(default_factory=dict)
    unclear: dict[str, Text] = field(default_factory=dict)


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
        """See the module. Whatever fails on the way: what was taken is purged."""
        known, taken, back, purged = (Notes(each, province) for each in self.checks)
        citizen = self._people.citizen(CITIZEN, province.code)
        session = await sign_in(desk, citizen.id)
        if leftovers := await own(desk, session):
            await purge(desk, province, list(leftovers))
        sent = await self._submit(citizen, desk, session, known, taken, back)
        await self._watch(province, sent, desk, session, back)
        await self._take_away(province, sent, desk, session, purged)
        return [notes.cell() for notes in (known, taken, back, purged)]

    async def _submit(
        self,
        citizen: fixtures.Citizen,
        desk: Desk,
        session: Mapping[str, str],
        known: Notes,
        taken: Notes,
        back: Notes,
    ) -> Sent:
        sent = Sent()
        life = secrets.token_hex(4)  # what an earlier sweep sent and purged must not be taken for this one's

        async def one(commune: fixtures.Commune) -> None:
            body = content(self._people, citizen, commune)
            headers = {**session, "Idempotency-Key": f"{KEY}{life}-{commune.code}"}
            try:
                answer = await desk.send(PORTAL, "POST", "/api/dossiers", body=body, headers=headers)
                sent.codes[commune.code] = desk.decoded(Receipt, PORTAL, answer).code
            except Unanswered as failure:
                _not_taken(commune, failure, known, taken)
                back.unseen(commune.code, failure.why)
                if not failure.is_refusal:
                    sent.unclear[commune.code] = failure.why
            else:
                known.right()
                taken.right()

        async with asyncio.TaskGroup() as group:
            for commune in fixtures.communes_of(citizen.province):
                group.create_task(one(commune))
        return sent

    async def _watch(
        self,
        province: fixtures.Province,
        sent: Sent,
        desk: Desk,
        session: Mapping[str, str],
        back: Notes,
    ) -> None:
        """Whose status came back."""
        try:
            silent = await _silent(desk, session, sent.codes.values(), self._patience)
        except Unanswered as failure:
            for unit in sent.codes:
                back.unseen(unit, failure.why)
            return
        for commune in fixtures.communes_of(province.code):
            if commune.code not in sent.codes:
                continue
            if sent.codes[commune.code] in silent:
                back.lacks(
                    commune.code,
                    f"{name_of(commune)}: hồ sơ thử không có trạng thái mới trên Cổng quốc gia.",
                    f"{name_of(commune)}: its test dossier got no new status at the national portal.",
                )
            else:
                back.right()

    async def _take_away(
        self,
        province: fixtures.Province,
        sent: Sent,
        desk: Desk,
        session: Mapping[str, str],
        purged: Notes,
    ) -> None:
        """Purge what was taken, also where nobody answered that it was, and look whether it is gone."""
        units = {code: commune for commune, code in sent.codes.items()}
        try:
            unanswered = [code for code in await own(desk, session) if code not in units]
            units |= dict.fromkeys(unanswered, province.code)
            await purge(desk, province, list(units))
            left = await own(desk, session)
        except Unanswered as failure:
            for unit in units.values() or [province.code]:
                purged.unseen(unit, failure.why)
            return
        if len(unanswered) < len(sent.unclear):  # one that was taken may not be on the list yet
            for commune, why in sent.unclear.items():
                purged.unseen(commune, why)

        async def prove(code: str, unit: str) -> None:
            try:
                found = await gone(desk, province, code, also_at_case_system=self._asks_case_system)
            except Unanswered as failure:
                purged.unseen(unit, failure.why)
                return
            where = listed(dict.fromkeys([*([PORTAL] if code in left else []), *found]))
            if where:
                purged.lacks(
                    unit,
                    f"Hồ sơ thử {code} ({unit}) còn ở {where}.",
                    f"The test dossier {code} of {unit} is still at {where}.",
                )
            else:
                purged.right()

        async with asyncio.TaskGroup() as group:
            for code, unit in units.items():
                group.create_task(prove(code, unit))
            for code in left.keys() - units.keys():
                group.create_task(prove(code, province.code))


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
    if failure.is_refusal:
        told = f"{name_of(commune)}: "
        taken.lacks(commune.code, told + failure.why.vi, told + failure.why.en)
    else:
        taken.unseen(commune.code, failure.why)


async def _silent(
    desk: Desk, session: Mapping[str, str], codes: Iterable[str], patience: Patience
) -> set[str]:
    """The codes whose status has not moved, once waiting for it makes no sense any more."""
    waiting = set(codes)
    vigil = Vigil(desk, patience)
    while waiting and await vigil.goes_on():
        steps = await own(desk, session)
        moved = {code for code in waiting if len(steps.get(code, ())) > 1}
        if moved:
            waiting -= moved
            vigil.news()
    return waiting
