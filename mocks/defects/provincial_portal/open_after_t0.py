"""The portal was never told to close."""

from __future__ import annotations

from mocks.systems.provincial_portal import ProvincialPortal


class OpenAfterT0(ProvincialPortal):
    """Serves on."""

    def closed(self) -> bool:
        """Never."""
        return False
