"""An official signs the result of a dossier with the commune's certificate, and sees that it is good."""

from __future__ import annotations

import hashlib

from scenarios.journeys.answer import Answer
from scenarios.journeys.visitor import Visitor

SIGNATURES = "signatures"


def run(visitor: Visitor) -> None:
    """The certificate, the signature, its verification."""
    unit = visitor.arrival.commune
    visitor.request(
        "certificate",
        SIGNATURES,
        "GET",
        f"/api/certificates/{unit}",
        check=lambda answer: None if answer.field("state") == "valid" else "certificate",
    )
    visitor.think(20, 120)
    digest = hashlib.sha256(f"result {visitor.arrival.number}".encode()).hexdigest()
    signed = visitor.request("sign", SIGNATURES, "POST", "/api/sign", json={"digest": digest, "unit": unit})

    def good(answer: Answer) -> str | None:
        return None if answer.field("valid") and answer.field("unit") == unit else "signature"

    visitor.request(
        "verify",
        SIGNATURES,
        "POST",
        "/api/verify",
        json={"digest": digest, "signature": signed.field("signature")},
        check=good,
    )
