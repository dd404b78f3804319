"""An official of each province signs in once, and is who the directory says."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

import fixtures
from rehearsal.readiness.checks.base import Notes, check, name_of
from rehearsal.readiness.desk import Desk, Unanswered, refused
from reports.readiness.model import Cell
from reports.text import Text

SIGN_IN = check(
    "sso-sign-in",
    "Cán bộ của tỉnh đăng nhập một lần được",
    "Officials of the province can sign in once for all",
    "TTG96-2b-2",
)
CLIENT = "readiness"
RETURN_TO = "http://127.0.0.1/callback"
"""Where the code would go; nobody follows it there."""


class Account(msgspec.Struct, frozen=True):
    """An account of the province's own centre."""

    account: str
    active: bool


class Page(msgspec.Struct, frozen=True):
    """The request to be confirmed."""

    request: str


class Tokens(msgspec.Struct, frozen=True):
    """What a code is traded for."""

    access_token: str


class Official(msgspec.Struct, frozen=True):
    """Who signed in."""

    sub: str


class SignOn:
    """The authorization code flow (OpenID Connect Core 1.0, section 3.1), from the page to the person."""

    name = "sso"
    checks = (SIGN_IN,)

    def systems(self, province: fixtures.Province) -> tuple[str, ...]:
        """The sign-on and the directory behind it."""
        return (f"sso-{province.code}", f"accounts-{province.code}")

    async def examine(self, province: fixtures.Province, desk: Desk) -> list[Cell]:
        """One official of the provincial centre."""
        notes = Notes(SIGN_IN, province)
        directory = f"/api/accounts?{urlencode({'unit': province.code})}"
        rows = await desk.ask(list[Account], f"accounts-{province.code}", directory)
        account = next((row.account for row in rows if row.active), None)
        if account is None:
            notes.unseen(province.code, Text("Không có tài khoản nào để thử.", "There is no account to try."))
            return [notes.cell()]
        try:
            who = await _signed_in(f"sso-{province.code}", account, desk)
        except Unanswered as failure:
            wrong = failure.why
        else:
            wrong = Text() if who == account else Text(f"vào nhầm là {who}.", f"it takes them for {who}.")
        if wrong == Text():
            notes.right()
        else:
            notes.lacks(province.code, f"{name_of(province)}: {wrong.vi}", f"{name_of(province)}: {wrong.en}")
        return [notes.cell()]


async def _signed_in(sso: str, account: str, desk: Desk) -> str:
    """Whom the sign-on takes them for. Raises :class:`~rehearsal.readiness.desk.Unanswered`."""
    asked = urlencode(
        {"client_id": CLIENT, "redirect_uri": RETURN_TO, "state": "sweep", "response_type": "code"}
    )
    page = await desk.ask(Page, sso, f"/oauth2/authorize?{asked}")
    confirmed = await desk.send(
        sso, "POST", "/oauth2/authorize", body={"request": page.request, "account": account}
    )
    codes = parse_qs(urlsplit(confirmed.headers.get("location", "")).query).get("code", [])
    if not confirmed.is_redirect or not codes:
        raise refused(sso, confirmed)
    traded = {"client_id": CLIENT, "grant_type": "authorization_code", "code": codes[0]}
    tokens = await desk.ask(Tokens, sso, "/oauth2/token", method="POST", body=traded)
    bearer = {"Authorization": f"Bearer {tokens.access_token}"}
    return (await desk.ask(Official, sso, "/oauth2/userinfo", headers=bearer)).sub
