"""Sentences in two languages, and how numbers are written in them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import msgspec


class Text(msgspec.Struct, frozen=True):
    """The same sentence in Vietnamese and in English."""

    vi: str = ""
    en: str = ""

    def __add__(self, other: Text) -> Text:
        return Text(f"{self.vi} {other.vi}".strip(), f"{self.en} {other.en}".strip())


def count(number: float) -> str:
    """A count with a thin space between thousands, which both languages read alike: ``12 345``."""
    return f"{number:,.0f}".replace(",", "\u202f")


def seconds(value: float | None) -> str:
    """A duration in the unit that suits it: ``850 ms``, ``2.41 s``; a dash where there is none."""
    if value is None or math.isnan(value):
        return "–"
    if value == 0:
        return "0 s"
    if abs(value) < 0.9995:
        return f"{value * 1000:.{0 if abs(value) >= 0.01 else 1}f} ms"
    return f"{value:.2f} s" if abs(value) < 100 else f"{value:.0f} s"


def moment(value: float) -> str:
    """A second relative to T0: ``T0+12 s``, ``T0−40 s``."""
    tenths = round(abs(float(value)), 1)
    return f"T0{'−' if value < 0 else '+'}{tenths:.{0 if tenths.is_integer() else 1}f} s"


def instant(value: float) -> str:
    """A moment to the millisecond, relative to T0: ``T0+71.204 s``."""
    return f"T0{'−' if value < 0 else '+'}{abs(float(value)):.3f} s"


def share(value: float | None, digits: int = 2) -> str:
    """A fraction as per cent: ``99.12 %``. Never rounded up to 100 % nor down to 0 %: then it says so."""
    if value is None or math.isnan(value):
        return "–"
    text = f"{value:.{digits}%}"
    edge = 10.0**-digits
    if value < 1 and text == f"{1:.{digits}%}":
        text = f">{100 - edge:.{digits}f}%"
    if value > 0 and text == f"{0:.{digits}%}":
        text = f"<{edge:.{digits}f}%"
    return text.replace("%", "\u202f%")


def bound(value: float) -> str:
    """An upper bound as per cent, rounded up: a bound may not shrink in print."""
    return share(math.ceil(round(value * 1e4, 6)) / 1e4)


def listed(names: Iterable[str], limit: int = 5) -> str:
    """Names with commas; beyond ``limit`` only their number: ``a, b, … (+7)``."""
    every: Sequence[str] = list(names)
    shown = ", ".join(every[:limit])
    return shown if len(every) <= limit else f"{shown}, … (+{len(every) - limit})"
