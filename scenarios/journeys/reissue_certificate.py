"""An official asks for a new certificate of the commune, and looks until it is there.

The queue names a time when it is asked. It must be honest: who comes back then finds the new certificate.
"""

from __future__ import annotations

from scenarios.journeys.answer import Answer
from scenarios.journeys.visitor import Visitor

SIGNATURES = "signatures"
QUEUED = 202
LOOKS = 40
GRACE_NS = 3_000_000_000
"""How much later than was said a certificate may be there: 3 s."""


def run(visitor: Visitor) -> None:
    """The certificate of today, the order, and looking until the new one is there."""
    path = f"/api/certificates/{visitor.arrival.commune}"
    before = visitor.request("certificate", SIGNATURES, "GET", path).field("serial")
    visitor.think(5, 15)
    queued = visitor.request(
        "order-certificate",
        SIGNATURES,
        "POST",
        "/api/certificates/reissue",
        json={"units": [visitor.arrival.commune]},
        expect=(QUEUED,),
        check=lambda answer: None if answer.field("expected_seconds") >= 0 else "expected-time",
    )
    due = visitor.now_ns() + round(queued.field("expected_seconds") * 1e9) + GRACE_NS

    for _ in range(LOOKS):
        visitor.think(20, 40)

        def in_time(answer: Answer) -> str | None:
            late = visitor.now_ns() > due and answer.field("serial") == before
            return "expected-time" if late else None

        seen = visitor.request("new-certificate", SIGNATURES, "GET", path, check=in_time, retry=False)
        if seen.field("serial") != before:
            return
