"""What a country that is not ready lacks: the gaps that a readiness sweep has to find.

A gap is data, not code: a province's list without one procedure, a commune without a hotline. Defects, which
make a system do something wrong, are classes (:mod:`mocks.defects`).
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

import msgspec


class Gap(msgspec.Struct, frozen=True, order=True):
    """``unit`` is the code of a province, an old province or a commune; ``detail`` what it lacks there."""

    kind: str
    unit: str
    detail: str = ""


class Gaps:
    """The gaps of a country, asked by kind and unit."""

    def __init__(self, gaps: Iterable[Gap] = ()) -> None:
        details: dict[tuple[str, str], list[str]] = {}
        for gap in gaps:
            details.setdefault((gap.kind, gap.unit), []).append(gap.detail)
        self._details = MappingProxyType({key: frozenset(found) for key, found in details.items()})

    def has(self, kind: str, unit: str) -> bool:
        """Whether this unit has a gap of this kind."""
        return (kind, unit) in self._details

    def details(self, kind: str, unit: str) -> frozenset[str]:
        """What the unit lacks by this kind of gap; empty where it has none."""
        return self._details.get((kind, unit), frozenset())
