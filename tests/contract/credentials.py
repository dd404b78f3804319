"""What the documents ask a caller to show, got in the way that they describe."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from tests.contract.running import PROVINCE, Running

_CLIENT = {"client_id": "contract", "redirect_uri": "https://client.example/callback", "state": "contract"}


def shown(country: Running, kind: str) -> dict[str, Any]:
    """Arguments of a request: the header or cookie with which it bears what this kind of system asks for.

    Raises ``ValueError`` where that comes from an operation that is not known here.
    """
    document: Any = country.document(kind)
    schemes: dict[str, Any] = document["components"]["securitySchemes"]
    if not schemes:
        return {}
    (scheme,) = schemes.values()
    address = country.addresses[kind]
    source = scheme["description"].split("`")[1]
    match source:
        case "GET /auth/login":
            asked = httpx.get(f"{address}/auth/login").headers["location"]
            back = _confirmed(country, "vneid", urlsplit(asked).query)
            return {"cookies": dict(httpx.get(f"{address}/auth/callback?{back}").cookies)}
        case "POST /oauth2/token":
            (code,) = parse_qs(_confirmed(country, kind, urlencode(_CLIENT)))["code"]
            answer = httpx.post(f"{address}/oauth2/token", json={"client_id": "contract", "code": code})
        case "POST /token":
            answer = httpx.post(f"{address}/token", json={"username": "contract"})
        case "POST /api/token":
            answer = httpx.post(f"{address}/api/token", json={"userName": "contract"})
        case "POST /api/officials/sign-in":
            answer = httpx.post(f"{address}/api/officials/sign-in", json={"official": "contract"})
        case _:
            raise ValueError(f"nobody knows here how to get what comes from {source}")
    said = answer.json()
    return {"headers": {"Authorization": f"Bearer {said.get('access_token') or said['token']}"}}


def _confirmed(country: Running, provider: str, query: str) -> str:
    """The query with which a browser comes back from the sign-in page that it went to with this query."""
    page = f"{country.addresses[provider]}/oauth2/authorize"
    asked = {"request": httpx.get(f"{page}?{query}").json()["request"], **_who(country, provider)}
    return urlsplit(httpx.post(page, json=asked).headers["location"]).query


def _who(country: Running, provider: str) -> dict[str, str]:
    """An official who has an account, or the citizen whom the document names."""
    if provider == "sso":
        accounts = httpx.get(f"{country.addresses['accounts']}/api/provinces/{PROVINCE}/accounts").json()
        return {"account": next(each["account"] for each in accounts if each["active"])}
    document: Any = country.document(provider)
    citizens = document["components"]["schemas"]["Confirmation"]["properties"]["citizen_id"]["examples"]
    return {"citizen_id": citizens[0]}
