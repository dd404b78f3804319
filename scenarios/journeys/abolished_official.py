"""Somebody tries the account of a district that ended on 1 July; the sign-on must refuse it."""

from __future__ import annotations

from scenarios.journeys.official_first_sign_in import open_page
from scenarios.journeys.visitor import Visitor

REFUSED = 403


def run(visitor: Visitor) -> None:
    """The page as ever, and the account that has no rights any more."""
    sso = f"sso-{visitor.arrival.province}"
    page = open_page(visitor, sso)
    visitor.think(5, 15)
    district = visitor.people.abolished_district(visitor.arrival)
    visitor.request(
        "refused-abolished-rights",
        sso,
        "POST",
        "/oauth2/authorize",
        json={"request": page.field("request"), "account": f"{district}.district"},
        expect=(REFUSED,),
    )
