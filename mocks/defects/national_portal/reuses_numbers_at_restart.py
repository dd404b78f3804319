"""Numbers of dossiers begin anew with every start; the books know one dossier per code, the latest."""

from __future__ import annotations

from mocks.dossiers import Held
from mocks.messages import Progress
from mocks.systems.national_portal import NationalPortal


class ReusesNumbersAtRestart(NationalPortal):
    """Counts from one, and takes a code for a dossier."""

    def remember_number(self, held: Held) -> None:
        """Not across a restart."""

    async def progress(self, steps: list[Progress]) -> None:
        """Statuses of the dossier that had the code before are taken where they fit the one that has it."""
        known: dict[str, int] = {}
        fitting = []
        for step in sorted(steps, key=lambda each: each.ThuTu):
            so_far = known.get(step.MaHoSo) or len(self.find(step.MaHoSo).steps)
            if step.ThuTu <= so_far + 1:
                fitting.append(step)
                known[step.MaHoSo] = max(so_far, step.ThuTu)
        await super().progress(fitting)
