"""Look at an enterprise by its tax code, and have one of one's own registered."""

from __future__ import annotations

from urllib.parse import quote

from scenarios.journeys.answer import Answer
from scenarios.journeys.site import Site
from scenarios.journeys.visitor import Visitor

TAKEN = (200, 202)


def run(visitor: Visitor) -> None:
    """VNeID, the enterprise that exists, the one that is founded."""
    arrival = visitor.arrival
    citizen = visitor.people.citizen(arrival)
    known = visitor.people.enterprise(arrival)
    site = Site(visitor, national_only=True)
    site.sign_in(citizen.id)
    visitor.think(5, 20)

    def right(answer: Answer) -> str | None:
        return None if answer.field("tax_code") == known.tax_code else "enterprise"

    site.get("enterprise", f"/api/registers/enterprises/{quote(known.tax_code)}", check=right)
    visitor.think(30, 120)
    visitor.request(
        "found-enterprise",
        site.system,
        "POST",
        "/api/registers/enterprises",
        json={
            "name": f"Công ty TNHH Thử nghiệm {arrival.number}",
            "province": arrival.province,
            "commune": arrival.commune,
        },
        headers={**site.headers, "Idempotency-Key": f"enterprise-{arrival.number:010d}"},
        expect=TAKEN,
    )
