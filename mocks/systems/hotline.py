"""The hotlines of provincial centres and commune committees: numbers, agents, and callers who give up.

=====================================  ===  ============================================================
``GET /api/provinces/{code}/numbers``  200  [{unit, number}], the province's first, one for each commune
``POST /api/calls`` {unit, patience}   200  {call, unit, outcome, waited, talk} as soon as somebody
                                            answers or the caller gives up; 404 the unit has no number;
                                            410 an old code, naming where the unit went
``GET /api/state``                     200  {waiting, answered, abandoned, mean_wait}: the whole country
``GET /api/provinces/{code}/state``    200  the same of one province
=====================================  ===  ============================================================

``outcome`` is answered or abandoned, times are in seconds; a caller who states no ``patience`` has one drawn.
The agents of a province answer for its communes, too. Numbers begin with a prefix that no operator has.

Gap ``hotline-missing`` (commune or province): the unit has no number.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

import fixtures
from fixtures.identifiers import phone
from mocks.agents import Agents
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.store import Put
from mocks.system import System
from mocks.systems.procedures import known_province
from mocks.units import Unit, current

AGENTS = 4
"""Agents of a province on duty (assumption, as the two below)."""
TALK = 3.0
"""Mean seconds of a talk, exponential: three minutes at one sixtieth of their length."""
PATIENCE = 2.5
"""Mean seconds for which a caller waits, exponential, on the same scale."""
_PROVINCES_FROM = 900_000
"""First number of the provinces; those of the communes are their codes."""

Seconds = Annotated[float, msgspec.Meta(ge=0, le=60)]


class HotlineNumber(msgspec.Struct, frozen=True):
    """The number of one unit."""

    unit: str
    number: str


class CallRequest(msgspec.Struct, frozen=True):
    """Somebody calls a unit, and hangs up after ``patience`` seconds."""

    unit: str
    patience: Seconds | None = None


class CallOutcome(msgspec.Struct, frozen=True):
    """How a call went; ``talk`` is how long the agent is busy with it, 0 where nobody answered."""

    call: str
    unit: str
    outcome: Literal["answered", "abandoned"]
    waited: float
    talk: float


class LineState(msgspec.Struct, frozen=True):
    """Calls that wait now, and what became of the others; ``mean_wait`` in seconds, of all that ended."""

    waiting: int
    answered: int
    abandoned: int
    mean_wait: float


@dataclass(slots=True)
class _Line:
    agents: Agents
    waiting: int = 0
    answered: int = 0
    abandoned: int = 0
    waited: float = 0.0

    def count(self, ended: CallOutcome) -> None:
        self.waited += ended.waited
        if ended.outcome == "answered":
            self.answered += 1
        else:
            self.abandoned += 1


class Hotline(System):
    """Hotlines of centres and commune committees, day and night (Đường dây nóng)."""

    kind = "hotline"
    title = "Hotlines"

    async def start(self) -> None:
        """Man the lines; calls of an earlier life of the process stay counted."""
        self._lines: defaultdict[str, _Line] = defaultdict(lambda: _Line(Agents(AGENTS)))
        for _, body in self.store.load("call"):
            ended = msgspec.json.decode(body, type=CallOutcome)
            self._lines[current(ended.unit).province].count(ended)

    @operation("GET", "/api/provinces/{code}/numbers", answers={200: list[HotlineNumber], 404: Problem})
    async def numbers(self, call: Call[None]) -> Answer:
        """The numbers of a province and of its communes."""
        code = known_province(call.path["code"])
        own = HotlineNumber(code, phone(_PROVINCES_FROM + int(code)))
        communes = (HotlineNumber(each.code, phone(int(each.code))) for each in fixtures.communes_of(code))
        return Answer(200, [each for each in (own, *communes) if self._has_number(each.unit)])

    @operation("POST", "/api/calls", body=CallRequest, answers={200: CallOutcome, 404: Problem, 410: Problem})
    async def call_up(self, call: Call[CallRequest]) -> Answer:
        """Call a unit, and wait until somebody answers or patience ends."""
        unit = current(call.body.unit)
        if not self._has_number(unit.code):
            raise _no_number(unit)
        patience = call.body.patience
        if patience is None:
            patience = self.rng.expovariate(1 / PATIENCE)
        talk = self.rng.expovariate(1 / TALK)
        line = self._lines[unit.province]
        attempt = line.agents.call(time.monotonic(), patience, talk)
        line.waiting += 1
        try:
            await asyncio.sleep(attempt.waits)
        finally:
            line.waiting -= 1
        ended = CallOutcome(
            f"CALL-{time.monotonic_ns():020d}-{self.rng.getrandbits(32):08x}",
            unit.code,
            "answered" if attempt.answered else "abandoned",
            attempt.waits,
            talk if attempt.answered else 0.0,
        )
        line.count(ended)
        # whoever gave up is to be called back
        await self.store.write(Put("call", ended.call, msgspec.json.encode(ended)))
        return Answer(200, ended)

    @operation("GET", "/api/state", answers={200: LineState})
    async def state(self, _call: Call[None]) -> Answer:
        """Calls of the whole country."""
        return Answer(200, _state(list(self._lines.values())))

    @operation("GET", "/api/provinces/{code}/state", answers={200: LineState, 404: Problem})
    async def state_of_province(self, call: Call[None]) -> Answer:
        """Calls of one province."""
        return Answer(200, _state([self._lines[known_province(call.path["code"])]]))

    def _has_number(self, unit: str) -> bool:
        return not self.context.gaps.has("hotline-missing", unit)


def _state(lines: list[_Line]) -> LineState:
    answered, abandoned = sum(each.answered for each in lines), sum(each.abandoned for each in lines)
    ended = answered + abandoned
    return LineState(
        waiting=sum(each.waiting for each in lines),
        answered=answered,
        abandoned=abandoned,
        mean_wait=sum(each.waited for each in lines) / ended if ended else 0.0,
    )


def _no_number(unit: Unit) -> Refusal:
    return Refusal(
        404,
        "no-number",
        f"{unit.name} chưa có đường dây nóng.",
        f"Unit {unit.code} has no hotline.",
    )
