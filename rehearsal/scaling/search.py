"""Finds the largest scale that still holds: upwards in steps until one fails, then between the two. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

GROWTH = 1.5
CLOSE_ENOUGH = 1.1
"""The search ends when the smallest scale that failed is at most this many times the largest that held."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is known: the largest scale that held, and the smallest above it that did not (None: none yet)."""

    held: float = 0.0
    failed: float | None = None

    def noted(self, scale: float, held: bool) -> Bounds:
        """The bounds after one more try. A failure below a scale that held is taken for chance."""
        if held:
            return Bounds(max(self.held, scale), self.failed)
        return Bounds(self.held, scale if self.failed is None else min(self.failed, scale))


def following(bounds: Bounds, start: float, limit: float) -> float | None:
    """The scale to try next; None where the search is over.

    ``start`` is the first to try; where it fails, halves of it follow, down to an eighth. Nothing above
    ``limit`` is tried. Scales are rounded to three digits.
    """
    if bounds.failed is None:
        if bounds.held >= limit:
            return None
        return round(min(max(start, bounds.held * GROWTH), limit), 3)
    if not bounds.held:
        lower = bounds.failed / 2
        return round(lower, 3) if lower >= start / 8 else None
    if bounds.failed <= bounds.held * CLOSE_ENOUGH:
        return None
    return round(math.sqrt(bounds.held * bounds.failed), 3)
