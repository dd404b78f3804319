"""An operator makes the National Data Centre the active site, once it has everything."""

from __future__ import annotations

from scenarios.journeys.answer import Answer
from scenarios.journeys.follow_to_second_site import SECOND_SITE
from scenarios.journeys.visitor import Visitor

LOOKS = 30
"""How often somebody looks whether the second site has caught up."""


def run(visitor: Visitor) -> None:
    """How far it is behind; the switch-over when that is nothing; what it says then."""
    for _ in range(LOOKS):
        lag = visitor.request("lag", SECOND_SITE, "GET", "/api/lag")
        if lag.field("site") == "active" or not lag.field("behind"):
            break
        visitor.think(5, 10)
    visitor.request(
        "switch-over",
        SECOND_SITE,
        "POST",
        "/api/switch-over",
        json={"accept_loss": False},
        check=_is_active,
        retry=False,
    )
    visitor.request("lag", SECOND_SITE, "GET", "/api/lag", check=_is_active)


def _is_active(answer: Answer) -> str | None:
    return None if answer.field("site") == "active" and not answer.field("behind") else "site"
