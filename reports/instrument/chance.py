"""How far two figures that are equal may lie apart by chance."""

from __future__ import annotations

from scipy.special import stdtrit

CHANCE = 0.0027
"""Two-sided probability of a false alarm: that of three standard deviations. A run makes a handful of such
comparisons, and each alarm throws the run away."""


def standard_errors(batches: int) -> float:
    """How many standard errors, estimated from so many batch means, chance explains (Student's distribution).

    3.0 for very many, 4.3 for nine; infinite for fewer than two, from which no error can be estimated.
    """
    return float(stdtrit(batches - 1, 1 - CHANCE / 2)) if batches > 1 else float("inf")
