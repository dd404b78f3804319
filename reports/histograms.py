"""Response times as HdrHistograms: what is left of the samples when runs are put together later.

Three significant digits, 1 µs to 1 hour, values in microseconds, in the compressed base64 form V2 that the
Java, C, Go and JavaScript libraries and their log viewers read. Histograms of workers, runs or hosts are
merged by adding their counts; nothing is lost by it.

A bucket is at most 1/1024 of its value wide. Its middle speaks for it: a quantile is off by 0.05 % at most.
"""

from __future__ import annotations

import binascii
import struct
import zlib

import numpy as np
import numpy.typing as npt
from hdrh.codec import HdrCookieException, HdrLengthException
from hdrh.histogram import HdrHistogram

from reports.errors import JournalError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LARGEST = 3_600_000_000
"""Microseconds; what took longer is counted as one hour."""

DIGITS = 3
_UNIT = 1e6
_DAMAGE = (HdrCookieException, HdrLengthException, binascii.Error, zlib.error, struct.error, ValueError)
_HALF = 10
"""The logarithm of half the sub-buckets: 2 · 1024 of them tell 2 · 10³ values apart."""


def encode(seconds: Floats) -> str:
    """The histogram of the values, as text."""
    made = HdrHistogram(1, LARGEST, DIGITS)
    microseconds = np.clip(np.rint(seconds * _UNIT), 0, LARGEST).astype(np.int64)
    if len(microseconds):
        _counters(made)[:] = np.bincount(_indices(microseconds), minlength=made.counts_len)
        positive = microseconds[microseconds > 0]
        made.total_count = len(microseconds)
        made.max_value = int(microseconds.max())
        made.min_value = int(positive.min()) if len(positive) else made.min_value
    text: bytes = made.encode()
    return text.decode("ascii")


def decode(text: str) -> Integers:
    """How many values each bucket holds; :class:`JournalError` where the text is no such histogram."""
    try:
        made = HdrHistogram.decode(text)
    except _DAMAGE as error:
        raise JournalError(f"no HdrHistogram in base64: {type(error).__name__}: {error}") from error
    have = (made.lowest_trackable_value, made.highest_trackable_value, made.significant_figures)
    if have != (1, LARGEST, DIGITS):
        raise JournalError(
            f"an HdrHistogram from {have[0]} to {have[1]} with {have[2]} digits; legal is one from 1 to "
            f"{LARGEST} with {DIGITS}"
        )
    return _counters(made).astype(np.int64)


def edges(index: int) -> tuple[float, float]:
    """The seconds between which the values of a bucket lie; what was below half a microsecond is 0."""
    bucket = max((index >> _HALF) - 1, 0)
    place = index - (bucket << _HALF)
    return place * 2**bucket / _UNIT, (place * 2**bucket + 2**bucket - 1) / _UNIT


def bucket_of(counts: Integers, rank: int) -> int:
    """The bucket that holds the value of this rank (1 is the smallest)."""
    return int(np.searchsorted(np.cumsum(counts), rank))


def _indices(microseconds: Integers) -> Integers:
    """The bucket of each value: as ``HdrHistogram`` computes it, for all of them at once.

    Values below 2048 have buckets of their own; from there on each power of two is cut into 1024.
    """
    _, bits = np.frexp(microseconds.astype(np.float64))  # the smallest power of two above the value; exact
    bucket = np.maximum(bits.astype(np.int64) - (_HALF + 1), 0)
    return (bucket << _HALF) + (microseconds >> bucket)


def _counters(histogram: HdrHistogram) -> npt.NDArray[np.uint64]:
    """The histogram's own counters, as an array on the same memory."""
    return np.ctypeslib.as_array(histogram.counts)
