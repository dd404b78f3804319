"""Was everything taken that systems sent each other? What is refused for good is set aside."""

from __future__ import annotations

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.checks.told import UNREAD
from reports.evidence import Evidence
from reports.text import Text, count, listed

DEAD_LETTER = "dead-letter"


def nothing_set_aside(evidence: Evidence) -> Result:
    """No system holds a message that another one will never take."""
    stored = evidence.frames.stored
    if stored is None or stored.empty:
        return inconclusive(*UNREAD)
    aside = stored[stored["kind"] == DEAD_LETTER]
    if aside.empty:
        return met("Không thông điệp nào bị từ chối hẳn.", "No message was refused for good.")
    systems = tuple(sorted(aside["system"].astype(str).unique()))
    ways = (aside["system"].astype(str) + " → " + aside["history"].astype(str)).value_counts()
    told = listed(f"{way} (× {number})" for way, number in ways.items())
    return missed(
        f"{count(len(aside))} thông điệp bị từ chối hẳn: {told}.",
        f"{count(len(aside))} messages were refused for good: {told}.",
        systems,
    )


NOTHING_SET_ASIDE = Check(
    "nothing-set-aside",
    "data",
    Text("Không thông điệp nào bị gác lại", "No message is set aside"),
    nothing_set_aside,
    ("VP318-0-1",),
)
