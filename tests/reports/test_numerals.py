"""An estimate is written so that it can be compared with a limit; a bound never shrinks in print."""

from __future__ import annotations

import pytest

from reports.intervals import Interval
from reports.numerals import estimate, lacking, latency, limits, share_limits
from tests.reports.conftest import plain


def _between(low: float | None, high: float | None, count: int = 300, effective: float = 300.0) -> Interval:
    return Interval(1.049, low, high, count, effective, 299)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (latency(1.049), "1.049 s"),
        (latency(1.0), "1.000 s"),
        (latency(0.9996), "999 ms"),
        (latency(0.412), "412 ms"),
        (latency(0.01234), "12.3 ms"),
        (latency(0.00083), "0.830 ms"),
        (latency(12.3456), "12.35 s"),
        (latency(1234.5), "1234 s"),
        (latency(0.0), "0 s"),
        (latency(None), "–"),
        (latency(float("nan")), "–"),
        (limits(_between(0.3809, 0.4501)), "380–451 ms"),
        (limits(_between(0.98, 1.2049)), "0.980–1.21 s"),
        (limits(_between(0.0, 0.0123)), "0–12.3 ms"),
        (limits(_between(1.049, 1.049)), "1.04–1.05 s"),
        (limits(_between(None, None)), ""),
        (share_limits(_between(0.98709, 0.99421)), "98.70–99.43 %"),
        (share_limits(_between(0.99, 1.0)), "99.00–100.00 %"),
        (share_limits(_between(None, None)), ""),
        (lacking(_between(None, None, 120, 40.7)).en, "needs 299, has 120 (effective 40)"),
        (lacking(_between(None, None, 120, 120.0)).en, "needs 299, has 120"),
        (lacking(_between(None, None, 120, 40.7)).vi, "cần 299, có 120 (thực chất 40)"),
        (estimate(_between(1.04, 1.05)), "1.049 s (1.04–1.05 s)"),
        (estimate(_between(None, None, 120, 40.7)), "– (needs 299, has 120 (effective 40))"),
        (estimate(Interval(None, None, None, 0, 0.0, 299)), "–"),
    ],
)
def test_how_it_is_written(written: str, expected: str) -> None:
    assert plain(written) == expected
