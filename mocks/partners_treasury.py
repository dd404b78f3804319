"""What the payment platform tells the treasury: each charge, in the commit in which it was taken."""

from __future__ import annotations

from datetime import datetime

import msgspec

from mocks.dossiers import HANOI
from mocks.messages import ChargeReceipt, PaymentOrder
from mocks.outbox import Message
from mocks.partner import post
from mocks.system import System
from mocks.systems.treasury import Settlement

TREASURY = "treasury"


class Settlements:
    """The treasury's line in the outbox of the payment platform; without the treasury it says nothing."""

    def __init__(self, system: System) -> None:
        self._system = system

    def messages(
        self, receipt: ChargeReceipt, order: PaymentOrder, stamped: int, trace: str
    ) -> list[Message]:
        """The settlement of a charge; none where the treasury is no peer."""
        if TREASURY not in self._system.config.peers:
            return []
        day = datetime.fromtimestamp(stamped, HANOI).strftime("%Y-%m-%d")
        said = Settlement(receipt.charge, receipt.dossier, order.MaPhiLePhi, receipt.amount, day)
        body = msgspec.json.encode(said)
        return [Message(f"{receipt.charge}-{TREASURY}", TREASURY, body, receipt.dossier, trace)]

    async def deliver(self, messages: list[Message], attempt: int) -> None:
        """Send settlements. Raises :class:`mocks.caller.CallFailed`."""
        for each in messages:
            await post(self._system, each, "settlement", "/api/settlements", attempt)
