"""Look up where a dossier stands, by its code; anonymous."""

from __future__ import annotations

from scenarios.journeys.answer import Answer
from scenarios.journeys.site import Site
from scenarios.journeys.visitor import Visitor


def run(visitor: Visitor) -> None:
    """Front page or bookmark, then the status of a dossier from before the night."""
    known = visitor.people.known_dossier(visitor.arrival)
    site = Site(visitor)
    site.enter(known.procedure)
    visitor.think(5, 15)

    def right(answer: Answer) -> str | None:
        # the desk goes on working, so a dossier may have moved; it never moves back
        same = answer.field("code") == known.code and answer.field("status") in range(1, 11)
        return None if same else "dossier"

    site.get("look-up", f"/api/dossiers/{known.code}", check=right)
