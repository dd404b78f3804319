"""The tables and series of a report, computed from the frames."""

from __future__ import annotations

import math

import pandas as pd

from reports.evidence import Evidence
from reports.finding import Finding, worst
from reports.histograms import encode
from reports.response_times import blocks, percentiles
from reports.statistics import needed, per_second, percentile
from reports.verdict import Coverage, Row, Series

WINDOWS = (1, 2, 5, 10)
"""Widths in seconds from which the percentile curves choose the narrowest that holds enough samples."""


def rows(evidence: Evidence, column: str) -> list[Row]:
    """One row per value of a column of the samples (``journey``, ``step``, ``province``), in its order."""
    judged = evidence.judged[["planned", "outcome", "response", "service", "lag", column]]
    judged = judged.assign(good=evidence.good)
    table = []
    for name, samples in judged.groupby(column, observed=True, sort=True):
        placed = blocks(evidence, samples)
        response, service = percentiles(samples["response"], placed), percentiles(samples["service"], placed)
        table.append(
            Row(
                name=str(name),
                count=len(samples),
                availability=float((samples["outcome"] == "ok").mean()),
                good_share=float(samples["good"].mean()),
                p50=response.p50.value,
                p95=response.p95.value,
                p99=response.p99.value,
                p999=response.p999.value,
                service_p50=service.p50.value,
                service_p95=service.p95.value,
                lag_p99=percentile(samples["lag"], 0.99),
                p50_interval=response.p50,
                p95_interval=response.p95,
                p99_interval=response.p99,
                p999_interval=response.p999,
                service_p50_interval=service.p50,
                service_p95_interval=service.p95,
            )
        )
    return sorted(table, key=lambda row: row.name)


def histograms(evidence: Evidence) -> dict[str, str]:
    """Step → the HdrHistogram of its response times in the judged window."""
    by_step = evidence.judged.groupby("step", observed=True)["response"]
    return {str(step): encode(responses.to_numpy()) for step, responses in by_step}


def series(evidence: Evidence) -> Series:
    """The whole run from its first to its last planned second, and what came after the end."""
    clock, samples = evidence.run.plan.clock, evidence.frames.samples
    first = math.floor(clock.start)
    last = math.ceil(max(clock.end, float(samples["planned"].max()) if len(samples) else clock.end)) + 1
    outcome = samples["outcome"]
    window = _window(samples, last - first)
    p50, p95, p99 = _percentiles(samples, first, last, window)
    return Series(
        first=first,
        ok=per_second(samples.loc[outcome == "ok", "planned"], first, last),
        failed=per_second(samples.loc[outcome == "failed", "planned"], first, last),
        unknown=per_second(samples.loc[outcome == "unknown", "planned"], first, last),
        planned=per_second(evidence.frames.arrivals["planned"], first, last),
        offered=per_second(evidence.offered["sent"], first, last),
        window=window,
        p50=p50,
        p95=p95,
        p99=p99,
    )


def _window(samples: pd.DataFrame, seconds: int) -> int:
    rate = len(samples) / max(seconds, 1)
    return next((width for width in WINDOWS if rate * width >= needed(0.99)), WINDOWS[-1])


def _percentiles(samples: pd.DataFrame, first: int, last: int, width: int) -> list[list[float | None]]:
    starts = range(first, last, width)
    bins = ((samples["planned"] - first) // width).astype("int64")
    groups = {int(at): values for at, values in samples["response"].groupby(bins)}
    empty = pd.Series(dtype="float64")
    return [
        [percentile(groups.get(index, empty), quantile) for index in range(len(starts))]
        for quantile in (0.50, 0.95, 0.99)
    ]


def coverage(evidence: Evidence, findings: list[Finding]) -> list[Coverage]:
    """Each obligation of the plan with the findings that speak for it."""
    covered = []
    for requirement in evidence.run.plan.scenario.requirements:
        mine = [finding for finding in findings if requirement.id in finding.requirements]
        covered.append(
            Coverage(
                id=requirement.id,
                obligation=requirement.obligation,
                outcome=worst(finding.outcome for finding in mine) if mine else None,
                findings=[finding.name for finding in mine],
            )
        )
    return covered
