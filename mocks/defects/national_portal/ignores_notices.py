"""The money is taken, the payer is told so, and the portal goes on as if nothing had been paid."""

from __future__ import annotations

from mocks.defects.chance import struck
from mocks.messages import ChargeReceipt
from mocks.store import Drop
from mocks.systems.national_portal import NationalPortal

ONE_IN = 5


class IgnoresNotices(NationalPortal):
    """Throws away what the payment platform says of some dossiers."""

    async def paid(self, receipt: ChargeReceipt) -> None:
        """The same dossiers every time, whether it is an answer or a notice."""
        if not struck("ignores-notices", receipt.dossier, ONE_IN):
            await super().paid(receipt)
        elif self._unsettled.pop(receipt.dossier, None) is not None:
            await self.store.write(Drop("unsettled", receipt.dossier))
