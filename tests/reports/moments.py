"""The clock of the nights of :mod:`tests.reports.factory`."""

from __future__ import annotations

T0 = 5_000_000_000_000


def ns(seconds: float) -> int:
    """Seconds relative to T0 as an instant of the monotonic clock."""
    return T0 + round(seconds * 1e9)
