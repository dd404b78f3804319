"""A test citizen signs in at the national portal, the way any citizen does: by VNeID."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from rehearsal.readiness.desk import Desk, Unanswered, refused
from reports.text import Text

PORTAL, IDENTITY = "national-portal", "vneid"
FOUND = (302, 303)


class Page(msgspec.Struct, frozen=True):
    """What VNeID shows: the request to be confirmed."""

    request: str


async def sign_in(desk: Desk, citizen_id: str) -> Mapping[str, str]:
    """The headers of a session at the portal. Raises :class:`~rehearsal.readiness.desk.Unanswered`."""
    login = await desk.send(PORTAL, "GET", "/auth/login")
    if login.status_code not in FOUND:
        raise refused(PORTAL, login)
    page = desk.decoded(Page, IDENTITY, await desk.follow(login, IDENTITY))
    confirmed = await desk.send(
        IDENTITY, "POST", "/oauth2/authorize", body={"request": page.request, "citizen_id": citizen_id}
    )
    if confirmed.status_code not in FOUND:
        raise refused(IDENTITY, confirmed)
    back = await desk.follow(confirmed, PORTAL)
    cookie = back.headers.get("set-cookie", "").partition(";")[0]
    if back.status_code not in FOUND or not cookie:
        raise Unanswered(
            PORTAL,
            Text("Đăng nhập không mở được phiên.", "The sign-in did not open a session."),
            back.status_code,
        )
    return {"Cookie": cookie}
