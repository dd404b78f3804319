"""What a check says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from reports.text import Text

Outcome = Literal["met", "missed", "inconclusive"]
Kind = Literal["validity", "service", "data", "latency"]

_SEVERITY: dict[Outcome, int] = {"met": 0, "inconclusive": 1, "missed": 2}


class Finding(msgspec.Struct, frozen=True):
    """The answer of one check.

    ``where`` names the systems, links or provinces at fault. ``because_of`` names findings of which this one
    is a consequence, so that a reader sees causes first. A ``missed`` finding of kind ``validity`` means that
    the run cannot be believed, not that the country missed anything.
    """

    name: str
    title: Text
    outcome: Outcome
    explanation: Text
    kind: Kind
    requirements: list[str] = []
    where: list[str] = []
    because_of: list[str] = []


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Missed before inconclusive before met; no outcome at all is inconclusive."""
    return max(outcomes, key=_SEVERITY.__getitem__, default="inconclusive")


def judge(findings: list[Finding]) -> Outcome:
    """The verdict: validity first. A run that cannot be believed is inconclusive, whatever the rest says."""
    validity = worst(finding.outcome for finding in findings if finding.kind == "validity")
    if validity != "met":
        return "inconclusive"
    return worst(finding.outcome for finding in findings if finding.kind != "validity")
