"""Feedback and recommendations of citizens: tickets, routed to the unit they are about, answered later.

===========================  ===  =====================================================================
``POST /api/tickets``        201  {unit, text, channel} with an Idempotency-Key: {ticket, unit, channel,
                                  state, answer}; 200 the same key again; 404 an unknown unit; 410 an
                                  old code, naming where the unit went; 422 the key was used otherwise
``GET /api/tickets/{id}``    200  the same; ``state`` goes routed, answered; 404
``GET /api/state``           200  {received, answered, by_channel, by_province}
===========================  ===  =====================================================================

``channel`` is portal or vneid. ``answer`` is "" until the unit has given one.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Annotated, Literal

import msgspec

from mocks.http import Answer, Call, Problem, Refusal, key_reused, operation
from mocks.once import Once
from mocks.operator import Backlog, Stored
from mocks.store import Put
from mocks.system import System
from mocks.units import current

ROUND = 0.5
"""Seconds between two rounds in which units answer."""
ANSWERED_AFTER = (1.0, 4.0)
"""Seconds until a unit answers, uniform: days, as compressed as those of the officials' desks."""
Channel = Literal["portal", "vneid"]


class TicketRequest(msgspec.Struct, frozen=True):
    """What somebody has to say about a unit."""

    unit: str
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
    channel: Channel = "portal"


class Ticket(msgspec.Struct, frozen=True):
    """A ticket, and the answer of its unit."""

    ticket: str
    unit: str
    channel: Channel
    state: Literal["routed", "answered"]
    answer: str = ""


class FeedbackState(msgspec.Struct, frozen=True):
    """How many tickets there are, and whose."""

    received: int
    answered: int
    by_channel: dict[str, int]
    by_province: dict[str, int]


class KeptTicket(msgspec.Struct, frozen=True):
    """A ticket as it is stored; ``at`` is when it came, in monotonic nanoseconds."""

    ticket: Ticket
    text: str
    province: str
    key: str
    at: int


class Feedback(System):
    """Reception of feedback and recommendations (Hệ thống tiếp nhận phản ánh, kiến nghị)."""

    kind = "feedback"
    title = "Feedback and recommendations"

    async def start(self) -> None:
        """Take up the tickets of an earlier life of the process, and have them answered."""
        self._tickets: dict[str, KeptTicket] = {}
        self._taken: Once[str] = Once()
        self._due: dict[str, float] = {}
        for _, body in self.store.load("ticket"):
            kept = msgspec.json.decode(body, type=KeptTicket)
            self._keep(kept)
            self._taken.remember(kept.key, kept.ticket.ticket)
        self.context.spawn(self._answer(), f"{self.name} answers")

    @operation(
        "POST",
        "/api/tickets",
        body=TicketRequest,
        key_required=True,
        answers={200: Ticket, 201: Ticket, 404: Problem, 410: Problem, 422: Problem},
    )
    async def hand_in(self, call: Call[TicketRequest]) -> Answer:
        """Take a ticket, once per Idempotency-Key, and route it to its unit."""
        asked, key = call.body, call.key
        unit = current(asked.unit)

        async def take() -> str:
            at = time.monotonic_ns()
            code = f"PA-{at:020d}-{self.rng.getrandbits(32):08x}"
            ticket = Ticket(code, unit.code, asked.channel, "routed")
            await self._commit([KeptTicket(ticket, asked.text, unit.province, key, at)])
            return code

        code, new = await self._taken.do(key, take)
        kept = self._tickets[code]
        if (kept.ticket.unit, kept.text, kept.ticket.channel) != (unit.code, asked.text, asked.channel):
            raise key_reused()
        return Answer(201 if new else 200, kept.ticket)

    @operation("GET", "/api/tickets/{id}", answers={200: Ticket, 404: Problem})
    async def look_up(self, call: Call[None]) -> Answer:
        """Where a ticket stands, and its answer."""
        kept = self._tickets.get(call.path["id"])
        if kept is None:
            raise Refusal(404, "no-such-ticket", "Không có phản ánh này.", "There is no such ticket.")
        return Answer(200, kept.ticket)

    @operation("GET", "/api/state", answers={200: FeedbackState})
    async def state(self, _call: Call[None]) -> Answer:
        """How many tickets there are."""
        kept = list(self._tickets.values())
        counted = FeedbackState(
            received=len(kept),
            answered=sum(each.ticket.state == "answered" for each in kept),
            by_channel=dict(Counter(each.ticket.channel for each in kept)),
            by_province=dict(sorted(Counter(each.province for each in kept).items())),
        )
        return Answer(200, counted)

    async def _answer(self) -> None:
        while True:
            await asyncio.sleep(ROUND)
            now = time.monotonic()
            ready = [self._tickets[code] for code, due in self._due.items() if due <= now]
            if ready:
                await self._commit([_answered(each) for each in ready])

    async def _commit(self, kept: list[KeptTicket]) -> None:
        await self.store.write(
            *(Put("ticket", each.ticket.ticket, msgspec.json.encode(each)) for each in kept)
        )
        for each in kept:
            self._keep(each)

    def _keep(self, kept: KeptTicket) -> None:
        self._tickets[kept.ticket.ticket] = kept
        if kept.ticket.state == "answered":
            self._due.pop(kept.ticket.ticket, None)
        else:
            self._due[kept.ticket.ticket] = time.monotonic() + self.rng.uniform(*ANSWERED_AFTER)

    # -- for the operator --------------------------------------------------------------------------

    def backlog(self) -> Backlog:
        """Tickets without an answer."""
        return Backlog(open=len(self._due))

    def stored(self, page: slice) -> list[Stored]:
        """Tickets."""
        return [
            Stored(
                system=self.name,
                kind="ticket",
                record=each.ticket.ticket,
                intent=each.key,
                province=each.province,
                commune=each.ticket.unit,
                history=each.ticket.state,
                at=each.at,
            )
            for each in list(self._tickets.values())[page]
        ]


def _answered(kept: KeptTicket) -> KeptTicket:
    answer = f"Đơn vị {kept.ticket.unit} đã tiếp thu và giải quyết (diễn tập)."
    return msgspec.structs.replace(
        kept, ticket=msgspec.structs.replace(kept.ticket, state="answered", answer=answer)
    )
