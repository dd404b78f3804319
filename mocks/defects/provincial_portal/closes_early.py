"""The portal closes while it should be open."""

from __future__ import annotations

import time

from mocks.systems.provincial_portal import ProvincialPortal

EARLY = 10_000_000_000
"""Nanoseconds before T0."""


class ClosesEarly(ProvincialPortal):
    """Is in a hurry."""

    def closed(self) -> bool:
        """Some seconds before the others."""
        return self.t0 is not None and time.monotonic_ns() >= self.t0 - EARLY
