"""Percentiles say nothing where there are too few samples."""

from __future__ import annotations

import pandas as pd
import pytest

from reports.finding import judge, worst
from reports.statistics import needed, per_second, percentile
from reports.text import bound, count, moment, seconds, share
from tests.reports.conftest import plain


@pytest.mark.parametrize(("quantile", "samples"), [(0.5, 5), (0.95, 59), (0.99, 299), (0.999, 2995)])
def test_how_many_samples_a_percentile_needs(quantile: float, samples: int) -> None:
    assert needed(quantile) == samples
    assert percentile(pd.Series(range(samples - 1), dtype="float64"), quantile) is None
    assert percentile(pd.Series(range(samples), dtype="float64"), quantile) is not None


def test_a_percentile_is_a_value_that_occurred_and_never_too_small() -> None:
    assert percentile(pd.Series([0.1] * 290 + [1.0] * 10), 0.99) == 1.0
    assert percentile(pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), 0.5) == 4.0


def test_instants_outside_the_span_are_not_counted() -> None:
    assert per_second(pd.Series([-1.5, -0.5, 0.0, 0.99, 2.0]), -1, 2) == [1, 2, 0]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (count(1234567), "1 234 567"),
        (seconds(0.0008), "0.8 ms"),
        (seconds(0.85), "850 ms"),
        (seconds(0.9999), "1.00 s"),
        (seconds(2.406), "2.41 s"),
        (seconds(None), "–"),
        (seconds(float("nan")), "–"),
        (moment(-40), "T0−40 s"),
        (moment(0), "T0+0 s"),
        (share(0.5), "50.00 %"),
        (share(0.999999), ">99.99 %"),
        (share(1.0), "100.00 %"),
        (share(0.000001), "<0.01 %"),
        (share(0.0), "0.00 %"),
        (share(None), "–"),
        (bound(3 / 725), "0.42 %"),
        (bound(0.01), "1.00 %"),
    ],
)
def test_numbers_are_written_so_that_rounding_never_flatters(written: str, expected: str) -> None:
    assert plain(written) == expected


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [([], "inconclusive"), (["met"], "met"), (["met", "inconclusive"], "inconclusive"),
     (["inconclusive", "missed", "met"], "missed")],
)  # fmt: skip
def test_the_worst_outcome_wins_and_none_at_all_is_inconclusive(outcomes: list[str], expected: str) -> None:
    assert worst(outcomes) == expected  # type: ignore[arg-type]  # literals


def test_a_verdict_without_findings_is_inconclusive() -> None:
    assert judge([]) == "inconclusive"
