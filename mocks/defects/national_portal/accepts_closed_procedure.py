"""The portal's own list still has the procedures that ended with the district level."""

from __future__ import annotations

import fixtures
from mocks.messages import ProcedureRow
from mocks.systems.national_portal import NationalPortal
from mocks.systems.procedures import procedure_row


class AcceptsClosedProcedure(NationalPortal):
    """Treats abolished procedures as if they were in force."""

    async def start(self) -> None:
        """Lay out the old list."""
        self._abolished = {
            each.code: procedure_row(each) for each in fixtures.procedures() if each.level == "abolished"
        }
        await super().start()

    async def in_force(self, code: str, trace: str) -> ProcedureRow:
        """The old list goes first."""
        return self._abolished.get(code) or await super().in_force(code, trace)
