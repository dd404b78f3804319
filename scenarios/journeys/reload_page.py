"""Wait in front of a page that is not open yet, reloading it again and again, and sign in once it is.

Whoever waits for an opening does not wait for a slow answer, too: they leave it and ask again at once, and so
are more than one visitor to the portal.
"""

from __future__ import annotations

from scenarios.journeys.answer import Answer
from scenarios.journeys.site import NATIONAL, Site
from scenarios.journeys.visitor import GaveUp, Visitor

RELOADS = 6
"""How often somebody reloads before leaving."""


def run(visitor: Visitor) -> None:
    """The page of a procedure until the opening minute has come, then VNeID."""
    wanted = visitor.people.known_dossier(visitor.arrival)

    def right(answer: Answer) -> str | None:
        return None if answer.field("MATTHC") == wanted.procedure else "procedure"

    for reload in range(RELOADS):
        last = reload == RELOADS - 1
        try:
            visitor.request(
                "reload", NATIONAL, "GET", f"/api/procedures/{wanted.procedure}", check=right, retry=False
            )
        except GaveUp:
            if last:
                raise
            continue  # at once
        if visitor.after_t0:
            break
        visitor.think(1, 3)
    Site(visitor, national_only=True).sign_in(wanted.owner.id)
