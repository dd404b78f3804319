"""The statuses of some dossiers are answered with 200 and not kept."""

from __future__ import annotations

from mocks.defects.chance import struck
from mocks.messages import Progress
from mocks.systems.national_portal import NationalPortal

ONE_IN = 10


class SwallowsProgress(NationalPortal):
    """Says yes before it has done anything."""

    async def progress(self, steps: list[Progress]) -> None:
        """Keep those of other dossiers."""
        kept = [each for each in steps if not struck("swallows-progress", each.MaHoSo, ONE_IN)]
        await super().progress(kept)
