"""What every case system does: it takes dossiers, its desk moves them on, and others hear of each status.

::

    receive ──► enter ──► desk, officials ──► move: one commit ──► line to the national portal
                                                              └──► line of each partner
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Set

import msgspec

from mocks.dossiers import FINAL, Dossiers, Held, new_held
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.messages import INTEGRATION, CaseDossier, DossierRow, Envelope, IntegrationReply
from mocks.once import Once
from mocks.operator import Backlog, Stored
from mocks.outbox import Message, Outbox
from mocks.partner import Listening, Showing
from mocks.partners import partners
from mocks.purging import TestRecords, Trace
from mocks.store import Put
from mocks.systems.case_officials import Officials
from mocks.upward import Upward

ROUND = 0.7
"""Seconds between two rounds of the one-stop desk. A rehearsal compresses days of work into seconds."""
DESK_TIME = (0.1, 0.6)
"""Seconds that a dossier rests on a desk before its next status, uniform between the two."""
REFUSED_SHARE = 0.03
"""Share of dossiers that the desk does not accept (status 3)."""
USUAL_PATH = {1: 2, 2: 4, 4: 9, 5: 4, 6: 4, 9: 10}
"""The next status on the usual path; legal transitions are those of the fixtures."""
BATCH = 40
CITIZENS_INTERFACES = ("portal-", "ministry-portal-")
"""Callers whose dossiers are born here, and unknown to the national portal until they are told upward."""


class Desk(TestRecords, Officials):
    """Base of case systems; a subclass says which dossiers are its own, and who is above it."""

    kind = ""
    title = ""

    async def start(self) -> None:
        """Load dossiers and what was not yet told; open the desk."""
        await super().start()
        self.start_test_records()
        self.dossiers = Dossiers(self.store)
        self.dossiers.load(self.before())
        self._received: Once[str] = Once()
        for held in self.dossiers:
            if held.at:  # what was carried over rests during the night
                self._received.remember(held.dossier.KhoaGuiNhan or held.code, held.code)
                self._schedule(held)
        self._upward = self.upward()
        self._partners = partners(self)
        self._tell = {each.destination: each.deliver for each in self._partners}
        self._tell[self._upward.destination] = self._upward.deliver
        self._outbox = self.outbox(self._deliver, batch=BATCH)
        self.context.spawn(self._desk(), f"{self.name} desk")
        for partner in self._partners:
            if isinstance(partner, Listening):
                self.context.spawn(partner.listen(), f"{self.name} listens to {partner.destination}")

    # -- what subclasses say -----------------------------------------------------------------------

    def upward(self) -> Upward:
        """The way to the national portal."""
        raise NotImplementedError

    def before(self) -> Iterable[Held]:
        """Dossiers that were here before the night."""
        return ()

    def check_unit(self, dossier: CaseDossier) -> None:
        """Refuses with 422 a dossier that is not for this system."""
        raise NotImplementedError

    def tells_birth(self, held: Held) -> bool:  # noqa: ARG002 - a hook
        """Whether a dossier that was born here is told upward."""
        return True

    def tells_progress(self, held: Held) -> bool:  # noqa: ARG002 - a hook
        """Whether the statuses of a dossier are told upward."""
        return True

    # -- receiving ---------------------------------------------------------------------------------

    @operation(
        "POST",
        INTEGRATION,
        body=Envelope,
        answers={200: IntegrationReply, 404: Problem, 409: Problem, 422: Problem},
    )
    async def integrate(self, call: Call[Envelope]) -> Answer:
        """NoiHoSo (receive dossiers) or TraCuuHoSo (where does a dossier stand)."""
        match call.body.service:
            case "NoiHoSo":
                call.key = call.key or ",".join(each.MaHoSo for each in call.body.dossiers)
                rows = [await self.receive(each, call) for each in call.body.dossiers]
                return Answer(200, IntegrationReply(dossiers=rows))
            case "TraCuuHoSo":
                held = self.find(call.body.mahoso)
                return Answer(200, IntegrationReply(dossiers=[DossierRow(held.code, held.status)]))
            case other:
                raise Refusal(
                    422, "not-here", f"Không hỗ trợ {other}.", f"A case system does not offer {other}."
                )

    async def receive(self, dossier: CaseDossier, call: Call[Envelope]) -> DossierRow:
        """Take one dossier, once. Refuses what is not of this system with 422, a foreign code with 409."""
        self.check_unit(dossier)
        key = dossier.KhoaGuiNhan or dossier.MaHoSo
        foreign = self.dossiers.find(dossier.MaHoSo) is not None and (
            self._received.known(key) != dossier.MaHoSo
        )
        if foreign or dossier.MaHoSo in self.purged:
            raise Refusal(
                409,
                "code-taken",
                f"Mã hồ sơ {dossier.MaHoSo} đã thuộc về hồ sơ khác.",
                f"The code {dossier.MaHoSo} belongs to another dossier.",
            )
        born_here = call.caller.startswith(CITIZENS_INTERFACES)
        code, _ = await self._received.do(key, lambda: self.enter(dossier, call.trace, born_here=born_here))
        return DossierRow(code, self.find(code).status)

    async def enter(self, dossier: CaseDossier, trace: str, *, born_here: bool) -> str:
        """Make a dossier durable and put it on the desk; one that was born here is told upward. Its code."""
        held = new_held(dossier, self.now())
        messages = [self._upward.dossier(held, trace)] if born_here and self.tells_birth(held) else []
        messages += self._news(held)
        await self.keep_record(held.code, self.dossiers.put(held), *map(Outbox.put, messages))
        self._show(held)
        for each in messages:
            self._outbox.accept(each)
        return held.code

    def find(self, code: str) -> Held:
        """A dossier by its code; refuses with 404."""
        held = self.dossiers.find(code)
        if held is None:
            raise Refusal(
                404, "no-such-dossier", "Không có hồ sơ này.", f"There is no dossier {code!r} here."
            )
        return held

    # -- processing --------------------------------------------------------------------------------

    def _show(self, held: Held) -> None:
        if held.code not in self.purged:  # it may have been while the commit was under way
            self.dossiers.keep(held)
            self._schedule(held)

    def _schedule(self, held: Held) -> None:
        if held.status in FINAL:
            self.due.pop(held.code, None)
        else:
            self.due[held.code] = time.monotonic() + self.rng.uniform(*DESK_TIME)

    async def _desk(self) -> None:
        await asyncio.sleep(self.rng.uniform(0, ROUND))  # the desks of the country do not work in step
        while True:
            await asyncio.sleep(ROUND)
            now = time.monotonic()
            ready = [code for code, due in self.due.items() if due <= now and self.claims.get(code, 0) <= now]
            moves = [(held, self.next_status(held)) for held in map(self.find, ready)]
            await self.move(moves, "Bộ phận Một cửa")

    def next_status(self, held: Held) -> int:
        """The status that the desk gives a dossier next."""
        refused = held.status == 1 and self.rng.random() < REFUSED_SHARE
        return 3 if refused else USUAL_PATH[held.status]

    async def move(self, moves: list[tuple[Held, int]], who: str) -> None:
        """Give dossiers their next statuses: one commit, statuses and all that is told of them together."""
        if not moves:
            return
        changes: list[Put] = []
        messages: list[Message] = []
        moved = []
        for held, status in moves:
            later = msgspec.structs.replace(held, steps=[*held.steps, status])
            if self.tells_progress(later):
                messages.append(self._upward.progress(later, who))
            messages += self._news(later)
            changes.append(self.dossiers.put(later))
            moved.append(later)
            # no second desk takes it while the commit is under way
            self.due.pop(held.code, None)
        await self.store.write(*changes, *map(Outbox.put, messages))
        for later in moved:
            self._show(later)
        for each in messages:
            self._outbox.accept(each)

    # -- telling others ----------------------------------------------------------------------------

    def _news(self, held: Held) -> list[Message]:
        return [each for partner in self._partners for each in partner.messages(held)]

    async def _deliver(self, destination: str, messages: list[Message], attempt: int) -> None:
        await self._tell[destination](messages, attempt)

    # -- for the operator --------------------------------------------------------------------------

    def may_be_purged(self, code: str) -> bool:
        """Not a dossier of before the night, and none without the marker of a test."""
        return self.dossiers.purgeable(code)

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """The dossiers, also from the desk, and what partners have said of them."""
        for code in codes:
            self.due.pop(code, None)
            self.claims.pop(code, None)
        listening = (each for each in self._partners if isinstance(each, Listening))
        said = [trace for each in listening for trace in each.take_away(codes)]
        return [*self.dossiers.take_away(codes), *said, *super().take_away(codes)]

    def backlog(self) -> Backlog:
        """What others have not yet taken or been shown, and dossiers not yet at their end."""
        behind = sum(each.is_behind() for each in self._partners if isinstance(each, Showing))
        return Backlog(undelivered=self._outbox.undelivered() + behind, open=len(self.due))

    def stored(self, page: slice) -> list[Stored]:
        """Dossiers."""
        return self.dossiers.stored(self.name, page)
