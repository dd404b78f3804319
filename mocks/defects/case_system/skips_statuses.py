"""Some results are returned that were never finished."""

from __future__ import annotations

from mocks.defects.chance import struck
from mocks.dossiers import Held
from mocks.systems.case_system import CaseSystem

ONE_IN = 4
IN_PROCESSING, RETURNED = 4, 10


class SkipsStatuses(CaseSystem):
    """Lets the desk leave out a step."""

    def next_status(self, held: Held) -> int:
        """From "in processing" to "result returned"."""
        if held.status == IN_PROCESSING and struck("skips-statuses", held.code, ONE_IN):
            return RETURNED
        return super().next_status(held)
