"""An operator makes the National Data Centre the active site, under load: as soon as it has everything."""

from __future__ import annotations

from scenarios.journeys.answer import Answer
from scenarios.journeys.follow_to_second_site import SECOND_SITE
from scenarios.journeys.visitor import Visitor

LOOKS = 30
"""How often somebody looks whether the second site has caught up."""
BEHIND = 409


def run(visitor: Visitor) -> None:
    """How far it is behind; the switch-over when that is nothing; what it says then.

    Dossiers go on coming: between the look and the switch-over one more may have been accepted. The centre
    then refuses, and the operator looks again.
    """
    for look in range(1, LOOKS + 1):
        last = look == LOOKS
        lag = visitor.request("lag", SECOND_SITE, "GET", "/api/lag")
        if last or lag.field("site") == "active" or not lag.field("behind"):
            answer = visitor.request(
                "switch-over",
                SECOND_SITE,
                "POST",
                "/api/switch-over",
                json={"accept_loss": False},
                expect=(200,) if last else (200, BEHIND),
                check=lambda answer: None if answer.status == BEHIND else _is_active(answer),
                retry=False,
            )
            if answer.status != BEHIND:
                break
        visitor.think(5, 10)
    visitor.request("lag", SECOND_SITE, "GET", "/api/lag", check=_is_active)


def _is_active(answer: Answer) -> str | None:
    return None if answer.field("site") == "active" else "site"
