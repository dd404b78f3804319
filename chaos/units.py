"""Durations as people write them: ``"800ms"``, ``"2s"``, ``"1m"``, ``"1h"``, or a number of seconds."""

from __future__ import annotations

import math
import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_WRITTEN = re.compile(r"(?P<number>[+-]?[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[A-Za-zµ]*)", re.ASCII)
_LEGAL = 'write a number with a unit (us, ms, s, m or h), such as "800ms", "2s" or "1.5m", or plain seconds'


def seconds(value: object) -> float:
    """Seconds that ``value`` means.

    A sign is allowed, because a moment may lie before the cutover; who wants no negative duration says so
    with a bound of its own.

    Raises:
        ValueError: names the value and what would be legal.
    """
    if isinstance(value, str):
        return _parse(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no duration: {_LEGAL}")
    return float(value)


def _parse(text: str) -> float:
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise ValueError(f"{text!r} is no duration: {_LEGAL}")
    unit = written["unit"]
    if not unit:
        raise ValueError(f"{text!r} has no unit: {_LEGAL}")
    if unit not in _SECONDS:
        nearest = unit.lower() if unit.lower() in _SECONDS else None
        hint = f"did you mean {nearest!r}? " if nearest else ""
        raise ValueError(f"{text!r} has the unknown unit {unit!r}: {hint}{_LEGAL}")
    return float(written["number"]) * _SECONDS[unit]


def milliseconds(duration: float) -> int:
    """Whole milliseconds of ``duration`` seconds: the unit in which Toxiproxy counts."""
    return round(duration * 1000)


Duration = Annotated[
    float,
    BeforeValidator(seconds),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "description": "seconds"},
                {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?\s*(us|ms|s|m|h)$"},
            ]
        }
    ),
]
"""Seconds as a field of a pydantic model, written in either way; bound it with ``Field(ge=..., le=...)``."""
