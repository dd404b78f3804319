"""How long requests took: the percentiles of one group of samples, each with its interval."""

from __future__ import annotations

import msgspec
import pandas as pd

from reports.blocks import Blocks, Timeline
from reports.evidence import Evidence
from reports.intervals import LEVELS, Interval, quantiles


class Percentiles(msgspec.Struct, frozen=True):
    """Percentiles in seconds with their 95 % intervals."""

    p50: Interval
    p95: Interval
    p99: Interval
    p999: Interval


def exact(seconds: pd.Series) -> pd.Series:
    """Durations as the journals hold them, in whole nanoseconds.

    They are differences of moments relative to T0, and those are floats: 1.049 s comes out as
    1.0490000000000004 s here and 1.0489999999999995 s there. A limit would be missed by it, and equal
    durations would differ by the time of day, which looks like correlation.
    """
    return seconds.round(9)


def percentiles(values: pd.Series, blocks: Blocks) -> Percentiles:
    """The percentiles of the values, in seconds; ``blocks`` are those of the same samples."""
    return Percentiles(*quantiles(exact(values).to_numpy(), blocks, LEVELS))


def blocks(evidence: Evidence, samples: pd.DataFrame) -> Blocks:
    """The blocks of time in which the visitors of these judged samples meant to send them."""
    return Blocks(samples["planned"].to_numpy(), evidence.once("timeline", lambda: timeline(evidence)))


def timeline(evidence: Evidence) -> Timeline:
    """The judged time with the fault windows as they were."""
    clock = evidence.run.plan.clock
    windows = [(window.start, window.end) for window in evidence.windows]
    return Timeline.of(clock.judged_from, clock.end, windows)
