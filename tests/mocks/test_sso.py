"""Officials sign in once: with rights that the directory gives, and only while it gives them."""

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

import fixtures
from mocks.gaps import Gap
from mocks.systems.sso import ACCESS_LIFE, CODE_LIFE, REFRESH_LIFE
from mocks.units import old_districts
from tests.mocks.country import Country, problem
from tests.mocks.platform import put, standing

SSO, ACCOUNTS = "sso-15", "accounts-15"
LINK = f"{SSO}--{ACCOUNTS}"
ACCOUNT = f"{fixtures.communes_of('15')[0].code}.reception"
DISTRICT = f"{old_districts('15')[0]}.district"


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with standing(tmp_path, SSO, ACCOUNTS) as made:
        yield made


def confirm(country: Country, account: str = ACCOUNT) -> httpx.Response:
    asked = urlencode({"client_id": "case-15", "redirect_uri": "http://case-15/cb", "state": "s"})
    page = country.get(SSO, f"/oauth2/authorize?{asked}").json()
    return country.post(SSO, "/oauth2/authorize", {"request": page["request"], "account": account})


def code(country: Country, account: str = ACCOUNT) -> str:
    location = confirm(country, account).headers["location"]
    assert location.startswith("http://case-15/cb?")
    query = parse_qs(urlsplit(location).query)
    assert query["state"] == ["s"]
    return query["code"][0]


def trade(country: Country, given: str, client: str = "case-15") -> httpx.Response:
    return country.post(SSO, "/oauth2/token", {"client_id": client, "code": given})


def refresh(country: Country, token: str, client: str = "case-15") -> httpx.Response:
    body = {"client_id": client, "grant_type": "refresh_token", "refresh_token": token}
    return country.post(SSO, "/oauth2/token", body)


def test_an_official_signs_in(country: Country) -> None:
    tokens = trade(country, code(country)).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    who = country.get(SSO, "/oauth2/userinfo", bearer).json()
    assert (who["sub"], who["unit"], who["roles"], who["province"]) == (
        ACCOUNT,
        ACCOUNT.partition(".")[0],
        ["reception"],
        "15",
    )
    worth = country.post(SSO, "/oauth2/introspect", {"token": tokens["access_token"]}).json()
    assert (worth["active"], worth["sub"]) == (True, ACCOUNT)


def test_everything_is_where_the_discovery_says(country: Country) -> None:
    found = country.get(SSO, "/.well-known/openid-configuration", {"Host": "127.0.0.1:8000"}).json()
    assert found["issuer"] == "http://127.0.0.1:8000"
    offered = {each.path for each in country.system(SSO).operations()}
    assert {urlsplit(url).path for name, url in found.items() if name.endswith("_endpoint")} <= offered


def test_a_code_is_good_once_and_for_the_client_that_asked(country: Country) -> None:
    first, second = code(country), code(country)
    assert trade(country, first).status_code == 200
    assert problem(trade(country, first)) == "invalid_grant"
    assert problem(trade(country, second, client="somebody-else")) == "invalid_grant"
    country.time.advance(1)
    country.restart(SSO)
    assert problem(trade(country, second)) == "invalid_grant", "it is of an earlier life"


def test_codes_and_tokens_expire(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    given, tokens, now = code(country), trade(country, code(country)).json(), time.time()
    monkeypatch.setattr("time.time", lambda: now + CODE_LIFE + 1)
    assert problem(trade(country, given)) == "invalid_grant"
    monkeypatch.setattr("time.time", lambda: now + ACCESS_LIFE + 1)
    worth = country.post(SSO, "/oauth2/introspect", {"token": tokens["access_token"]}).json()
    assert worth == {"active": False}
    assert refresh(country, tokens["refresh_token"]).status_code == 200
    monkeypatch.setattr("time.time", lambda: now + REFRESH_LIFE + 1)
    assert problem(refresh(country, tokens["refresh_token"])) == "invalid_grant"


def test_a_token_is_used_for_what_it_is(country: Country) -> None:
    tokens = trade(country, code(country)).json()
    bearer = {"Authorization": f"Bearer {tokens['refresh_token']}"}
    assert problem(country.get(SSO, "/oauth2/userinfo", bearer)) == "invalid_token"
    assert problem(refresh(country, tokens["access_token"])) == "invalid_grant"
    assert problem(refresh(country, tokens["refresh_token"], client="somebody-else")) == "invalid_grant"


@pytest.mark.parametrize(
    ("account", "said"), [(DISTRICT, "rights-ended"), ("nobody/../x", "no-such-account")]
)
def test_who_has_no_rights_is_refused(country: Country, account: str, said: str) -> None:
    answer = confirm(country, account)
    assert (answer.status_code, problem(answer)) == (403, said)


def test_a_right_that_is_taken_away_ends_with_the_access_token(country: Country) -> None:
    tokens = trade(country, code(country)).json()
    put(country, ACCOUNTS, f"/api/accounts/{ACCOUNT}", {"active": False})
    assert country.post(SSO, "/oauth2/introspect", {"token": tokens["access_token"]}).json()["active"]
    assert problem(refresh(country, tokens["refresh_token"])) == "rights-ended"


@pytest.mark.parametrize(
    ("redirect", "request_"), [("http://x/\r\nSet-Cookie: a", ""), ("http://x/", "forged.x")]
)
def test_a_request_that_is_not_right_is_refused(country: Country, redirect: str, request_: str) -> None:
    asked = urlencode({"client_id": "c", "redirect_uri": redirect, "state": "s"})
    answer = country.get(SSO, f"/oauth2/authorize?{asked}")
    if request_:
        answer = country.post(SSO, "/oauth2/authorize", {"request": request_, "account": ACCOUNT})
    assert (answer.status_code, problem(answer)) == (400, "bad-request")


@pytest.mark.parametrize(
    ("fault", "status"), [("cut", 502), ("lose_answers", 504)], ids=["cut off", "silent"]
)
def test_without_the_directory_nobody_signs_in_and_everybody_is_told(
    country: Country, fault: str, status: int
) -> None:
    getattr(country.network, fault).add(LINK)
    answer = confirm(country)
    assert (answer.status_code, problem(answer)) == (status, "directory-unavailable")


def test_gaps_of_the_sign_on(tmp_path: Path) -> None:
    with standing(tmp_path, SSO, ACCOUNTS, gaps=[Gap("sso-down", "15")]) as country:
        answer = country.get(SSO, "/.well-known/openid-configuration")
        assert (answer.status_code, problem(answer)) == (503, "sso-down")
    with standing(tmp_path / "alive", SSO, ACCOUNTS, gaps=[Gap("district-rights-alive", "15")]) as country:
        assert trade(country, code(country, DISTRICT)).status_code == 200
