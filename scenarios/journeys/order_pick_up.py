"""Submit a dossier, and have the post pick its papers up at the door once the province has taken it."""

from __future__ import annotations

from scenarios.journeys.answer import Answer, Check
from scenarios.journeys.submit_dossier import submit
from scenarios.journeys.visitor import Visitor

LOOKS = 20
"""How often somebody looks whether the province has taken the dossier before leaving it at that."""
STATES = ("ordered", "collected", "delivered")


def run(visitor: Visitor) -> None:
    """The submission; looks until it has a second status; the order."""
    submitted = submit(visitor, national_only=True)
    site, code = submitted.site, submitted.code
    for _ in range(LOOKS):
        visitor.think(5, 10)
        seen = site.get("look-up", f"/api/dossiers/{code}", check=_is(code))
        if len(seen.field("steps")) > 1:
            break
    else:
        return
    visitor.request(
        "pick-up",
        site.system,
        "POST",
        f"/api/dossiers/{code}/pick-up",
        headers={**site.headers, "Idempotency-Key": f"pick-up-{code}"},
        expect=(201,),
        check=lambda answer: None if answer.field("state") in STATES else "state",
    )


def _is(code: str) -> Check:
    def check(answer: Answer) -> str | None:
        return None if answer.field("code") == code else "dossier"

    return check
