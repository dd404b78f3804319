"""Signing in with VNeID: the authorization code flow, and what it must not let through."""

import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from mocks.systems.vneid import CODE_LIFE
from tests.mocks.citizen import Citizen
from tests.mocks.country import Country, problem

PORTALS = ["national-portal", "portal-10"]


@pytest.mark.parametrize("portal", PORTALS)
def test_a_citizen_signs_in_and_lands_where_they_wanted(country: Country, portal: str) -> None:
    citizen = Citizen(country, portal, signed_in=False)
    assert citizen.get("/api/me/dossiers").status_code == 401
    answer = citizen.sign_in()
    assert answer.headers["location"] == "/api/me/dossiers"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert citizen.get("/api/me/dossiers").json() == {"dossiers": []}


def test_a_session_outlives_its_portal(country: Country) -> None:
    citizen = Citizen(country)
    country.restart("national-portal")
    assert citizen.get("/api/me/dossiers").status_code == 200


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [
        ("/nop-ho-so?x=1&y=2", "/nop-ho-so?x=1&y=2"),
        ("https://evil.example/", "/api/me/dossiers"),
        ("//evil.example/", "/api/me/dossiers"),
        ("/\\evil.example/", "/api/me/dossiers"),
        ("/x\r\nSet-Cookie: session=evil", "/api/me/dossiers"),
        ("/Lào Cai", "/api/me/dossiers"),
        ("", "/api/me/dossiers"),
    ],
)
def test_the_way_back_stays_on_the_portal(country: Country, wanted: str, landed: str) -> None:
    citizen = Citizen(country, signed_in=False)
    login = citizen.get(f"/auth/login?{urlencode({'return_to': wanted})}")
    asked = parse_qs(urlsplit(login.headers["location"]).query)
    mine = parse_qs(urlsplit(citizen.code_url()).query)
    answer = citizen.get(f"/auth/callback?{urlencode({'code': mine['code'][0], 'state': asked['state'][0]})}")
    assert (answer.status_code, answer.headers["location"]) == (303, landed)


def test_a_code_is_good_once(country: Country) -> None:
    citizen = Citizen(country, signed_in=False)
    url = citizen.code_url()
    assert citizen.callback(url).status_code == 303
    again = citizen.callback(url)
    assert (again.status_code, problem(again)) == (400, "code-used")


def test_a_code_of_before_a_restart_of_vneid_is_good_no_more(country: Country) -> None:
    citizen = Citizen(country, signed_in=False)
    url = citizen.code_url()
    citizen.callback(url)
    country.time.run(country.kill("vneid"))
    country.time.advance(1)
    country.time.run(country.start("vneid"))
    assert citizen.callback(url).status_code == 400
    citizen.sign_in()


def test_a_code_is_for_the_portal_that_asked(country: Country) -> None:
    national, old = (Citizen(country, portal, signed_in=False) for portal in PORTALS)
    code = parse_qs(urlsplit(national.code_url()).query)["code"][0]
    state = parse_qs(urlsplit(old.code_url()).query)["state"][0]
    answer = old.get(f"/auth/callback?{urlencode({'code': code, 'state': state})}")
    assert (answer.status_code, problem(answer)) == (400, "code-used")


def test_a_code_expires(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    citizen = Citizen(country, signed_in=False)
    url, now = citizen.code_url(), time.time()
    monkeypatch.setattr("time.time", lambda: now + CODE_LIFE + 1)
    assert citizen.callback(url).status_code == 400


def test_a_sign_in_that_was_not_begun_here_is_refused(country: Country) -> None:
    answer = country.get("national-portal", "/auth/callback?code=x&state=y.z")
    assert (answer.status_code, problem(answer)) == (400, "bad-state")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"request": "forged.x", "citizen_id": "1"}, 400, "bad-request"),
        ({"request": "right", "citizen_id": "no-such-person"}, 403, "no-such-citizen"),
    ],
)
def test_vneid_confirms_known_people_to_known_requests(
    country: Country, body: dict[str, str], status: int, code: str
) -> None:
    asked = urlencode({"client_id": "p", "redirect_uri": "http://p/cb", "state": "s"})
    page = country.get("vneid", f"/oauth2/authorize?{asked}").json()
    if body["request"] == "right":
        body = {**body, "request": page["request"]}
    answer = country.post("vneid", "/oauth2/authorize", body)
    assert (answer.status_code, problem(answer)) == (status, code)


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer x.y"])
def test_userinfo_needs_an_access_token(country: Country, token: str) -> None:
    answer = country.get("vneid", "/oauth2/userinfo", {"Authorization": token})
    assert (answer.status_code, problem(answer)) == (401, "invalid_token")


@pytest.mark.parametrize(
    ("fault", "status"), [("cut", 502), ("lose_answers", 504)], ids=["cut off", "silent"]
)
@pytest.mark.parametrize("portal", PORTALS)
def test_without_vneid_nobody_is_signed_in_and_everybody_is_told(
    country: Country, portal: str, fault: str, status: int
) -> None:
    citizen = Citizen(country, portal, signed_in=False)
    url = citizen.code_url()
    getattr(country.network, fault).add(f"{portal}--vneid")
    answer = citizen.callback(url)
    assert (answer.status_code, problem(answer)) == (status, "identity-unavailable")
