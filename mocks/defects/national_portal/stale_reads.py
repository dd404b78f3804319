"""Some look-ups are answered by a copy of the books that follows them by three seconds."""

from __future__ import annotations

import time

from mocks.dossiers import Held
from mocks.systems.national_portal import NationalPortal, no_such_dossier

SHARE = 1 / 4
BEHIND = 3_000_000_000
"""Nanoseconds by which the copy is old."""


class StaleReads(NationalPortal):
    """Reads where it does not write."""

    def look_up(self, code: str) -> Held:
        """What is younger than the copy does not exist, perhaps."""
        held = super().look_up(code)
        if self.rng.random() < SHARE and time.monotonic_ns() < held.at + BEHIND:
            raise no_such_dossier(code)
        return held
