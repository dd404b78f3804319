"""Dossiers are acknowledged that nobody keeps."""

from __future__ import annotations

from mocks.dossiers import stamp
from mocks.http import Answer
from mocks.messages import DossierReceipt
from mocks.systems.provincial_portal import ProvincialPortal


class SaysYesAfterT0(ProvincialPortal):
    """Has a front that outlives its back."""

    async def start(self) -> None:
        """Nothing was promised yet."""
        self._promised = 0
        await super().start()

    def gone(self, target: str) -> Answer:
        """A code for a dossier that exists nowhere; other things are refused as they should be."""
        if target != "/api/dossiers":
            return super().gone(target)
        self._promised += 1
        code = f"{self._old.agency_code}-{stamp(self.now())[2:8]}-{9000 + self._promised}"
        return Answer(201, DossierReceipt(code, 1))
