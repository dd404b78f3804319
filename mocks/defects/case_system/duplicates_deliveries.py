"""A delivery that is repeated becomes a second dossier, under a code that the case system makes up."""

from __future__ import annotations

import msgspec

from mocks.http import Call
from mocks.messages import CaseDossier, DossierRow, Envelope
from mocks.systems.case_system import CaseSystem


class DuplicatesDeliveries(CaseSystem):
    """Knows dossiers by what it called them itself."""

    async def start(self) -> None:
        """Nothing was repeated yet."""
        self._repeated = 0
        await super().start()

    async def receive(self, dossier: CaseDossier, call: Call[Envelope]) -> DossierRow:
        """What is here already is entered once more, and told upward as one that was born here."""
        if self._received.known(dossier.KhoaGuiNhan or dossier.MaHoSo) is None:
            return await super().receive(dossier, call)
        self._repeated += 1
        another = msgspec.structs.replace(dossier, MaHoSo=f"TN-{dossier.MaHoSo}-{self._repeated}")
        code = await self.enter(another, call.trace, born_here=True)
        return DossierRow(code, self.find(code).status)
