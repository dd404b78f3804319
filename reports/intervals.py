"""Percentiles and shares with 95 % intervals that respect correlation, or the statement that samples lack.

A quantile lies between two of its order statistics (Woodruff, Confidence Intervals for Medians and Other
Position Measures, 1952): which two, the binomial distribution says for so many *independent* samples as the
correlated ones are worth (:mod:`reports.blocks`). With independent samples this is the exact interval of
Hahn and Meeker (Statistical Intervals, 1991, 5.2).

What is said is about the process that the plan describes, mixed over the judged time: the p95 of a night with
five seconds of standstill is one number for that night, standstill included.

The interval of a share is that of Clopper and Pearson (1934) with the same number of independent samples.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.special import bdtrik, betaincinv

from reports.blocks import TWO_SIDED, Blocks, Floats
from reports.statistics import needed, rank

LEVELS = (0.5, 0.95, 0.99, 0.999)
"""The percentiles that reports give."""

BORROWED = (5.0, math.sqrt(5.0), 1.0)
"""Multiples of a tail's share at which its correlation is measured; the worst counts.

The few samples beyond a p99 may lie apart by luck. Without the look at the wider tail, a percentile would be
printed most readily in the very runs that happened to miss its bursts.
"""


class Interval(msgspec.Struct, frozen=True):
    """An estimate with its two-sided 95 % interval, in the unit of the samples.

    ``low`` and ``high`` are None where the ``count`` samples are worth fewer than the ``needed`` independent
    ones; ``effective`` is how many they are worth. Then ``estimate`` describes this run and nothing else
    (None without any sample).
    """

    estimate: float | None
    low: float | None
    high: float | None
    count: int
    effective: float
    needed: int

    @property
    def value(self) -> float | None:
        """The estimate where it can be defended, else None."""
        return None if self.low is None else self.estimate


def quantiles(values: Floats, blocks: Blocks, levels: Sequence[float]) -> list[Interval]:
    """The quantile of the values at each level, such as 0.99; ``blocks`` are those of the same samples.

    Costs one sort.
    """
    n = len(values)
    if not n:
        return [Interval(None, None, None, 0, 0.0, needed(level)) for level in levels]
    order = np.argsort(values)
    ordered = values[order]
    tails = {level: [_wider(level, multiple) for multiple in BORROWED] for level in levels}
    looked_at = sorted({wider for each in tails.values() for wider in each})
    worth = dict(zip(looked_at, _effective(ordered, blocks.of[order], blocks, looked_at), strict=True))
    return [_quantile(ordered, level, min(worth[wider] for wider in tails[level])) for level in levels]


def quantile_ranks(n: int, effective: float, level: float) -> tuple[int, int]:
    """The ranks (1 is the smallest of ``n``) of the order statistics between which the quantile lies at 95 %.

    Of ``effective`` independent samples a number that follows the binomial distribution lies below the
    quantile. Each of them stands for ``n / effective`` of ours; what remains is rounded outwards.
    """
    below, above = (_binomial_quantile(effective, share) * n / effective for share in (level, 1 - level))
    return math.floor(below) + 1, n - math.floor(above)


def share(hits: Floats, blocks: Blocks) -> Interval:
    """The share of samples that have a property, of which each block holds so many."""
    n, found = int(blocks.samples.sum()), float(hits.sum())
    if not n:
        return Interval(None, None, None, 0, 0.0, 1)
    effective = float(blocks.effective(hits[None, :])[0])
    part = found / n
    of_effective = part * effective
    low = betaincinv(of_effective, effective - of_effective + 1, 1 - TWO_SIDED) if found else 0.0
    high = betaincinv(of_effective + 1, effective - of_effective, TWO_SIDED) if found < n else 1.0
    return Interval(part, float(low), float(high), n, effective, 1)


def _quantile(ordered: Floats, level: float, effective: float) -> Interval:
    n = len(ordered)
    estimate = float(ordered[rank(n, level) - 1])
    if effective < needed(level):
        return Interval(estimate, None, None, n, effective, needed(level))
    low, high = quantile_ranks(n, effective, level)
    return Interval(estimate, float(ordered[low - 1]), float(ordered[high - 1]), n, effective, needed(level))


def _wider(level: float, multiple: float) -> float:
    """The level whose tail is so many times as large, but no larger than half of the samples."""
    return level if level <= 0.5 else max(1 - (1 - level) * multiple, 0.5)


def _effective(
    ordered: Floats, block_of: npt.NDArray[np.intp], blocks: Blocks, levels: list[float]
) -> list[float]:
    """Of how many independent samples the share beyond each level (ascending) tells as much."""
    hits = np.zeros((len(levels), blocks.count))
    beyond, until = np.zeros(blocks.count), len(ordered)
    for row in range(len(levels) - 1, -1, -1):
        first = min(_first_beyond(ordered, levels[row]), until)
        beyond += np.bincount(block_of[first:until], minlength=blocks.count)
        hits[row], until = beyond, first
    return [float(each) for each in blocks.effective(hits)]


def _first_beyond(ordered: Floats, level: float) -> int:
    """Where the samples beyond the quantile begin.

    Equal ones are never told apart: it would be by their place in the journal, which is their time, and so
    they would look correlated.
    """
    quantile = ordered[rank(len(ordered), level) - 1]
    first = int(np.searchsorted(ordered, quantile, side="right"))
    return first if first < len(ordered) else int(np.searchsorted(ordered, quantile, side="left"))


def _binomial_quantile(trials: float, probability: float) -> float:
    """k with P(X ≤ k) = 2.5 % for X ~ binomial; 0 where even P(X = 0) is more.

    Between whole numbers, and for trials that are none, it follows the incomplete beta function.
    """
    if (1 - probability) ** trials >= 1 - TWO_SIDED:
        return 0.0
    return max(float(bdtrik(1 - TWO_SIDED, trials, probability)), 0.0)
