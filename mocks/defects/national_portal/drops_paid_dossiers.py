"""Some dossiers vanish from the portal's books when their fee is taken."""

from __future__ import annotations

from mocks.defects.chance import struck
from mocks.messages import ChargeReceipt, Progress
from mocks.systems.national_portal import NationalPortal

ONE_IN = 5


class DropsPaidDossiers(NationalPortal):
    """Cleans up too much after a payment."""

    async def paid(self, receipt: ChargeReceipt) -> None:
        """The payment is noted, and its dossier is gone."""
        await super().paid(receipt)
        code = receipt.dossier
        if self.dossiers.find(code) is not None and struck("drops-paid-dossiers", code, ONE_IN):
            await self.store.write(self.dossiers.forget(code))

    async def progress(self, steps: list[Progress]) -> None:
        """The province goes on with it; what it tells is taken for the past."""
        await super().progress([each for each in steps if self.dossiers.find(each.MaHoSo) is not None])
