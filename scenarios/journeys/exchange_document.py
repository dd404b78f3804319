"""An official sends a document to an agency elsewhere, sees that it arrives, and looks up one from before."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

import fixtures
from scenarios.journeys.answer import Answer, Check
from scenarios.journeys.visitor import Visitor

LOOKS = 20
"""How often somebody looks whether a document has arrived."""
SENT = (200, 201)


def run(visitor: Visitor) -> None:
    """A document to the centre of a province; then one of the old province by the code that it had."""
    everywhere = fixtures.provinces()
    there = everywhere[visitor.arrival.subject % len(everywhere)]
    send(visitor, fixtures.provincial_centre(there), state="delivered")
    old = fixtures.merged_into(visitor.arrival.province)[0]
    code = f"{visitor.arrival.subject % 100 + 1:04d}/UBND-{old.agency_code}"

    def is_it(answer: Answer) -> str | None:
        return None if [each["old_code"] for each in answer.json()] == [code] else "old-document"

    visitor.think(10, 30)
    visitor.request(
        "old-document",
        _system(visitor),
        "GET",
        f"/api/documents?old_code={quote(code, safe='')}",
        check=is_it,
    )


def send(visitor: Visitor, recipient: str, *, state: str) -> str:
    """Send a document of one's commune and look until it has come to its ``state``; its id."""
    system, number = _system(visitor), visitor.arrival.number
    sent = visitor.request(
        "send-document",
        system,
        "POST",
        "/api/documents",
        json={
            "from": fixtures.commune_agency(visitor.arrival.commune),
            "to": recipient,
            "subject": f"Văn bản thử nghiệm {number}",
            "digest": hashlib.sha256(f"document {number}".encode()).hexdigest(),
        },
        headers={"Idempotency-Key": f"document-{number:010d}"},
        expect=SENT,
    )
    code = str(sent.field("id"))
    for look in range(1, LOOKS + 1):
        visitor.think(3, 6)
        last = look == LOOKS
        seen = visitor.request(
            "delivery",
            system,
            "GET",
            f"/api/documents/{quote(code)}",
            check=_is(state) if last else None,
            retry=not last,
        )
        if seen.field("state") == state:
            break
    return code


def _is(state: str) -> Check:
    return lambda answer: None if answer.field("state") == state else "state"


def _system(visitor: Visitor) -> str:
    return f"documents-{visitor.arrival.province}"
