"""The State Treasury: what the payment platform settles by day, and the totals that both must agree on.

==================================  ====================  ======================================
operation                           takes                 answers
==================================  ====================  ======================================
``POST /api/settlements``           ``Settlement``        201, then 200 ``SettlementReceipt``
``GET /api/days``                                         200 ``Days``
``GET /api/days/{day}/totals``                            200 ``Totals``; a day without any: none
==================================  ====================  ======================================

A charge is settled once; the same charge with another amount is refused with 422.
"""

from __future__ import annotations

import time
from collections import defaultdict
from typing import Annotated

import msgspec

from mocks.http import Answer, Call, Problem, key_reused, operation
from mocks.once import Once
from mocks.operator import Stored
from mocks.store import Put
from mocks.system import System


class Settlement(msgspec.Struct, frozen=True):
    """A charge that was taken: under which fee code, how many dong, on which day (YYYY-MM-DD, Hanoi)."""

    charge: Annotated[str, msgspec.Meta(min_length=1)]
    dossier: str
    fee_code: str
    amount: Annotated[int, msgspec.Meta(gt=0)]
    day: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class SettlementReceipt(msgspec.Struct, frozen=True):
    """The charge has been received."""

    charge: str
    day: str


class FeeTotal(msgspec.Struct, frozen=True):
    """What came in under one fee code: how many charges, and dong."""

    fee_code: str
    charges: int
    amount: int


class Totals(msgspec.Struct, frozen=True):
    """The totals of one day, by fee code."""

    day: str
    totals: list[FeeTotal]


class Days(msgspec.Struct, frozen=True):
    """The days of which something was settled."""

    days: list[str]


class Received(msgspec.Struct, frozen=True):
    """A settlement as it is stored; ``at``: monotonic nanoseconds, ``stamped``: Unix seconds."""

    settlement: Settlement
    at: int
    stamped: int


class Treasury(System):
    """State Treasury (Hệ thống Kho bạc Nhà nước)."""

    kind = "treasury"
    title = "State Treasury"

    async def start(self) -> None:
        """Load what was settled."""
        self._received: dict[str, Received] = {}
        self._settled: Once[str] = Once()
        loaded = [msgspec.msgpack.decode(body, type=Received) for _, body in self.store.load("settlement")]
        for each in sorted(loaded, key=lambda each: each.at):
            self._received[each.settlement.charge] = each
            self._settled.remember(each.settlement.charge, each.settlement.charge)

    @operation(
        "POST",
        "/api/settlements",
        body=Settlement,
        answers={200: SettlementReceipt, 201: SettlementReceipt, 422: Problem},
    )
    async def settle(self, call: Call[Settlement]) -> Answer:
        """Receive a charge, once."""
        asked = call.body
        call.key = asked.dossier

        async def receive() -> str:
            received = Received(asked, time.monotonic_ns(), int(self.now()))
            await self.store.write(Put("settlement", asked.charge, msgspec.msgpack.encode(received)))
            self._received[asked.charge] = received
            return asked.charge

        charge, new = await self._settled.do(asked.charge, receive)
        if self._received[charge].settlement != asked:
            raise key_reused()
        return Answer(201 if new else 200, SettlementReceipt(charge, asked.day))

    @operation("GET", "/api/days", answers={200: Days})
    async def days(self, _call: Call[None]) -> Answer:
        """The days of which something was settled."""
        return Answer(200, Days(sorted({each.settlement.day for each in self._received.values()})))

    @operation("GET", "/api/days/{day}/totals", answers={200: Totals})
    async def totals(self, call: Call[None]) -> Answer:
        """What came in on a day, by fee code, for the reconciliation with the payment platform."""
        day = call.path["day"]
        amounts: defaultdict[str, list[int]] = defaultdict(list)
        for each in self._received.values():
            if each.settlement.day == day:
                amounts[each.settlement.fee_code].append(each.settlement.amount)
        return Answer(
            200,
            Totals(day, [FeeTotal(code, len(each), sum(each)) for code, each in sorted(amounts.items())]),
        )

    def stored(self, page: slice) -> list[Stored]:
        """Settlements, in the order in which they came."""
        return [
            Stored(
                system=self.name,
                kind="settlement",
                record=each.settlement.charge,
                dossier=each.settlement.dossier,
                amount=each.settlement.amount,
                receipt=each.settlement.charge,
                at=each.at,
                stamped=each.stamped,
            )
            for each in list(self._received.values())[page]
        ]
