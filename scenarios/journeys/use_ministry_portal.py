"""Hand in a dossier that a ministry settles: at its own portal until T0, then at the national portal."""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.journeys.site import Site
from scenarios.journeys.visitor import Visitor

MINISTRIES = (("agriculture", "land"), ("industry", "business"))
"""Each with the field of procedures that it settles here."""
TAKEN = (200, 201)
GONE = 410


def run(visitor: Visitor) -> None:
    """The ministry's front page and VNeID, wherever they lead; the dossier."""
    arrival = visitor.arrival
    ministry, field = MINISTRIES[arrival.subject % len(MINISTRIES)]
    dossier = visitor.people.dossier(arrival, field=field)
    content = {"procedure": dossier.procedure, "applicant": {"id": dossier.applicant.id}, "test": True}
    site = Site(visitor, at=f"ministry-portal-{ministry}")
    site.get("home", "/")
    visitor.think(5, 20)
    site.sign_in(dossier.applicant.id)
    visitor.think(20, 120)
    if site.is_old and not _handed_in(visitor, site, "/api/dossiers", content):
        site.move()  # the portal closed while the form was being filled in
        site.sign_in(dossier.applicant.id)
    if not site.is_old:
        _handed_in(visitor, site, f"/api/ministries/{ministry}/dossiers", content)


def _handed_in(visitor: Visitor, site: Site, path: str, content: Mapping[str, object]) -> bool:
    """Whether the portal took the dossier; a ministry's refuses it with 410 once it has closed."""
    answer = visitor.request(
        "submit-to-ministry",
        site.system,
        "POST",
        path,
        json={"content": content},
        headers={**site.headers, "Idempotency-Key": f"ministry-{visitor.arrival.number:010d}"},
        expect=(*TAKEN, GONE) if site.is_old else TAKEN,
        check=lambda answer: "closed-early" if answer.status == GONE and not visitor.after_t0 else None,
    )
    return answer.status != GONE
