"""Say what one thinks of one's commune, and look whether it has answered; anonymous."""

from __future__ import annotations

from scenarios.journeys.answer import Answer
from scenarios.journeys.visitor import Visitor

FEEDBACK = "feedback"
LOOKS = 3
"""How often somebody looks for an answer before leaving it at that."""
TAKEN = (200, 201)


def run(visitor: Visitor) -> None:
    """A ticket, routed to the commune, and its state."""
    arrival = visitor.arrival

    def routed(answer: Answer) -> str | None:
        return None if answer.field("unit") == arrival.commune else "unit"

    ticket = visitor.request(
        "ticket",
        FEEDBACK,
        "POST",
        "/api/tickets",
        json={
            "unit": arrival.commune,
            "text": f"Phản ánh thử nghiệm số {arrival.number}",
            "channel": "portal" if arrival.subject % 2 else "vneid",
        },
        headers={"Idempotency-Key": f"ticket-{arrival.number:010d}"},
        expect=TAKEN,
        check=routed,
    )
    for _ in range(LOOKS):
        visitor.think(20, 60)
        seen = visitor.request(
            "ticket-state", FEEDBACK, "GET", f"/api/tickets/{ticket.field('ticket')}", check=routed
        )
        if seen.field("state") == "answered":
            break
