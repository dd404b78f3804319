"""The calendar of the machine is wrong."""

from __future__ import annotations

from mocks.systems.case_system import CaseSystem

AHEAD = 120.0
"""Seconds."""


class ClockAhead(CaseSystem):
    """Writes a time that has not come yet."""

    def now(self) -> float:
        """Two minutes from now."""
        return super().now() + AHEAD
