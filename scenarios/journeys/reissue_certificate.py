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
    before = certificate(visitor, visitor.arrival.commune)
    visitor.think(5, 15)
    order(visitor, visitor.arrival.commune, before)


def certificate(visitor: Visitor, unit: str) -> str:
    """The serial number of the certificate that a unit has."""
    path = f"/api/certificates/{unit}"
    return str(visitor.request("certificate", SIGNATURES, "GET", path).field("serial"))


def order(visitor: Visitor, unit: str, before: str) -> None:
    """Order a new certificate, and look until another than the one ``before`` is there."""
    queued = visitor.request(
        "order-certificate",
        SIGNATURES,
        "POST",
        "/api/certificates/reissue",
        json={"units": [unit]},
        expect=(QUEUED,),
        check=lambda answer: None if answer.field("expected_seconds") >= 0 else "expected-time",
    )
    due = visitor.now_ns() + round(queued.field("expected_seconds") * 1e9) + GRACE_NS

    for _ in range(LOOKS):
        visitor.think(20, 40)

        def in_time(answer: Answer) -> str | None:
            late = visitor.now_ns() > due and answer.field("serial") == before
            return "expected-time" if late else None

        path = f"/api/certificates/{unit}"
        seen = visitor.request("new-certificate", SIGNATURES, "GET", path, check=in_time, retry=False)
        if seen.field("serial") != before:
            return
