"""Signing in with VNeID: the relying party's half of the authorization code flow, for every portal."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import urlencode

import msgspec

from mocks.caller import CallFailed
from mocks.http import Answer, Call, Cookies, Credential, Problem, Refusal, operation
from mocks.system import System
from mocks.systems.vneid import TokenAnswer, TokenRequest, UserInfo
from mocks.tokens import Session, Signer

IDENTITY_LIMIT = 6.0
"""Seconds until VNeID must have answered one call."""
SESSION_LIFE = 3600.0
DASHBOARD = "/api/me/dossiers"
CITIZEN = Credential("cookie", "GET /auth/login")
"""What :meth:`RelyingParty.citizen` asks for."""
_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x7e]*")
"""A path of this portal, percent-encoded: neither an open redirect nor a second line of the header."""


class LoginQuery(msgspec.Struct, frozen=True):
    """Where to go after the sign-in: a path of this portal."""

    return_to: str = DASHBOARD


class CallbackQuery(msgspec.Struct, frozen=True):
    """What VNeID sends the browser back with."""

    code: str
    state: str


class LoginState(msgspec.Struct, frozen=True):
    """The claims inside ``state``: ties the answer to the request."""

    return_to: str


class RelyingParty(System):
    """A portal at which citizens sign in with VNeID."""

    kind = ""
    title = ""

    async def start(self) -> None:
        """Sessions are signed, so they outlive a restart of the portal."""
        self._signer = Signer(self.name, self.context.seed)

    @operation("GET", "/auth/login", query=LoginQuery, answers={302: None})
    async def login(self, call: Call[None]) -> Answer:
        """Send the browser to VNeID."""
        back = call.query.return_to if _OWN_PATH.fullmatch(call.query.return_to) else DASHBOARD
        asked = urlencode(
            {
                "response_type": "code",
                "client_id": self.name,
                "redirect_uri": f"{self.config.public[self.name]}/auth/callback",
                "scope": "openid",
                "acr_values": "LoA1",
                "state": self._signer.sign(LoginState(back)),
            }
        )
        return Answer(302, headers=(("Location", f"{self.config.public['vneid']}/oauth2/authorize?{asked}"),))

    @operation(
        "GET",
        "/auth/callback",
        query=CallbackQuery,
        answers={303: None, 400: Problem, 502: Problem, 504: Problem},
        answer_headers={"Set-Cookie": f"The cookie `session`, good for {SESSION_LIFE:.0f} seconds."},
    )
    async def callback(self, call: Call[None]) -> Answer:
        """Trade the code for the citizen's identity and open a session."""
        state = self._signer.open(call.query.state, LoginState)
        if state is None:
            raise Refusal(
                400, "bad-state", "Yêu cầu đăng nhập không hợp lệ.", "The sign-in was not begun here."
            )
        try:
            token = await self.caller.ask(
                TokenAnswer,
                self.config,
                "vneid",
                "token",
                "POST",
                "/oauth2/token",
                limit=IDENTITY_LIMIT,
                body=TokenRequest(call.query.code, self.name),
                trace=call.trace,
            )
            person = await self.caller.ask(
                UserInfo,
                self.config,
                "vneid",
                "userinfo",
                "GET",
                "/oauth2/userinfo",
                limit=IDENTITY_LIMIT,
                headers={"Authorization": f"Bearer {token.access_token}"},
                trace=call.trace,
            )
        except CallFailed as failure:
            if failure.status == 400:
                raise Refusal(
                    400, "code-used", "Mã xác thực không hợp lệ.", "VNeID refused the code."
                ) from failure
            status = 504 if failure.error == "timeout" else 503 if failure.status == 503 else 502
            raise Refusal(
                status,
                "identity-unavailable",
                "Dịch vụ định danh VNeID đang gián đoạn, vui lòng thử lại.",
                f"VNeID did not confirm the sign-in ({failure.error}); please try again.",
            ) from failure
        session = Session(person.citizen_id, person.name, time.time() + SESSION_LIFE)
        cookie = f"session={self.sessions().sign(session)}; Path=/; HttpOnly; SameSite=Lax"
        return Answer(303, headers=(("Location", state.return_to), ("Set-Cookie", cookie)))

    def sessions(self) -> Signer:
        """Who signs the sessions of this moment, and knows them again."""
        return self._signer

    def citizen(self, call: Call[Any]) -> Session:
        """The session of whoever sent the request; refuses with 401 where there is none."""
        session = self.sessions().session(Cookies.parse(call.header("cookie")).values.get("session", ""))
        if session is None:
            raise Refusal(401, "not-signed-in", "Vui lòng đăng nhập.", "Please sign in.")
        return session
