"""Some registrations are entered under a second number."""

from __future__ import annotations

import msgspec

from mocks.defects.chance import struck
from mocks.operator import Stored
from mocks.registers import Entry
from mocks.systems.civil_status import CivilStatus
from mocks.units import Unit

ONE_IN = 4
SECOND = "/2"


class RegistersTwice(CivilStatus):
    """Does not know a request again."""

    async def enter(self, key: str, kind: str, body: msgspec.Struct, unit: Unit) -> tuple[Entry, bool]:
        """Once, and perhaps once more."""
        entry, new = await super().enter(key, kind, body, unit)
        if new and struck("registers-twice", key, ONE_IN):
            await super().enter(f"{key}{SECOND}", kind, body, unit)
        return entry, new

    def stored(self, page: slice) -> list[Stored]:
        """Both are of the dossier."""
        return [
            msgspec.structs.replace(each, dossier=each.dossier.removesuffix(SECOND))
            for each in super().stored(page)
        ]
