"""VNeID, the e-identity: an OpenID Connect provider, authorization code flow."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import msgspec

from mocks.http import CHALLENGE, Answer, Call, Credential, Problem, Refusal, operation
from mocks.systems.vneid_codes import OneTimeCodes
from mocks.tokens import Signer

CODE_LIFE = 60.0
TOKEN_LIFE = 900.0

TOKEN = Credential("bearer", "POST /oauth2/token")


class AuthorizeQuery(msgspec.Struct, frozen=True):
    """An authorization request (OpenID Connect Core 1.0, section 3.1.2.1)."""

    client_id: str
    redirect_uri: str
    state: str
    response_type: str = "code"
    scope: str = "openid"
    acr_values: str = "LoA1"


class SignInPage(msgspec.Struct, frozen=True):
    """The page a citizen sees: which client asks, and the request to be confirmed."""

    client: str
    request: str


class Confirmation(msgspec.Struct, frozen=True):
    """The citizen confirms a request in the application."""

    request: str
    citizen_id: str


class TokenRequest(msgspec.Struct, frozen=True):
    """A relying party trades a code for a token."""

    code: str
    client_id: str
    grant_type: str = "authorization_code"


class TokenAnswer(msgspec.Struct, frozen=True):
    """An access token and its life in seconds."""

    access_token: str
    expires_in: float
    token_type: str = "Bearer"  # noqa: S105 - the token's type, not a secret


class UserInfo(msgspec.Struct, frozen=True):
    """Who signed in; ``TechID`` identifies the person to all relying parties."""

    sub: str
    TechID: str
    citizen_id: str
    name: str


class Grant(msgspec.Struct, frozen=True):
    """The claims inside a code or an access token."""

    use: str
    client_id: str
    citizen_id: str
    expires: float
    serial: int = 0


class PendingRequest(msgspec.Struct, frozen=True):
    """The claims inside the request of a sign-in page."""

    client_id: str
    redirect_uri: str
    state: str


class Vneid(OneTimeCodes):
    """VNeID electronic identification (Định danh và xác thực điện tử)."""

    kind = "vneid"
    title = "VNeID"

    async def start(self) -> None:
        """Codes can be used once: remember which were, and take none that an earlier life gave."""
        await super().start()
        self._signer = Signer("vneid", self.context.seed)
        self._first = self._serial = time.monotonic_ns()
        self._used: set[int] = set()

    @operation("GET", "/oauth2/authorize", query=AuthorizeQuery, answers={200: SignInPage})
    async def authorize(self, call: Call[None]) -> Answer:
        """Show the sign-in page for a relying party's request."""
        asked: AuthorizeQuery = call.query
        pending = PendingRequest(asked.client_id, asked.redirect_uri, asked.state)
        return Answer(200, SignInPage(asked.client_id, self._signer.sign(pending)))

    @operation(
        "POST", "/oauth2/authorize", body=Confirmation, answers={302: None, 400: Problem, 403: Problem}
    )
    async def confirm(self, call: Call[Confirmation]) -> Answer:
        """Take the citizen's confirmation and send the browser back with a code."""
        return self.signed_in(call.body.request, call.body.citizen_id)

    def knows(self, request: str) -> bool:
        """Whether this is the request of one of our sign-in pages."""
        return self._signer.open(request, PendingRequest) is not None

    def signed_in(self, request: str, citizen_id: str) -> Answer:
        """Send the browser back with a code for the relying party."""
        pending = self._signer.open(request, PendingRequest)
        if pending is None:
            raise Refusal(
                400, "bad-request", "Yêu cầu đăng nhập không hợp lệ.", "The sign-in request is not valid."
            )
        if self.context.people.by_id(citizen_id) is None:
            raise Refusal(403, "no-such-citizen", "Không có tài khoản này.", "There is no such account.")
        self._serial += 1
        grant = Grant("code", pending.client_id, citizen_id, time.time() + CODE_LIFE, self._serial)
        answer = urlencode({"code": self._signer.sign(grant), "state": pending.state})
        return Answer(302, headers=(("Location", f"{pending.redirect_uri}?{answer}"),))

    @operation("POST", "/oauth2/token", body=TokenRequest, answers={200: TokenAnswer, 400: Problem})
    async def token(self, call: Call[TokenRequest]) -> Answer:
        """Trade a code for an access token; a code is good once."""
        grant = self._signer.open(call.body.code, Grant)
        if (
            grant is None
            or grant.use != "code"
            or grant.client_id != call.body.client_id
            or grant.expires < time.time()
            or grant.serial <= self._first
            or grant.serial in self._used
        ):
            raise Refusal(
                400, "invalid_grant", "Mã xác thực không hợp lệ.", "The code is not valid or was used."
            )
        self._used.add(grant.serial)
        access = Grant("access", grant.client_id, grant.citizen_id, time.time() + TOKEN_LIFE)
        return Answer(200, TokenAnswer(self._signer.sign(access), TOKEN_LIFE))

    @operation("GET", "/oauth2/userinfo", credential=TOKEN, answers={200: UserInfo})
    async def userinfo(self, call: Call[None]) -> Answer:
        """Who the bearer of an access token is."""
        grant = self._signer.open(call.bearer(), Grant)
        if grant is None or grant.use != "access" or grant.expires < time.time():
            raise Refusal(
                401,
                "invalid_token",
                "Phiên không hợp lệ.",
                "The access token is not valid.",
                headers=CHALLENGE,
            )
        person = self.context.people.by_id(grant.citizen_id)
        if person is None:
            raise Refusal(
                401,
                "invalid_token",
                "Phiên không hợp lệ.",
                "The access token is not valid.",
                headers=CHALLENGE,
            )
        return Answer(200, UserInfo(person.id, f"TECH-{person.id}", person.id, person.name))
