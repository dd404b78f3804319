"""Every old address leads to the same front page."""

from __future__ import annotations

from mocks.http import Answer
from mocks.systems.provincial_portal import ProvincialPortal


class RedirectsWithoutDeepLink(ProvincialPortal):
    """Shows the way to the house, not to the door."""

    def moved(self, _target: str) -> Answer:
        """Path and query are lost."""
        return super().moved("/")
