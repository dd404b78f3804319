"""Sign in with a code that comes as a text message, as whoever has no application does."""

from __future__ import annotations

from scenarios.journeys.answer import Answer, Check
from scenarios.journeys.site import Site
from scenarios.journeys.visitor import Visitor

VNEID = "vneid"
LOOKS = 24
"""How often somebody looks at the phone before leaving."""
ASK_AGAIN_AFTER = 8
"""Looks without a message after which people ask for the code once more."""
TAKEN = 202


def run(visitor: Visitor) -> None:
    """VNeID's page, the code, own dossiers."""
    citizen = visitor.people.citizen(visitor.arrival)
    site = Site(visitor, national_only=True)
    site.enter(visitor.people.known_dossier(visitor.arrival).procedure)
    visitor.think(5, 20)
    site.sign_in(citizen.id, confirm=lambda request: _with_code(visitor, request, citizen.id))


def _with_code(visitor: Visitor, request: str, citizen_id: str) -> Answer:
    """Ask for a code, wait for it, type it in; the answer sends the browser back."""
    who = {"request": request, "citizen_id": citizen_id}
    visitor.request("send-code", VNEID, "POST", "/api/one-time-codes", json=who, expect=(TAKEN,))
    for look in range(1, LOOKS + 1):
        visitor.think(5, 10)
        last = look == LOOKS
        phone = visitor.request(
            "look-at-phone",
            VNEID,
            "GET",
            f"/api/phones/{citizen_id}",
            check=_shows_code(request) if last else None,
            retry=not last,
        )
        if code := _code(phone, request):
            break
        if look % ASK_AGAIN_AFTER == 0:
            visitor.request("send-code", VNEID, "POST", "/api/one-time-codes", json=who, expect=(TAKEN,))
    return visitor.request(
        "type-code",
        VNEID,
        "POST",
        "/oauth2/authorize/one-time-code",
        json={**who, "code": code},
        expect=(302,),
    )


def _shows_code(request: str) -> Check:
    return lambda phone: None if _code(phone, request) else "missing-code"


def _code(phone: Answer, request: str) -> str:
    """The newest code for this page; "" where none has come."""
    shown = [each["code"] for each in phone.field("messages") if each["request"] == request]
    return str(shown[-1]) if shown else ""
