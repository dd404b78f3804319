"""Several runs of one scenario put together, from their ``report.json`` alone.

The pooled percentile is that of the added histograms (:mod:`reports.histograms`). What it is worth is limited
by two kinds of variance, and the larger one decides:

* within runs: the samples of each are worth as many independent ones as its own report says; of runs with the
  weights w (shares of all samples) together 1 / Σ(w² / effective);
* between runs: no two nights are alike (another machine, another neighbour on it). The runs are the
  clusters, R − 1 degrees of freedom are the price, and two runs say little.

So a percentile that is sharp in every run but differs between them has a wide interval here, and rightly so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from scipy.special import stdtrit

from reports.blocks import TWO_SIDED
from reports.errors import JournalError, RunFolderError
from reports.histograms import Integers, bucket_of, decode, edges
from reports.intervals import LEVELS, Interval, quantile_ranks
from reports.run_check import decoded
from reports.statistics import needed, rank
from reports.verdict import FORMAT


class _Effective(msgspec.Struct, frozen=True):
    effective: float


class _Step(msgspec.Struct, frozen=True):
    name: str
    p50_interval: _Effective
    p95_interval: _Effective
    p99_interval: _Effective
    p999_interval: _Effective


class _Scenario(msgspec.Struct, frozen=True):
    name: str


class _Report(msgspec.Struct, frozen=True):
    format: int
    outcome: str
    scenario: _Scenario
    steps: list[_Step]
    histograms: dict[str, str]


class _Part(msgspec.Struct, frozen=True):
    """A step in one run: counts per bucket, and per level of :data:`LEVELS` what the samples are worth."""

    counts: Integers
    effective: tuple[float, ...]


class Pooled(msgspec.Struct, frozen=True):
    """A step over all runs that have it; response times in seconds."""

    step: str
    runs: int
    count: int
    p50: Interval
    p95: Interval
    p99: Interval
    p999: Interval


def pooled(run_dirs: Sequence[Path | str]) -> list[Pooled]:
    """The steps of all runs, by name.

    :class:`RunFolderError` where a report is missing, damaged, of another scenario or format, or named twice.
    """
    folders = [Path(each) for each in run_dirs]
    reports = [_report(folder) for folder in folders]
    _check(folders, reports)
    parts: dict[str, list[_Part]] = {}
    for folder, report in zip(folders, reports, strict=True):
        for step in report.steps:
            parts.setdefault(step.name, []).append(_part(folder, report, step))
    return [_pooled(step, of_step) for step, of_step in sorted(parts.items())]


def _report(folder: Path) -> _Report:
    if not folder.is_dir():
        raise RunFolderError(f"{folder}: no such folder; a run folder is runs/<scenario>/<started>")
    path = folder / "report.json"
    if not path.exists():
        raise RunFolderError(f"{folder}: report.json is missing; `python -m reports {folder}` writes it")
    return decoded(path, _Report)


def _check(folders: list[Path], reports: list[_Report]) -> None:
    seen: dict[Path, Path] = {}
    for folder, report in zip(folders, reports, strict=True):
        again = seen.setdefault(folder.resolve(), folder)
        if again is not folder:
            raise RunFolderError(f"{folder}: the same run as {again}; each counts once")
        if report.format != FORMAT:
            raise RunFolderError(
                f"{folder}: report.json: format is {report.format}; this version reads {FORMAT}"
            )
        if report.scenario.name != reports[0].scenario.name:
            raise RunFolderError(
                f"{folder}: a run of {report.scenario.name!r}, but {folders[0]} is one of "
                f"{reports[0].scenario.name!r}; only runs of one scenario can be put together"
            )


def _part(folder: Path, report: _Report, step: _Step) -> _Part:
    text = report.histograms.get(step.name)
    if text is None:
        raise RunFolderError(
            f"{folder}: report.json holds no histogram of {step.name!r}; "
            f"`python -m reports {folder}` writes it anew"
        )
    try:
        counts = decode(text)
    except JournalError as error:
        raise RunFolderError(f"{folder}: report.json: at $.histograms[{step.name!r}]: {error}") from error
    each = (step.p50_interval, step.p95_interval, step.p99_interval, step.p999_interval)
    return _Part(counts, tuple(interval.effective for interval in each))


def _pooled(step: str, parts: list[_Part]) -> Pooled:
    parts = [part for part in parts if part.counts.sum()]
    counts = np.array([part.counts for part in parts]).reshape(len(parts), -1)
    intervals = [
        _interval(counts, level, [part.effective[place] for part in parts])
        for place, level in enumerate(LEVELS)
    ]
    return Pooled(step, len(parts), int(counts.sum()), *intervals)


def _interval(counts: Integers, level: float, effective: list[float]) -> Interval:
    """The quantile of runs × buckets."""
    together = counts.sum(axis=0)
    n = int(together.sum())
    if not n:
        return Interval(None, None, None, 0, 0.0, needed(level))
    bucket = bucket_of(together, rank(n, level))
    estimate = sum(edges(bucket)) / 2
    sizes = counts.sum(axis=1)
    worth = min(_within(sizes / n, effective), _between(sizes, counts[:, bucket + 1 :].sum(axis=1)))
    if worth < needed(level):
        return Interval(estimate, None, None, n, worth, needed(level))
    low, high = (bucket_of(together, place) for place in quantile_ranks(n, worth, level))
    return Interval(estimate, edges(low)[0], edges(high)[1], n, worth, needed(level))


def _within(weights: Integers, effective: list[float]) -> float:
    """How many independent samples the runs are worth together if nothing but chance tells them apart."""
    return float(1 / np.sum(weights**2 / np.array(effective)))


def _between(sizes: Integers, beyond: Integers) -> float:
    """The same if the runs are clusters: of each its size, and how many lie beyond the quantile."""
    runs, n = len(sizes), float(sizes.sum())
    share = beyond.sum() / n
    if runs == 1 or not 0 < share < 1:
        return math.inf
    variance = runs / (runs - 1) * float(((beyond - share * sizes) ** 2).sum())
    design_effect = max(variance / (n * share * (1 - share)), 1.0)
    price = (stdtrit(n - 1, TWO_SIDED) / stdtrit(runs - 1, TWO_SIDED)) ** 2
    return float(n / design_effect * price)
