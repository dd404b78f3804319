"""Percentiles that know when they have too few samples, and counts per second.

Percentiles with intervals, for correlated samples, are in :mod:`reports.intervals`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE = 0.95

_ROUNDING = 1e-9
"""What a product of a share and a count may lie above a whole number by the rounding of floats."""


def needed(quantile: float) -> int:
    """How many independent samples an upper bound of this quantile needs at 95 %.

    The largest of n samples lies above the quantile q with probability 1 − q^n; it is an upper bound at 95 %
    when n ≥ ln(0.05) / ln(q) (distribution-free; Hahn and Meeker, Statistical Intervals, 1991). So p50 needs
    5, p95 59, p99 299, p99.9 2,995.
    """
    return math.ceil(math.log(1 - CONFIDENCE) / math.log(quantile))


def rank(n: int, quantile: float) -> int:
    """Which of n ordered samples (1 is the smallest) is their quantile.

    The upper of the two neighbours: a latency that occurred, never one between two.
    """
    return math.ceil(quantile * (n - 1) - _ROUNDING) + 1


def percentile(values: pd.Series, quantile: float) -> float | None:
    """The quantile of the values (same unit); None where even independent samples would be too few to say."""
    n = len(values)
    if n < needed(quantile):
        return None
    place = rank(n, quantile) - 1
    return float(np.partition(values.to_numpy(), place)[place])


def per_second(instants: pd.Series, first: int, last: int) -> list[int]:
    """How many instants (seconds relative to T0) fall into each whole second of ``[first, last)``."""
    second = np.floor(instants.to_numpy(dtype="float64")).astype("int64")
    inside = second[(second >= first) & (second < last)]
    return [int(n) for n in np.bincount(inside - first, minlength=last - first)]
