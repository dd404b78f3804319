"""Which submissions were taken is known in memory only."""

from __future__ import annotations

from mocks.dossiers import Held
from mocks.systems.national_portal import NationalPortal


class ForgetsKeysAtRestart(NationalPortal):
    """Begins with no keys."""

    def remember_key(self, held: Held) -> None:
        """Not across a restart."""
