"""See one's own insurance record, and ask for one's judicial record, which comes later."""

from __future__ import annotations

from urllib.parse import quote

from scenarios.journeys.answer import Answer
from scenarios.journeys.site import Site
from scenarios.journeys.visitor import Visitor

TAKEN = (200, 202)


def run(visitor: Visitor) -> None:
    """VNeID, the insurance record, the request for a judicial record and where it stands."""
    arrival = visitor.arrival
    citizen = visitor.people.citizen(arrival)
    site = Site(visitor, national_only=True)
    site.sign_in(citizen.id)
    visitor.think(5, 20)

    def own(answer: Answer) -> str | None:
        return None if answer.field("citizen_id") == citizen.id else "insurance"

    site.get("insurance", "/api/registers/insurance", check=own)
    visitor.think(10, 40)
    key = f"record-{arrival.number:010d}"
    visitor.request(
        "judicial-record",
        site.system,
        "POST",
        "/api/registers/judicial-record",
        json={"form": 1 + arrival.subject % 2, "province": arrival.province, "commune": arrival.commune},
        headers={**site.headers, "Idempotency-Key": key},
        expect=TAKEN,
    )
    visitor.think(20, 60)
    site.get("judicial-record-state", f"/api/registers/judicial-record/{quote(key)}")
