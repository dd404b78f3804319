"""Every request leaves something in memory for good."""

from __future__ import annotations

from mocks.config import SystemConfig
from mocks.context import Context
from mocks.http import Answer
from mocks.systems.national_portal import NationalPortal

LEAK = 64 * 1024
"""Bytes per request."""


class LeaksMemory(NationalPortal):
    """Never lets go."""

    def __init__(self, config: SystemConfig, context: Context) -> None:
        super().__init__(config, context)
        self._kept: list[bytes] = []

    def gate(self, method: str, target: str) -> Answer | None:
        """Keep some bytes that are written to: memory that is only reserved is not resident."""
        self._kept.append(target[:1].encode() * LEAK)
        return super().gate(method, target)
