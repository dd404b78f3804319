"""Have one's driving licence renewed; whoever is not known to be fit is told so."""

from __future__ import annotations

from scenarios.journeys.answer import Answer
from scenarios.journeys.site import Site
from scenarios.journeys.visitor import Visitor

NOT_FIT = 409
TAKEN = (200, 202)


def run(visitor: Visitor) -> None:
    """VNeID, the licence, its renewal."""
    citizen = visitor.people.citizen(visitor.arrival)
    site = Site(visitor, national_only=True)
    site.sign_in(citizen.id)
    visitor.think(5, 20)

    def own(answer: Answer) -> str | None:
        return None if answer.field("citizen_id") == citizen.id else "licence"

    def explained(answer: Answer) -> str | None:
        if answer.status != NOT_FIT:
            return None
        return None if answer.field("message", "vi") and answer.field("message", "en") else "refusal-text"

    licence = site.get("licence", "/api/registers/licence", check=own)
    visitor.think(20, 60)
    visitor.request(
        "renewal",
        site.system,
        "POST",
        "/api/registers/licence/renewal",
        json={
            "licence_class": licence.field("licence_class"),
            "province": visitor.arrival.province,
            "commune": visitor.arrival.commune,
        },
        headers={**site.headers, "Idempotency-Key": f"renewal-{visitor.arrival.number:010d}"},
        expect=(*TAKEN, NOT_FIT),
        check=explained,
    )
