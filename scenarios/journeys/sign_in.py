"""Sign in with VNeID and look at one's own dossiers."""

from __future__ import annotations

from scenarios.journeys.site import Site
from scenarios.journeys.visitor import Visitor


def run(visitor: Visitor) -> None:
    """Front page or bookmark, VNeID, own dossiers."""
    citizen = visitor.people.citizen(visitor.arrival)
    site = Site(visitor)
    site.enter(visitor.people.known_dossier(visitor.arrival).procedure)
    visitor.think(5, 20)
    site.sign_in(citizen.id)
