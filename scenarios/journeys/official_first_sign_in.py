"""An official's first morning: the single sign-on of the province, then the inbox of the case system."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

from scenarios.journeys.answer import Answer, Wrong
from scenarios.journeys.visitor import Visitor

CLIENT = "case-system"
ROLE = "reception"


def run(visitor: Visitor) -> None:
    """Page, account, tokens, who one is, a fresh token, the inbox."""
    arrival = visitor.arrival
    sso = f"sso-{arrival.province}"
    account = f"{arrival.commune}.{ROLE}"
    page = open_page(visitor, sso)
    visitor.think(5, 15)
    back = visitor.request(
        "sso-confirm",
        sso,
        "POST",
        "/oauth2/authorize",
        json={"request": page.field("request"), "account": account},
        expect=(302,),
    )
    tokens = visitor.request(
        "sso-token",
        sso,
        "POST",
        "/oauth2/token",
        json={"grant_type": "authorization_code", "client_id": CLIENT, "code": _code(back)},
    )

    def is_me(answer: Answer) -> str | None:
        mine = answer.field("unit") == arrival.commune and ROLE in answer.field("roles")
        return None if mine else "rights"

    bearer = {"Authorization": f"Bearer {tokens.field('access_token')}"}
    visitor.request("who-am-i", sso, "GET", "/oauth2/userinfo", headers=bearer, check=is_me)
    visitor.think(30, 90)
    visitor.request(
        "sso-refresh",
        sso,
        "POST",
        "/oauth2/token",
        json={
            "grant_type": "refresh_token",
            "client_id": CLIENT,
            "refresh_token": tokens.field("refresh_token"),
        },
    )
    case = f"case-{arrival.province}"
    session = visitor.request(
        "official-sign-in", case, "POST", "/api/officials/sign-in", json={"official": account}
    ).field("token")
    headers = {"Authorization": f"Bearer {session}"}
    visitor.request("inbox", case, "GET", "/api/inbox?limit=2", headers=headers)


def open_page(visitor: Visitor, sso: str) -> Answer:
    """The sign-in page, as the case system sends an official there."""
    asked = {
        "client_id": CLIENT,
        "redirect_uri": f"http://case-{visitor.arrival.province}/auth/callback",
        "state": f"{visitor.arrival.number}",
        "response_type": "code",
    }
    return visitor.request("sso-page", sso, "GET", f"/oauth2/authorize?{urlencode(asked)}")


def _code(back: Answer) -> str:
    """The code in the address to which the browser is sent back."""
    codes = parse_qs(urlsplit(back.location).query).get("code")
    if not codes:
        raise Wrong("redirect")
    return codes[0]
