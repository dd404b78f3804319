"""Files stay at the portal: the province gets the form alone."""

from __future__ import annotations

import msgspec

from mocks.dossiers import Held
from mocks.outbox import Message
from mocks.systems.national_portal import NationalPortal

SHARE = 1 / 10


class DropsAttachments(NationalPortal):
    """Forwards some dossiers without their files."""

    def onward(self, held: Held, trace: str) -> Message:
        """The list of files is empty, perhaps."""
        if self.rng.random() < SHARE:
            bare = msgspec.structs.replace(held.dossier, ThanhPhanHoSo=[])
            held = msgspec.structs.replace(held, dossier=bare)
        return super().onward(held, trace)
