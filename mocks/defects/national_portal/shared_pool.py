"""One line of waiting dossiers for all provinces: the first that cannot be delivered holds up all others."""

from __future__ import annotations

import msgspec

from mocks.dossiers import Held
from mocks.messages import CaseDossier
from mocks.outbox import Message
from mocks.systems.national_portal import NationalPortal

LINE = "provinces"


class SharedPool(NationalPortal):
    """Has one worker that delivers to everybody."""

    def onward(self, held: Held, trace: str) -> Message:
        """At the end of the one line."""
        return msgspec.structs.replace(super().onward(held, trace), destination=LINE)

    async def forward(self, _line: str, messages: list[Message], attempt: int) -> None:
        """Each to its own province."""
        for message in messages:
            dossier = msgspec.json.decode(message.body, type=CaseDossier)
            await super().forward(f"lgsp-{dossier.MaTinh}", [message], attempt)
