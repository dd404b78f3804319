"""One line of waiting dossiers for all provinces, and one pool that works on it.

The pool takes the next dossiers together and goes on when all of them have arrived: one province that stalls
holds up everybody.
"""

from __future__ import annotations

import asyncio

import msgspec

from mocks.caller import CallFailed
from mocks.dossiers import Held
from mocks.messages import CaseDossier
from mocks.outbox import Deliver, Message, Outbox
from mocks.systems.national_portal import NationalPortal

LINE = "provinces"
POOL = 64
"""Dossiers that are on their way at the same time."""


class SharedPool(NationalPortal):
    """Has one worker that delivers to everybody."""

    async def start(self) -> None:
        """Nothing has arrived yet of what is on its way."""
        self._arrived: set[str] = set()
        await super().start()

    def outbox(self, deliver: Deliver, *, batch: int = POOL) -> Outbox:
        """One that takes several at once."""
        return super().outbox(deliver, batch=batch)

    def onward(self, held: Held, trace: str) -> Message:
        """At the end of the one line."""
        return msgspec.structs.replace(super().onward(held, trace), destination=LINE)

    async def forward(self, _line: str, messages: list[Message], attempt: int) -> None:
        """Each to its own province; those that have arrived wait for the others."""
        left = [message for message in messages if message.id not in self._arrived]
        ends = await asyncio.gather(*(self._one(message, attempt) for message in left))
        failures = [end for end in ends if end is not None]
        if failures:
            raise failures[0]
        self._arrived.clear()

    async def _one(self, message: Message, attempt: int) -> CallFailed | None:
        dossier = msgspec.json.decode(message.body, type=CaseDossier)
        try:
            await super().forward(f"lgsp-{dossier.MaTinh}", [message], attempt)
        except CallFailed as failure:
            return failure
        self._arrived.add(message.id)
        return None
