"""Some dossiers that are finished are received once more."""

from __future__ import annotations

from mocks.defects.chance import struck
from mocks.dossiers import Held
from mocks.systems.case_officials import RECEIVED
from mocks.systems.case_system import CaseSystem

ONE_IN = 4
FINISHED = 9


class TurnsStatusesBack(CaseSystem):
    """Lets the desk go backwards, once per dossier."""

    def next_status(self, held: Held) -> int:
        """From finished to received."""
        first = held.status == FINISHED and held.steps.count(FINISHED) == 1
        if first and struck("turns-statuses-back", held.code, ONE_IN):
            return RECEIVED
        return super().next_status(held)
