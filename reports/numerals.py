"""How estimates and intervals are written: with digits enough for a limit, bounds rounded outwards."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from reports.intervals import Interval
from reports.text import Text, count

NARROW = "\u202f"


def latency(seconds: float | None) -> str:
    """``12.3 ms``, ``412 ms``, ``1.049 s``: to the millisecond from one second on, three digits below it.

    1.049 s is not written as 1.05 s, nor 0.9996 s as 1.000 s: a reader compares with a limit of one second.
    """
    if seconds is None or math.isnan(seconds):
        return "–"
    if seconds == 0:
        return f"0{NARROW}s"
    if abs(seconds) >= 1:
        return f"{_digits(seconds, 4, ROUND_HALF_EVEN)}{NARROW}s"
    # below one second it may not become one
    how = ROUND_FLOOR if abs(seconds) >= 0.9995 else ROUND_HALF_EVEN
    return f"{_digits(seconds * 1000, 3, how)}{NARROW}ms"


def limits(interval: Interval) -> str:
    """``380–451 ms``, ``0.98–1.21 s``: the interval, rounded outwards; "" where there is none."""
    if interval.low is None or interval.high is None:
        return ""
    factor, unit = (1, "s") if interval.high >= 1 else (1000, "ms")
    low, high = interval.low * factor, interval.high * factor
    return f"{_digits(low, 3, ROUND_FLOOR)}–{_digits(high, 3, ROUND_CEILING)}{NARROW}{unit}"


def estimate(interval: Interval) -> str:
    """``412 ms (380–451 ms)``, or in English why there is no number; a dash where there is no sample."""
    if interval.value is None:
        return f"– ({lacking(interval).en})" if interval.count else "–"
    return f"{latency(interval.value)} ({limits(interval)})"


def share_limits(interval: Interval) -> str:
    """``98.70–99.43 %``: the interval of a share, rounded outwards; "" without samples."""
    if interval.low is None or interval.high is None:
        return ""
    low = math.floor(round(interval.low * 1e4, 6)) / 100
    high = math.ceil(round(interval.high * 1e4, 6)) / 100
    return f"{low:.2f}–{high:.2f}{NARROW}%"


def lacking(interval: Interval) -> Text:
    """Why there is no number: ``needs 299, has 120 (effective 40)``."""
    have, need, worth = count(interval.count), count(interval.needed), count(math.floor(interval.effective))
    if math.floor(interval.effective) >= interval.count:
        return Text(f"cần {need}, có {have}", f"needs {need}, has {have}")
    return Text(f"cần {need}, có {have} (thực chất {worth})", f"needs {need}, has {have} (effective {worth})")


def _digits(value: float, digits: int, rounding: str) -> str:
    """The value with so many significant digits, but all digits before the point."""
    exact = Decimal(repr(value))
    places = max(digits - 1 - exact.adjusted(), 0) if exact else 0
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=rounding)
    return f"{rounded:f}"
