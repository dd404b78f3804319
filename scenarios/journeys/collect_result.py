"""Sign in and collect the electronic result of a dossier that was finished before the night."""

from __future__ import annotations

from scenarios.journeys.site import Site
from scenarios.journeys.visitor import Visitor


def run(visitor: Visitor) -> None:
    """Front page or bookmark, VNeID as the dossier's owner, the result."""
    finished = visitor.people.finished_dossier(visitor.arrival)
    # results of the old systems are kept by the national portal: the owner goes there, at most by a detour
    by_detour = visitor.arrival.entrance == "old-bookmark" and visitor.after_t0
    site = Site(visitor, national_only=not by_detour)
    site.enter(finished.procedure)
    visitor.think(5, 20)
    site.sign_in(finished.owner.id)
    visitor.think(5, 20)
    site.get(
        "result",
        f"/api/dossiers/{finished.code}/result",
        check=lambda answer: None if answer.field("code") == finished.code else "result",
    )
