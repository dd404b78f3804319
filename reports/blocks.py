"""Correlated samples as blocks of time, and how many independent samples they are worth.

Response times that follow each other are alike: they stood in the same queue. So the samples are grouped
into contiguous blocks of time, which are taken as the clusters of a survey: the variance of a share is
that of the ratio estimator over blocks (Kish, Survey Sampling, 1965, 6.3), and what it exceeds that of
independent samples by is the design effect.

Two kinds of time are told apart::

    start                     episode                                              end
    |--1--|--2--|--3--|--4--| |||||||||||||||| |--5--|--6--|--7--|--8--|--9--|--10--|
      undisturbed: one process, cut           16 short blocks: how the
      into blocks as long as it takes         fault went belongs to the plan

Undisturbed time is one process. Its blocks are doubled until they are no longer correlated with their
neighbours, at most until 16 are left (Fishman, Grouping Observations in Digital Simulation, 1978); what
correlation is left then inflates the variance (Tafazzoli and Wilson, Skart, 2011). A planned fault is no
random event: it would come again at the same second with the same course, so the variance within its window
comes from successive differences of short blocks (Wolter, Introduction to Variance Estimation, 2007, 8.2),
which a course does not inflate. All results are deterministic.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

Floats = npt.NDArray[np.float64]

FEWEST = 16
"""Blocks of undisturbed time that are always left: a variance of fewer says little."""

DOUBLINGS = 5
"""How often the shortest blocks are doubled until :data:`FEWEST` are left: 512 of them to begin with."""

PER_EPISODE = 16
"""Blocks of an episode."""

LEAST_PER_BLOCK = 4
"""Samples that the shortest blocks hold on average at least."""

UNCORRELATED = 0.5
"""Standard errors (1/√blocks) of the lag-1 autocorrelation of blocks up to which it passes for none."""

LARGEST_CORRELATION = 0.8
"""Bound of the autocorrelation in the correction for what is left of it, (1 + r)/(1 − r)."""

TWO_SIDED = 0.975
"""The probability up to the upper limit of a two-sided interval at 95 %."""


@dataclass(frozen=True)
class Timeline:
    """The time that is judged, in seconds: ``[start, end]``, and the disjoint episodes in it, ascending."""

    start: float
    end: float
    episodes: tuple[tuple[float, float], ...] = ()

    @classmethod
    def of(cls, start: float, end: float, windows: Iterable[tuple[float, float]] = ()) -> Timeline:
        """Fault windows, which may overlap, as episodes: each stretch under the same faults is one.

        Where they leave less than half of the time undisturbed, nothing is set apart: then there is too
        little to compare with, and the whole time counts as one process.
        """
        inside = [(max(a, start), min(b, end)) for a, b in windows if max(a, start) < min(b, end)]
        edges = sorted({edge for window in inside for edge in window})
        episodes = tuple(
            (a, b) for a, b in pairwise(edges) if any(from_ <= a and b <= until for from_, until in inside)
        )
        undisturbed = (end - start) - sum(b - a for a, b in episodes)
        return cls(start, end, episodes if undisturbed >= (end - start) / 2 else ())


class Blocks:
    """Which block each sample lies in.

    ``of``: its number per sample, in the order of the samples; ``samples``: how many each block holds. The
    undisturbed blocks come first, at their shortest; then those of the episodes.
    """

    def __init__(self, at: Floats, timeline: Timeline) -> None:
        self._doublings = DOUBLINGS
        while self._doublings and len(at) < LEAST_PER_BLOCK * (FEWEST << self._doublings):
            self._doublings -= 1
        self._undisturbed = FEWEST << self._doublings
        self._episodes = len(timeline.episodes)
        before = np.zeros(len(at))  # seconds of episodes before the sample
        left = timeline.end - timeline.start
        for start, end in timeline.episodes:
            before += np.clip(at - start, 0, end - start)
            left -= end - start
        self.of = _places(at - timeline.start - before, left, self._undisturbed)
        for number, (start, end) in enumerate(timeline.episodes):
            inside = (at >= start) & (at < end)
            first = self._undisturbed + number * PER_EPISODE
            self.of[inside] = first + _places(at[inside] - start, end - start, PER_EPISODE)
        self.count = self._undisturbed + self._episodes * PER_EPISODE
        self.samples = np.bincount(self.of, minlength=self.count).astype(np.float64)

    def counts(self, hit: npt.NDArray[np.bool_]) -> Floats:
        """How many samples of each block have a property, given per sample."""
        return np.bincount(self.of[hit], minlength=self.count).astype(np.float64)

    def effective(self, hits: Floats) -> Floats:
        """How many independent samples tell as much about each share; between 0 and the number of samples.

        ``hits`` (shares × blocks) counts per block the samples that have a property, such as being slower
        than something. The result includes the price of a variance estimated from few blocks
        (Korn and Graubard, Confidence Intervals for Proportions with Small Expected Number of Positive
        Counts Estimated from Survey Data, 1998): limits for so many independent samples hold at 95 %.
        """
        n = self.samples.sum()
        share = hits.sum(axis=1) / n
        binomial = n * share * (1 - share)
        variance, degrees = self._variance(hits, share)
        design_effect = np.maximum(variance / np.where(binomial > 0, binomial, 1), 1)
        price = (stdtrit(n - 1 if n > 1 else 1, TWO_SIDED) / stdtrit(degrees, TWO_SIDED)) ** 2
        effective: Floats = np.where(binomial > 0, n / design_effect * np.minimum(price, 1), n)
        return effective

    def _variance(self, hits: Floats, share: Floats) -> tuple[Floats, Floats]:
        """The variance of each row's sum, and its degrees of freedom (Satterthwaite, 1946).

        Undisturbed time and each episode are strata. Within one, residuals are those from its own share; how
        many visitors come in it varies as in a Poisson process. So the rate may change with the plan, and
        independent samples have exactly the binomial variance.
        """
        variance, degrees = np.zeros(len(hits)), np.ones(len(hits))
        uncertain = np.zeros(len(hits))
        for number in range(self._episodes + 1):
            first = self._undisturbed + (number - 1) * PER_EPISODE
            span = slice(0, self._undisturbed) if number == 0 else slice(first, first + PER_EPISODE)
            n = self.samples[span].sum()
            own = hits[:, span].sum(axis=1) / max(n, 1)
            residuals = hits[:, span] - own[:, None] * self.samples[span]
            within, freedom = self._of_process(residuals) if number == 0 else _of_course(residuals)
            variance += within + n * (own - share) ** 2
            uncertain += within**2 / freedom
            degrees = freedom if number == 0 else degrees
        known = uncertain > 0
        return variance, np.where(known, variance**2 / np.where(known, uncertain, 1), degrees)

    def _of_process(self, residuals: Floats) -> tuple[Floats, Floats]:
        """The same for the undisturbed blocks; each row is grouped until its blocks are uncorrelated."""
        rows = len(residuals)
        variance, degrees = np.zeros(rows), np.ones(rows)
        pending = np.ones(rows, dtype=bool)
        for doubling in range(self._doublings + 1):
            blocks = residuals.shape[1]
            deviations = residuals - residuals.mean(axis=1, keepdims=True)
            squares = (deviations**2).sum(axis=1)
            products = (deviations[:, 1:] * deviations[:, :-1]).sum(axis=1)
            # the estimate is about 1/blocks too low (Kendall, 1954)
            correlation = products / np.where(squares > 0, squares, 1) + 1 / blocks
            passes = correlation <= UNCORRELATED / math.sqrt(blocks)
            settled = pending & (passes | (doubling == self._doublings))
            left = np.clip(correlation, 0, LARGEST_CORRELATION)
            inflated = blocks / (blocks - 1) * squares * (1 + left) / (1 - left)
            variance[settled], degrees[settled] = inflated[settled], blocks - 1
            pending &= ~settled
            if not pending.any():
                break
            residuals = residuals.reshape(rows, -1, 2).sum(axis=2)
        return variance, degrees


def _of_course(residuals: Floats) -> tuple[Floats, Floats]:
    """The same for an episode: by successive differences; overlapping, they are worth two thirds as much."""
    steps = np.diff(residuals, axis=1)
    variance = PER_EPISODE / (PER_EPISODE - 1) / 2 * (steps**2).sum(axis=1)
    return variance, np.full(len(residuals), (PER_EPISODE - 1) * 2 / 3)


def _places(elapsed: Floats, length: float, count: int) -> npt.NDArray[np.intp]:
    """The block of each sample when ``length`` seconds are cut into ``count`` blocks; edges belong inside."""
    return np.clip(elapsed * (count / length), 0, count - 1).astype(np.intp)
