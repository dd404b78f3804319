"""Whoever submits after T0 gets a status and nothing else."""

from __future__ import annotations

from mocks.http import Answer
from mocks.systems.provincial_portal import ProvincialPortal


class ClosesWithoutWords(ProvincialPortal):
    """Slams the door."""

    def gone(self, _target: str) -> Answer:
        """No reason, and no way on."""
        return Answer(410)
