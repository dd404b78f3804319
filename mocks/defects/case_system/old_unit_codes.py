"""Dossiers are stored under the code of a ward that the commune was made of."""

from __future__ import annotations

from functools import cache

import msgspec

import fixtures
from fixtures.reference.wards import ward_successions
from mocks.messages import CaseDossier
from mocks.systems.case_system import CaseSystem


class OldUnitCodes(CaseSystem):
    """Never had its list of units converted."""

    async def enter(self, dossier: CaseDossier, trace: str, *, born_here: bool) -> str:
        """The commune by its old name."""
        old = old_codes().get(dossier.MaXa, dossier.MaXa)
        return await super().enter(msgspec.structs.replace(dossier, MaXa=old), trace, born_here=born_here)


@cache
def old_codes() -> dict[str, str]:
    """For each commune the code of a ward that went into it and that no commune has today."""
    today = {each.code for each in fixtures.communes()}
    return {row.commune: row.old_ward for row in ward_successions() if row.old_ward not in today}
