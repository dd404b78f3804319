"""Call the hotline of one's commune, and call again where nobody answered in time."""

from __future__ import annotations

from scenarios.journeys.answer import Answer
from scenarios.journeys.visitor import Visitor

PATIENCE = (20, 90)
"""Seconds, of which a caller waits as many as the pace of the rehearsal leaves of them."""
PACE = 0.05


def run(visitor: Visitor) -> None:
    """One call."""
    patience = round(visitor.random.uniform(*PATIENCE) * PACE, 3)

    def answered(answer: Answer) -> str | None:
        return None if answer.field("outcome") == "answered" else "abandoned-call"

    visitor.request(
        "call",
        "hotline",
        "POST",
        "/api/calls",
        json={"unit": visitor.arrival.commune, "patience": patience},
        check=answered,
    )
