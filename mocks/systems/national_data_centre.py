"""The National Data Centre as the second site of the national portal: follows it, and can take its place.

=============================  ===  ===================================================================
``POST /api/replicate``        200  {head, entries: [{number, code, held}]}: {applied}; entries that are
                                    known change nothing; 409 a gap, or a stream that is not the one
                                    followed so far. Or {head, part: {base, place, last, held}}
``GET /api/dossiers/{code}``   200  the dossier as the portal shows it; the header ``X-Site`` says
                                    standby or active; 404
``GET /api/lag``               200  {site, applied, head, behind, heard_seconds_ago}
``POST /api/switch-over``      200  {accept_loss}: the same as lag; from now on it is the active site;
                                    409 it is behind, or has not heard of the portal for
                                    :data:`STALE` seconds, unless the loss is accepted
=============================  ===  ===================================================================

A centre that lost what it had, or was put back to an older state, says so by what it has ``applied``. The
portal then sends everything it holds in parts, in order; with the last one ``applied`` is ``base``, and until
then the centre is behind. Whether it was the active site is lost as well: it is a standby again. A portal
that lost its own changes gives numbers that are too low, and is refused: it must not wipe the site that has
them.

``behind`` counts changes that were acknowledged at the portal, of which the centre has heard and which it
does not have. A switch-over is for good, and asking for it again changes nothing: from then on the centre's
answer is the one that counts. The portal's application feeds it as before.
"""

from __future__ import annotations

import asyncio
import time
from typing import Literal

import msgspec

from mocks.carried import carried_over
from mocks.dossiers import Dossiers
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.messages import DossierView
from mocks.operator import Stored
from mocks.replication import HEARTBEAT, Batch, Entry, Part, Position
from mocks.store import Change, Drop, Put
from mocks.system import System

STALE = 3 * HEARTBEAT
"""Seconds of silence after which nobody can say how far the centre is behind."""
STATE = "site"


class Lag(msgspec.Struct, frozen=True):
    """Where the centre stands; ``heard_seconds_ago`` is -1 where it never heard of the portal."""

    site: Literal["standby", "active"]
    applied: int
    head: int
    behind: int
    heard_seconds_ago: float


class SwitchOver(msgspec.Struct, frozen=True):
    """Make the centre the active site; what it does not have is lost where the loss is accepted."""

    accept_loss: bool = False


class NationalDataCentre(System):
    """National Data Centre (Trung tâm dữ liệu quốc gia)."""

    kind = "national-data-centre"
    title = "National Data Centre"

    async def start(self) -> None:
        """Take up what an earlier life of the process has applied."""
        self._dossiers = Dossiers(self.store)
        self._dossiers.load(carried_over(self.context.seed))
        state = {key: body.decode() for key, body in self.store.load(STATE)}
        self._applied = self._head = int(state.get("applied", "0"))
        self._site: Literal["standby", "active"] = "active" if "active" in state else "standby"
        self._heard: float | None = None
        self._refilled: set[str] = set()
        self._next = (0, 0)
        self._one_at_a_time = asyncio.Lock()

    # -- following ---------------------------------------------------------------------------------

    @operation("POST", "/api/replicate", body=Batch, answers={200: Position, 409: Problem})
    async def replicate(self, call: Call[Batch]) -> Answer:
        """Apply the entries that are new, in order.

        Only the portal reaches this: the line between the sites is their own, and stands for a mutual
        authentication that a rehearsal has not.
        """
        batch = call.body
        async with self._one_at_a_time:
            if batch.head < self._applied:
                raise Refusal(
                    409,
                    "other-stream",
                    f"Luồng dữ liệu lùi về {batch.head}, đã nhận {self._applied}.",
                    f"The stream ends at {batch.head}, and {self._applied} has been applied: it is another.",
                )
            new = [each for each in batch.entries if each.number > self._applied]
            self._check_order(new)
            if batch.part is not None:
                self._check_place(batch.part)
            self._heard, self._head = time.monotonic(), batch.head
            if new:
                await self._apply(new)
            if batch.part is not None:
                await self._take(batch.part)
        return Answer(200, Position(self._applied))

    def _check_order(self, new: list[Entry]) -> None:
        for place, entry in enumerate(new, self._applied + 1):
            if entry.number != place:
                raise _gap(place, entry.number)

    def _check_place(self, part: Part) -> None:
        if part.base < self._applied:
            raise _gap(self._applied, part.base)
        if part.place and (part.base, part.place) != self._next:
            raise _gap(self._next[1], part.place)

    async def _take(self, part: Part) -> None:
        """Keep the dossiers of one part; the last one ends it, durably and at once with what is gone."""
        came = {held.code for held in part.held}
        self._refilled = came | (self._refilled if part.place else set())
        changes: list[Change] = [self._dossiers.put(held) for held in part.held]
        gone: list[str] = []
        if part.last:
            gone = [held.code for held in self._dossiers if held.at and held.code not in self._refilled]
            changes += [Drop(Dossiers.KIND, code) for code in gone]
            changes.append(Put(STATE, "applied", str(part.base).encode()))
        await self.store.write(*changes)
        for held in part.held:
            self._dossiers.keep(held)
        for code in gone:
            self._dossiers.forget(code)
        self._next = (part.base, part.place + 1)
        if part.last:
            self._applied = part.base
            self._next = (0, 0)

    async def _apply(self, new: list[Entry]) -> None:
        last = {each.code: each.held for each in new if each.code}  # of several of one dossier, the newest
        changes: list[Change] = [Put(STATE, "applied", str(new[-1].number).encode())]
        changes += [
            Drop(Dossiers.KIND, code) if held is None else self._dossiers.put(held)
            for code, held in last.items()
        ]
        await self.store.write(*changes)
        for code, held in last.items():
            if held is None:
                self._dossiers.forget(code)
            else:
                self._dossiers.keep(held)
        self._applied = new[-1].number

    # -- serving -----------------------------------------------------------------------------------

    @operation(
        "GET",
        "/api/dossiers/{code}",
        answers={200: DossierView, 404: Problem},
        answer_headers={"X-Site": "Whether the centre is `standby` or `active`."},
    )
    async def look_up(self, call: Call[None]) -> Answer:
        """Where a dossier stands, as far as it is known here."""
        call.key = call.path["code"]
        held = self._dossiers.find(call.key)
        if held is None:
            raise Refusal(
                404, "no-such-dossier", "Không tìm thấy hồ sơ.", f"There is no dossier {call.key!r} here."
            )
        return Answer(200, held.view(), headers=(("X-Site", self._site),))

    @operation("GET", "/api/lag", answers={200: Lag})
    async def lag(self, _call: Call[None]) -> Answer:
        """How far the centre is behind the portal."""
        return Answer(200, self._lag())

    @operation("POST", "/api/switch-over", body=SwitchOver, answers={200: Lag, 409: Problem})
    async def switch_over(self, call: Call[SwitchOver]) -> Answer:
        """Become the active site.

        The order of an operator in the centre, whom nothing keeps out but the network.
        """
        async with self._one_at_a_time:
            if self._site == "standby":
                if not call.body.accept_loss:
                    self._check_complete()
                await self.store.write(Put(STATE, "active", b"1"))
                self._site = "active"
        return Answer(200, self._lag())

    def _check_complete(self) -> None:
        lag = self._lag()
        if lag.behind:
            raise Refusal(
                409,
                "behind",
                f"Trung tâm còn thiếu {lag.behind} thay đổi.",
                f"The centre is {lag.behind} changes behind.",
            )
        if not 0 <= lag.heard_seconds_ago <= STALE:
            raise Refusal(
                409,
                "not-heard",
                "Trung tâm không nhận được tin từ Cổng, không biết còn thiếu bao nhiêu.",
                "The centre has not heard of the portal: nobody can say how far it is behind.",
            )

    def _lag(self) -> Lag:
        heard = -1.0 if self._heard is None else time.monotonic() - self._heard
        return Lag(self._site, self._applied, self._head, self._head - self._applied, heard)

    # -- for the operator --------------------------------------------------------------------------

    def stored(self, page: slice) -> list[Stored]:
        """Dossiers, as replicas of those of the portal."""
        return [
            msgspec.structs.replace(each, kind="replica") for each in self._dossiers.stored(self.name, page)
        ]


def _gap(expected: int, came: int) -> Refusal:
    return Refusal(
        409, "gap", f"Thiếu thay đổi số {expected}.", f"Number {came} came where {expected} was expected."
    )
