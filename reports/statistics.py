"""Percentiles that know when they have too few samples, and counts per second."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

CONFIDENCE = 0.95


def needed(quantile: float) -> int:
    """How many independent samples an upper bound of this quantile needs at 95 %.

    The largest of n samples lies above the quantile q with probability 1 − q^n; it is an upper bound at 95 %
    when n ≥ ln(0.05) / ln(q) (distribution-free; Hahn and Meeker, Statistical Intervals, 1991). So p50 needs
    5, p95 59, p99 299, p99.9 2,995.
    """
    return math.ceil(math.log(1 - CONFIDENCE) / math.log(quantile))


def percentile(values: pd.Series, quantile: float) -> float | None:
    """The quantile of the values (same unit); None where there are too few to say."""
    if len(values) < needed(quantile):
        return None
    # the upper of the two neighbours: a latency that occurred, never one between two
    return float(np.quantile(values.to_numpy(), quantile, method="higher"))


def per_second(instants: pd.Series, first: int, last: int) -> list[int]:
    """How many instants (seconds relative to T0) fall into each whole second of ``[first, last)``."""
    second = np.floor(instants.to_numpy(dtype="float64")).astype("int64")
    inside = second[(second >= first) & (second < last)]
    return [int(n) for n in np.bincount(inside - first, minlength=last - first)]
