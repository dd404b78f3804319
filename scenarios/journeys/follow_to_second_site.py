"""Hand in a dossier, and find it at the second site of the national portal soon afterwards."""

from __future__ import annotations

from urllib.parse import quote

from scenarios.journeys.submit_dossier import submit
from scenarios.journeys.visitor import Visitor

SECOND_SITE = "national-data-centre"
LOOKS = 20
"""How often somebody looks before taking it for missing."""
NOT_YET = 404


def run(visitor: Visitor) -> None:
    """Submission at the portal; then the same dossier at the National Data Centre."""
    code = submit(visitor, national_only=True).code
    for look in range(1, LOOKS + 1):
        visitor.think(5, 10)
        last = look == LOOKS
        seen = visitor.request(
            "second-site",
            SECOND_SITE,
            "GET",
            f"/api/dossiers/{quote(code)}",
            expect=(200,) if last else (200, NOT_YET),
            check=lambda answer: (
                None if answer.status == NOT_YET or answer.field("code") == code else "dossier"
            ),
            retry=not last,
        )
        if seen.status != NOT_YET:
            break
