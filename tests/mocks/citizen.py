"""A citizen at a portal of the in-memory country: signs in, hands in dossiers, pays."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import msgspec

import fixtures
from fixtures.people import Registry
from mocks.messages import Authorization
from mocks.systems.payment import Checkout
from mocks.systems.vneid import SignInPage
from tests.mocks.country import SEED, Country

FREE = next(each.code for each in fixtures.open_procedures() if each.fee is None)
WITH_FEE = next(each.code for each in fixtures.open_procedures() if each.fee is not None)


class Citizen:
    """Citizen ``number`` of a province, signed in at ``portal`` unless told otherwise."""

    def __init__(
        self,
        country: Country,
        portal: str = "national-portal",
        *,
        number: int = 1,
        province: str = "15",
        signed_in: bool = True,
    ) -> None:
        self.country = country
        self.portal = portal
        self.headers: dict[str, str] = {"X-Caller": "citizens"}
        self._registry = Registry(SEED)
        self.person = self._registry.citizen(number, province)
        if signed_in:
            self.sign_in()

    def sign_in(self) -> httpx.Response:
        """The authorization code flow; the answer that sends the browser on from the portal."""
        answer = self.callback(self.code_url())
        assert answer.status_code == 303, answer.text
        self.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
        return answer

    def code_url(self) -> str:
        """Where VNeID sends the browser after the citizen has confirmed."""
        login = self.get("/auth/login")
        assert login.status_code == 302
        page = msgspec.json.decode(self._follow(login.headers["location"]).content, type=SignInPage)
        confirmed = self.country.post(
            "vneid", "/oauth2/authorize", {"request": page.request, "citizen_id": self.person.id}
        )
        assert confirmed.status_code == 302, confirmed.text
        return str(confirmed.headers["location"])

    def callback(self, url: str) -> httpx.Response:
        """Come back to the portal with a code."""
        return self._follow(url)

    def get(self, path: str) -> httpx.Response:
        """Read a page of the portal."""
        return self.country.get(self.portal, path, self.headers)

    def post(self, path: str, json: object = None, **headers: str) -> httpx.Response:
        """Send something to the portal; ``key`` is the Idempotency-Key."""
        key = {"Idempotency-Key": headers["key"]} if "key" in headers else {}
        return self.country.post(self.portal, path, json, {**self.headers, **key})

    def dossier(self, number: int = 1, procedure: str = FREE, commune: str | None = None) -> fixtures.Dossier:
        """A dossier of this citizen."""
        province = self.person.province
        return self._registry.dossier(
            number,
            province=province,
            commune=commune or fixtures.communes_of(province)[0].code,
            procedure=procedure,
            applicant=self.person,
        )

    def upload(self, content: bytes) -> httpx.Response:
        """Send one file."""
        return self.country.time.run(
            self.country.ask(self.portal, "POST", "/api/attachments", content=content, headers=self.headers)
        )

    def submit(
        self, dossier: fixtures.Dossier, key: str = "key-00000001", *, upload: bool = True
    ) -> httpx.Response:
        """Upload the files of a dossier and submit it."""
        for file in dossier.attachments if upload else ():
            receipt = self.upload(file.content())
            assert receipt.json()["HashTepTin"] == file.sha256
        return self.post("/api/dossiers", {"content": dossier.content()}, key=key)

    def consent(self, code: str) -> Authorization:
        """Order the payment of a dossier and consent to it at the payment platform."""
        ordered = self.post(f"/api/dossiers/{code}/payment-order")
        assert ordered.status_code == 200, ordered.text
        page = self.country.post("payment", "/checkout", {"token": ordered.json()["token"]})
        order = msgspec.json.decode(page.content, type=Checkout).order
        agreed = self.country.post("payment", f"/checkout/{order}/authorize")
        return msgspec.json.decode(agreed.content, type=Authorization)

    def pay(self, code: str, consent: Authorization, key: str = "pay-00000001") -> httpx.Response:
        """Have the fee of a dossier taken."""
        return self.post(f"/api/dossiers/{code}/payment", msgspec.to_builtins(consent), key=key)

    def _follow(self, url: str) -> httpx.Response:
        parts = urlsplit(url)
        return self.country.get(parts.netloc, f"{parts.path}?{parts.query}", self.headers)
