"""The single sign-on of a province's officials: an OpenID Connect provider, asking the directory of accounts.

==========================================  ===  ======================================================
``GET /.well-known/openid-configuration``   200  where everything is (OpenID Connect Discovery 1.0)
``GET /oauth2/authorize``?client_id&        200  {client, request}: the page to sign in at
redirect_uri&state
``POST /oauth2/authorize``                  302  {request, account}: back to redirect_uri with a code;
                                                 400 no request of ours; 403 there is no such account, or
                                                 it lost its rights, as those of abolished districts did
``POST /oauth2/token``                      200  {grant_type, client_id, code | refresh_token} to
                                                 {access_token, refresh_token, expires_in}; 400
``GET /oauth2/userinfo``                    200  bearer: {sub, name, unit, roles, province}; 401
``POST /oauth2/introspect``                 200  {token} to {active, sub, unit, roles, expires}
==========================================  ===  ======================================================

502, 503 or 504 where the directory of accounts does not answer. A refresh asks it again, so a right that was
taken away ends with the access token. A code is good once, a refresh token until it expires.

Gap ``sso-down`` (province): everything answers 503.
"""

from __future__ import annotations

import re
import time
from typing import Literal
from urllib.parse import quote, urlencode

import msgspec

from mocks.caller import CallFailed
from mocks.http import CHALLENGE, Answer, Call, Credential, Problem, Refusal, operation
from mocks.system import System
from mocks.systems.accounts import Account
from mocks.systems.vneid import AuthorizeQuery, PendingRequest, SignInPage
from mocks.tokens import Signer

CODE_LIFE = 60.0
ACCESS_LIFE = 900.0
REFRESH_LIFE = 8 * 3600.0
"""Seconds: a working day."""
DIRECTORY_LIMIT = 2.0
"""Seconds until the directory of accounts must have answered."""
TOKEN = Credential("bearer", "POST /oauth2/token")
_URI = re.compile(r"[\x21-\x7e]+")
"""What can stand in a Location header."""


class OfficialConfirmation(msgspec.Struct, frozen=True):
    """An official signs in to a request with an account."""

    request: str
    account: str


class OfficialTokenRequest(msgspec.Struct, frozen=True):
    """A relying party trades a code, or a refresh token, for tokens."""

    client_id: str
    grant_type: Literal["authorization_code", "refresh_token"] = "authorization_code"
    code: str = ""
    refresh_token: str = ""


class OfficialTokens(msgspec.Struct, frozen=True):
    """The tokens of an official; ``expires_in`` is the seconds that the access token lives."""

    access_token: str
    refresh_token: str
    expires_in: float
    token_type: str = "Bearer"  # noqa: S105 - the token's type, not a secret


class Official(msgspec.Struct, frozen=True):
    """Who signed in, for which unit of which province, with which roles."""

    sub: str
    name: str
    unit: str
    roles: list[str]
    province: str


class TokenQuestion(msgspec.Struct, frozen=True):
    """A relying party asks what a token is worth (RFC 7662)."""

    token: str


class Introspection(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a token is worth; ``expires`` in seconds of Unix time."""

    active: bool
    sub: str = ""
    unit: str = ""
    roles: list[str] = []
    expires: float = 0.0


class Discovery(msgspec.Struct, frozen=True):
    """Where a relying party finds what it needs."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    introspection_endpoint: str
    response_types_supported: list[str]
    grant_types_supported: list[str]
    scopes_supported: list[str]


class OfficialGrant(msgspec.Struct, frozen=True):
    """The claims inside a code, an access token or a refresh token."""

    use: Literal["code", "access", "refresh"]
    client_id: str
    account: str
    unit: str
    role: str
    expires: float
    serial: int = 0


class Sso(System):
    """Single sign-on of a province's officials (Giải pháp đăng nhập một lần)."""

    kind = "sso"
    title = "Single sign-on of officials"

    async def start(self) -> None:
        """Codes can be used once: remember which were, and take none that an earlier life gave."""
        self._signer = Signer(self.name, self.context.seed)
        self._directory = f"accounts-{self.config.province}"
        self._down = self.context.gaps.has("sso-down", self.config.province)
        self._first = self._serial = time.monotonic_ns()
        self._used: set[int] = set()

    def gate(self, method: str, target: str) -> Answer | None:  # noqa: ARG002 - the same for everything
        """Everything is refused where the province's sign-on does not stand."""
        if self._down:
            raise Refusal(
                503, "sso-down", "Hệ thống đăng nhập một lần chưa hoạt động.", "The sign-on does not stand."
            )
        return None

    @operation("GET", "/.well-known/openid-configuration", answers={200: Discovery})
    async def discovery(self, call: Call[None]) -> Answer:
        """Where everything is."""
        issuer = f"http://{call.header('host') or self.name}"
        described = Discovery(
            issuer=issuer,
            authorization_endpoint=f"{issuer}/oauth2/authorize",
            token_endpoint=f"{issuer}/oauth2/token",
            userinfo_endpoint=f"{issuer}/oauth2/userinfo",
            introspection_endpoint=f"{issuer}/oauth2/introspect",
            response_types_supported=["code"],
            grant_types_supported=["authorization_code", "refresh_token"],
            scopes_supported=["openid"],
        )
        return Answer(200, described)

    @operation("GET", "/oauth2/authorize", query=AuthorizeQuery, answers={200: SignInPage, 400: Problem})
    async def authorize(self, call: Call[None]) -> Answer:
        """Show the sign-in page for a relying party's request."""
        asked: AuthorizeQuery = call.query
        if not _URI.fullmatch(asked.redirect_uri):
            raise _bad_request()
        pending = PendingRequest(asked.client_id, asked.redirect_uri, asked.state)
        return Answer(200, SignInPage(asked.client_id, self._signer.sign(pending)))

    @operation(
        "POST",
        "/oauth2/authorize",
        body=OfficialConfirmation,
        answers={302: None, 400: Problem, 403: Problem, 502: Problem, 504: Problem},
    )
    async def confirm(self, call: Call[OfficialConfirmation]) -> Answer:
        """Sign an official in and send the browser back with a code."""
        pending = self._signer.open(call.body.request, PendingRequest)
        if pending is None:
            raise _bad_request()
        account = await self._entitled(call.body.account, call.trace)
        self._serial += 1
        code = self._grant("code", pending.client_id, account, CODE_LIFE, self._serial)
        answer = urlencode({"code": code, "state": pending.state})
        return Answer(302, headers=(("Location", f"{pending.redirect_uri}?{answer}"),))

    @operation(
        "POST",
        "/oauth2/token",
        body=OfficialTokenRequest,
        answers={200: OfficialTokens, 400: Problem, 403: Problem, 502: Problem, 504: Problem},
    )
    async def token(self, call: Call[OfficialTokenRequest]) -> Answer:
        """Trade a code, which is good once, or a refresh token for tokens."""
        if call.body.grant_type == "authorization_code":
            grant = self._open(call.body.code, "code")
            if grant is None or grant.serial <= self._first or grant.serial in self._used:
                raise _invalid_grant()
        else:
            grant = self._open(call.body.refresh_token, "refresh")
        if grant is None or grant.client_id != call.body.client_id:
            raise _invalid_grant()
        if grant.use == "code":
            self._used.add(grant.serial)
            account = Account(grant.account, grant.unit, grant.role, True)
        else:
            account = await self._entitled(grant.account, call.trace)
        access = self._grant("access", grant.client_id, account, ACCESS_LIFE)
        refresh = self._grant("refresh", grant.client_id, account, REFRESH_LIFE)
        return Answer(200, OfficialTokens(access, refresh, ACCESS_LIFE))

    @operation("GET", "/oauth2/userinfo", credential=TOKEN, answers={200: Official})
    async def userinfo(self, call: Call[None]) -> Answer:
        """Who the bearer of an access token is."""
        grant = self._open(call.bearer(), "access")
        if grant is None:
            raise Refusal(
                401,
                "invalid_token",
                "Phiên không hợp lệ.",
                "The access token is not valid.",
                headers=CHALLENGE,
            )
        name = f"Cán bộ thử nghiệm {grant.account}"
        return Answer(200, Official(grant.account, name, grant.unit, [grant.role], self.config.province))

    @operation("POST", "/oauth2/introspect", body=TokenQuestion, answers={200: Introspection})
    async def introspect(self, call: Call[TokenQuestion]) -> Answer:
        """What a token is worth."""
        grant = self._open(call.body.token, "access")
        if grant is None:
            return Answer(200, Introspection(False))
        return Answer(200, Introspection(True, grant.account, grant.unit, [grant.role], grant.expires))

    def _grant(
        self,
        use: Literal["code", "access", "refresh"],
        client: str,
        account: Account,
        life: float,
        serial: int = 0,
    ) -> str:
        return self._signer.sign(
            OfficialGrant(
                use, client, account.account, account.unit, account.role, time.time() + life, serial
            )
        )

    def _open(self, token: str, use: str) -> OfficialGrant | None:
        grant = self._signer.open(token, OfficialGrant)
        return None if grant is None or grant.use != use or grant.expires < time.time() else grant

    async def _entitled(self, account: str, trace: str) -> Account:
        """The account, if it may sign in; refuses with 403, or with 502 to 504 where nobody can say."""
        try:
            found = await self.caller.ask(
                Account,
                self.config,
                self._directory,
                "account",
                "GET",
                f"/api/accounts/{quote(account, safe='')}",
                limit=DIRECTORY_LIMIT,
                trace=trace,
            )
        except CallFailed as failure:
            if failure.status == 404:
                raise Refusal(
                    403, "no-such-account", "Không có tài khoản này.", "There is no such account."
                ) from failure
            status = 504 if failure.error == "timeout" else 503 if failure.status == 503 else 502
            raise Refusal(
                status,
                "directory-unavailable",
                "Thư mục tài khoản đang gián đoạn, vui lòng thử lại.",
                f"The directory of accounts did not answer ({failure.error}); please try again.",
            ) from failure
        if not found.active:
            raise Refusal(
                403,
                "rights-ended",
                f"Tài khoản {account} đã hết quyền.",
                f"The rights of the account {account!r} have ended.",
            )
        return found


def _bad_request() -> Refusal:
    return Refusal(400, "bad-request", "Yêu cầu đăng nhập không hợp lệ.", "The sign-in request is not valid.")


def _invalid_grant() -> Refusal:
    return Refusal(400, "invalid_grant", "Mã xác thực không hợp lệ.", "The code or token is not valid.")
