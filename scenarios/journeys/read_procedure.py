"""Search for a procedure, compare it with another, and take the form along; anonymous."""

from __future__ import annotations

from urllib.parse import quote

import fixtures
from scenarios.journeys.answer import Answer
from scenarios.journeys.site import Site
from scenarios.journeys.visitor import Visitor


def run(visitor: Visitor) -> None:
    """Front page or bookmark; search and read twice, for the right name is seldom hit at once; the form."""
    offered = fixtures.open_procedures()
    number = visitor.arrival.subject % len(offered)
    wanted, similar = offered[number], offered[number - 1]
    site = Site(visitor)
    site.enter(wanted.code)
    for each in (similar, wanted):
        visitor.think(8, 30)
        _find(site, each)
        visitor.think(8, 30)
        _read(site, each)
    visitor.think(8, 30)
    site.get("blank-form", f"/api/procedures/{wanted.code}/blank-form", check=_is_document)


def _find(site: Site, procedure: fixtures.Procedure) -> None:
    def found(answer: Answer) -> str | None:
        listed = any(row["MATTHC"] == procedure.code for row in answer.field("procedures"))
        return None if listed else "search-result"

    site.get("search", f"/api/procedures?q={quote(procedure.name_vi)}&limit=10", check=found)


def _read(site: Site, procedure: fixtures.Procedure) -> None:
    def complete(answer: Answer) -> str | None:
        return None if answer.field("TENTTHC") == procedure.name_vi else "procedure"

    site.get("procedure", f"/api/procedures/{procedure.code}", check=complete)


def _is_document(answer: Answer) -> str | None:
    return None if answer.body.startswith(b"%PDF-") and answer.body.endswith(b"%%EOF\n") else "document"
