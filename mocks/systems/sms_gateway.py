"""The gateway that carries text messages to people's phones.

====================  ===============================================================================
``POST /api/messages``  one message to one phone; answered when the phone has it (the delivery report):
                      201, or 200 where it was delivered under this Idempotency-Key before
``GET /api/state``    what was accepted, delivered and asked for again, and the longest way
====================  ===============================================================================

How long a message takes is drawn for each; what comes in faster than the declared capacity waits in line, and
so arrives late. A repeated message is not delivered twice.
"""

from __future__ import annotations

import asyncio
import math
import time
from typing import Annotated

import msgspec

from mocks.http import Answer, Call, Problem, key_reused, operation
from mocks.once import Once
from mocks.system import System

ON_THE_AIR = 0.15
"""Median seconds from the gateway to a phone, in the compressed time of a rehearsal; its logarithm has a
standard deviation of :data:`SPREAD`. (Assumed: nobody publishes it.)"""
SPREAD = 0.5


class TextMessage(msgspec.Struct, frozen=True):
    """One message: to which phone, and what it says."""

    phone: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=160)]


class DeliveryReport(msgspec.Struct, frozen=True):
    """The phone has the message, ``seconds`` after it reached the gateway."""

    message: str
    phone: str
    seconds: float


class GatewayState(msgspec.Struct):
    """Messages since the start; ``slowest`` in seconds."""

    accepted: int = 0
    delivered: int = 0
    repeated: int = 0
    slowest: float = 0.0


class _Delivered(msgspec.Struct, frozen=True):
    message: TextMessage
    report: DeliveryReport


class SmsGateway(System):
    """Gateway for text messages (Cổng tin nhắn SMS)."""

    kind = "sms-gateway"
    title = "SMS gateway"

    async def start(self) -> None:
        """Nothing is kept from an earlier life: a text message is not."""
        self._state = GatewayState()
        self._delivered: Once[_Delivered] = Once()

    @operation(
        "POST",
        "/api/messages",
        body=TextMessage,
        key_required=True,
        answers={200: DeliveryReport, 201: DeliveryReport, 422: Problem},
    )
    async def send(self, call: Call[TextMessage]) -> Answer:
        """Deliver a message, and say so when the phone has it."""
        message, key = call.body, call.key

        async def deliver() -> _Delivered:
            self._state.accepted += 1
            since = time.monotonic()
            await asyncio.sleep(self.rng.lognormvariate(math.log(ON_THE_AIR), SPREAD))
            seconds = time.monotonic() - since
            self._state.delivered += 1
            self._state.slowest = max(self._state.slowest, seconds)
            return _Delivered(message, DeliveryReport(key, message.phone, round(seconds, 3)))

        delivered, new = await self._delivered.do(key, deliver)
        if delivered.message != message:
            raise key_reused()
        self._state.repeated += not new
        return Answer(201 if new else 200, delivered.report)

    @operation("GET", "/api/state", answers={200: GatewayState})
    async def state(self, _call: Call[None]) -> Answer:
        """What was sent so far."""
        return Answer(200, self._state)
