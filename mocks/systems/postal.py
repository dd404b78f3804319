"""The postal service that picks up papers at citizens' doors and returns results to them.

=========================  ===  ====================================================================
``POST /api/orders``       201  {dossier, province, kind}: {order, state}; 200 the same key again;
                                404 an unknown province; 422 the key was used for another content
``GET /api/orders/{code}`` 200  {order, dossier, province, kind, state}; 404
``GET /api/state``         200  {ordered, under_way, delivered, told, refused}
=========================  ===  ====================================================================

``kind`` is pick-up or return; ``state`` goes ordered, collected, delivered. Each state is told to the case
system of the province, ``POST /api/postal-status`` {order, dossier, kind, state}, and waits in line while
that does not answer; what it refuses for good is counted and left.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Set
from typing import Literal

import msgspec

from mocks.http import Answer, Call, Problem, Refusal, key_reused, operation
from mocks.once import Once
from mocks.operator import Backlog, Stored
from mocks.outbox import Message, Outbox
from mocks.partner import LIMIT
from mocks.purging import TestRecords, Trace
from mocks.store import Drop, Put
from mocks.systems.procedures import known_province

PICK_UP = "pick-up"
ROUND = 0.5
"""Seconds between two rounds of the carriers."""
ON_THE_WAY = (0.5, 2.0)
"""Seconds for which an order keeps a state, uniform: days, as compressed as those of the officials' desks."""
STATUS_PATH = "/api/postal-status"
OrderState = Literal["ordered", "collected", "delivered"]
_NEXT: dict[OrderState, OrderState] = {"ordered": "collected", "collected": "delivered"}


class PostalRequest(msgspec.Struct, frozen=True):
    """Papers of a dossier are to be carried: to the office (pick-up), or to the citizen (return)."""

    dossier: str
    province: str
    kind: Literal["pick-up", "return"] = "return"


class PostalReceipt(msgspec.Struct, frozen=True):
    """An order that has been taken."""

    order: str
    state: OrderState


class PostalOrder(msgspec.Struct, frozen=True):
    """An order and where it stands; ``at`` is when it was taken, in monotonic nanoseconds."""

    order: str
    dossier: str
    province: str
    kind: Literal["pick-up", "return"]
    state: OrderState
    key: str
    at: int


class PostalStatus(msgspec.Struct, frozen=True):
    """What a case system is told."""

    order: str
    dossier: str
    kind: Literal["pick-up", "return"]
    state: OrderState


class PostalState(msgspec.Struct, frozen=True):
    """Orders by how far they are; statuses that were told, and that were refused for good."""

    ordered: int
    under_way: int
    delivered: int
    told: int
    refused: int


class Postal(TestRecords):
    """Public postal service (Dịch vụ bưu chính công ích)."""

    kind = "postal"
    title = "Postal service"

    async def start(self) -> None:
        """Take up orders and untold statuses of an earlier life of the process, and carry on."""
        self.start_test_records()
        self._orders: dict[str, PostalOrder] = {}
        self._taken: Once[str] = Once()
        self._due: dict[str, float] = {}
        self._told = 0
        for _, body in self.store.load("order"):
            order = msgspec.json.decode(body, type=PostalOrder)
            self._keep(order)
            self._taken.remember(order.key, order.order)
        self._outbox = self.outbox(self._tell)
        self.context.spawn(self._carry(), f"{self.name} carriers")

    @operation(
        "POST",
        "/api/orders",
        body=PostalRequest,
        key_required=True,
        answers={200: PostalReceipt, 201: PostalReceipt, 404: Problem, 422: Problem},
    )
    async def order(self, call: Call[PostalRequest]) -> Answer:
        """Take an order, once per Idempotency-Key."""
        asked, key = call.body, call.key
        province = known_province(asked.province)
        self.refuse_purged(asked.dossier)

        async def take() -> str:
            at = time.monotonic_ns()
            code = f"BC-{at:020d}-{self.rng.getrandbits(32):08x}"
            await self._commit([PostalOrder(code, asked.dossier, province, asked.kind, "ordered", key, at)])
            self.refuse_purged(asked.dossier)
            return code

        code, new = await self._taken.do(key, take)
        order = self._orders[code]
        if (order.dossier, order.province, order.kind) != (asked.dossier, province, asked.kind):
            raise key_reused()
        call.key = order.dossier
        return Answer(201 if new else 200, PostalReceipt(code, order.state))

    @operation("GET", "/api/orders/{code}", answers={200: PostalOrder, 404: Problem})
    async def look_up(self, call: Call[None]) -> Answer:
        """Where an order stands."""
        order = self._orders.get(call.path["code"])
        if order is None:
            raise Refusal(404, "no-such-order", "Không có đơn bưu chính này.", "There is no such order.")
        return Answer(200, order)

    @operation("GET", "/api/state", answers={200: PostalState})
    async def state(self, _call: Call[None]) -> Answer:
        """How far the orders are."""
        states = [each.state for each in self._orders.values()]
        counted = PostalState(
            ordered=states.count("ordered"),
            under_way=states.count("collected"),
            delivered=states.count("delivered"),
            told=self._told,
            refused=len(self._outbox.dead_letters),
        )
        return Answer(200, counted)

    async def _carry(self) -> None:
        while True:
            await asyncio.sleep(ROUND)
            now = time.monotonic()
            ready = [self._orders[code] for code, due in self._due.items() if due <= now]
            if ready:
                await self._commit([msgspec.structs.replace(each, state=_NEXT[each.state]) for each in ready])

    async def _commit(self, orders: list[PostalOrder]) -> None:
        """Orders in their new states, and what their provinces are told of it: one commit."""
        messages = [self._message(each) for each in orders if f"case-{each.province}" in self.config.peers]
        puts = (Put("order", each.order, msgspec.json.encode(each)) for each in orders)
        await self.store.write(*puts, *map(Outbox.put, messages))
        for order in orders:
            self._keep(order)
        for message in messages:
            self._outbox.accept(message)
        if meanwhile := self.purged.intersection(order.dossier for order in orders):
            await self.store.write(*(drop for _, drop in self.take_away(meanwhile)))

    def _keep(self, order: PostalOrder) -> None:
        self._orders[order.order] = order
        if order.state == "delivered":
            self._due.pop(order.order, None)
        else:
            self._due[order.order] = time.monotonic() + self.rng.uniform(*ON_THE_WAY)

    @staticmethod
    def _message(order: PostalOrder) -> Message:
        body = PostalStatus(order.order, order.dossier, order.kind, order.state)
        made = f"{time.monotonic_ns():020d}-{order.order}"
        return Message(made, f"case-{order.province}", msgspec.json.encode(body), order.dossier)

    async def _tell(self, case_system: str, messages: list[Message], attempt: int) -> None:
        for message in messages:
            await self.caller.call(
                self.config,
                case_system,
                "postal-status",
                "POST",
                STATUS_PATH,
                limit=LIMIT,
                body=message.body,
                key=message.key,
                attempt=attempt,
            )
            self._told += 1

    # -- for the operator --------------------------------------------------------------------------

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """Their orders."""
        gone = [each for each in self._orders.values() if each.dossier in codes]
        for order in gone:
            del self._orders[order.order]
            self._due.pop(order.order, None)
        return [(order.dossier, Drop("order", order.order)) for order in gone]

    def backlog(self) -> Backlog:
        """Statuses not yet told, and orders on their way."""
        return Backlog(undelivered=self._outbox.undelivered(), open=len(self._due))

    def stored(self, page: slice) -> list[Stored]:
        """Orders."""
        return [
            Stored(
                system=self.name,
                kind="postal-order" if each.kind == "return" else PICK_UP,
                record=each.order,
                intent=each.key,
                dossier=each.dossier,
                province=each.province,
                history=each.state,
                at=each.at,
            )
            for each in list(self._orders.values())[page]
        ]
