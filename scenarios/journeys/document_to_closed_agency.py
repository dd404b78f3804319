"""An official writes to a unit of a district that ended; the document must come back with its reason."""

from __future__ import annotations

import fixtures
from scenarios.journeys.answer import Answer
from scenarios.journeys.exchange_document import send
from scenarios.journeys.visitor import Visitor


def run(visitor: Visitor) -> None:
    """A document to a closed code; it is found among the dead letters, and in no other place."""
    province = visitor.arrival.province
    district = visitor.people.abolished_district(visitor.arrival)
    old = next(each for each in fixtures.old_wards() if each.district == district)
    centre = fixtures.provincial_centre(fixtures.old_province(old.province))
    code = send(visitor, f"{centre}.{district}", state="bounced")

    def explained(answer: Answer) -> str | None:
        mine = [each for each in answer.json() if each["id"] == code]
        return None if mine and mine[0]["reason"] else "dead-letter"

    visitor.think(5, 15)
    visitor.request("dead-letters", f"documents-{province}", "GET", "/api/dead-letters", check=explained)
