"""Hand in a dossier for a procedure that ended with the districts; the national portal must refuse it.

Somebody has the form from before the reform and sends it in filled. The right answer is "does not exist"
(404), and nothing may be kept of it: the submission is an intent that is expected to fail.
"""

from __future__ import annotations

from scenarios.journeys.site import Site
from scenarios.journeys.submit_dossier import intent_of, send_files
from scenarios.journeys.visitor import Visitor

NOT_THERE = 404


def run(visitor: Visitor) -> None:
    """Front page, VNeID, the files, and a submission that is refused."""
    dossier = visitor.people.closed_dossier(visitor.arrival)
    site = Site(visitor, national_only=True)
    site.enter(dossier.procedure)
    visitor.think(5, 20)
    site.sign_in(dossier.applicant.id)
    send_files(visitor, site, dossier)
    visitor.request(
        "refused-closed-procedure",
        site.system,
        "POST",
        "/api/dossiers",
        json={"content": dossier.content()},
        headers=site.headers,
        expect=(NOT_THERE,),
        intent=intent_of(visitor, site, dossier),
    )
