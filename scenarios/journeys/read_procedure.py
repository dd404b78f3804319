"""Search for a procedure and read what it takes; anonymous."""

from __future__ import annotations

from urllib.parse import quote

import fixtures
from scenarios.journeys.answer import Answer
from scenarios.journeys.site import Site
from scenarios.journeys.visitor import Visitor


def run(visitor: Visitor) -> None:
    """Front page or bookmark, search, one procedure."""
    offered = fixtures.open_procedures()
    wanted = offered[visitor.arrival.subject % len(offered)]
    site = Site(visitor)
    site.enter(wanted.code)
    visitor.think(8, 30)

    def found(answer: Answer) -> str | None:
        return (
            None
            if any(row["MATTHC"] == wanted.code for row in answer.field("procedures"))
            else "search-result"
        )

    site.get("search", f"/api/procedures?q={quote(wanted.name_vi)}&limit=10", check=found)
    visitor.think(8, 30)

    def complete(answer: Answer) -> str | None:
        return None if answer.field("TENTTHC") == wanted.name_vi else "procedure"

    site.get("procedure", f"/api/procedures/{wanted.code}", check=complete)
