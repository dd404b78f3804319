"""Histograms are those of the HdrHistogram libraries, and merging them loses nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.blocks import Floats
from reports.errors import JournalError
from reports.histograms import DIGITS, LARGEST, bucket_of, decode, edges, encode
from reports.statistics import rank

EDGES = [0, 1e-6, 2047e-6, 2048e-6, 4095e-6, 4096e-6, 1.048575, 1.048576, 1.049, 3599.999999, 3600.0]


def _recorded(seconds: Floats) -> HdrHistogram:
    """The same by the library, value by value."""
    histogram = HdrHistogram(1, LARGEST, DIGITS)
    for value in seconds:
        histogram.record_value(min(round(value * 1e6), LARGEST))
    return histogram


@pytest.mark.parametrize(
    "seconds",
    [
        pytest.param(np.array([]), id="empty"),
        pytest.param(np.array([0.0]), id="zero"),
        pytest.param(np.array(EDGES), id="where buckets meet"),
        pytest.param(np.random.default_rng(1).lognormal(-3, 2, 2_000), id="lognormal"),
        pytest.param(np.array([7200.0]), id="more than an hour counts as one"),
    ],
)
def test_the_text_is_what_the_library_writes(seconds: Floats) -> None:
    assert encode(seconds) == _recorded(seconds).encode().decode()
    assert decode(encode(seconds)).sum() == len(seconds)


@settings(max_examples=100)
@given(st.integers(0, LARGEST))
def test_a_bucket_holds_its_values_and_its_middle_is_right_to_three_digits(microseconds: int) -> None:
    value = microseconds / 1e6
    bucket = bucket_of(decode(encode(np.array([value]))), 1)
    low, high = edges(bucket)
    assert round(low * 1e6) <= microseconds <= round(high * 1e6)
    assert abs((low + high) / 2 - value) <= value * 0.5e-3


def test_merged_histograms_are_the_histogram_of_all_samples() -> None:
    parts = [np.random.default_rng(seed).lognormal(-3, 1, 1_000) for seed in range(3)]
    merged = sum(decode(encode(part)) for part in parts)
    assert np.array_equal(merged, decode(encode(np.concatenate(parts))))


def test_a_percentile_of_the_histogram_is_that_of_the_samples_to_three_digits() -> None:
    values = np.sort(np.random.default_rng(2).lognormal(-3, 1, 10_000))
    counts = decode(encode(values))
    for level in (0.5, 0.95, 0.99, 0.999):
        place = rank(len(values), level)
        assert sum(edges(bucket_of(counts, place))) / 2 == pytest.approx(values[place - 1], rel=0.5e-3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "too short", id="empty"),
        pytest.param("no base64!", "no HdrHistogram", id="other text"),
        pytest.param("AAAA" * 10, "no HdrHistogram", id="other bytes"),
        pytest.param(encode(np.array([1.0]))[:40], "no HdrHistogram", id="cut off"),
        pytest.param(
            HdrHistogram(1, 10_000, 2).encode().decode(), "from 1 to 10000 with 2 digits", id="other range"
        ),
    ],
)
def test_a_damaged_histogram_is_one_clear_error(text: str, words: str) -> None:
    with pytest.raises(JournalError, match=words):
        decode(text)
