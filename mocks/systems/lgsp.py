"""LGSP, a province's integration platform: the hop between its case system and the nation."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import msgspec

from mocks.caller import CallFailed
from mocks.http import Answer, Call, Credential, HeaderField, Problem, Refusal, operation
from mocks.messages import (
    ADAPTER_LOGIN,
    INTEGRATION,
    AdapterLogin,
    AdapterSession,
    Envelope,
    IntegrationReply,
    ServiceName,
)
from mocks.system import System
from mocks.tokens import Signer

HOP_LIMIT = 2.5
"""Seconds until the next system must have answered; callers of this platform wait a little longer."""
NATIONAL_PORTAL = "G22.99"
PROCEDURES = "G22.01"
"""Destination codes of the national systems (synthetic units below the Government Office's code)."""
DESTINATION = HeaderField(
    "dstcode",
    f"Whom the call is for: `{NATIONAL_PORTAL}` is the national portal, `{PROCEDURES}` the catalogue of "
    "procedures, a province's two digits its case system.",
    "15",
)
KEY = HeaderField("Idempotency-Key", "Handed on with the call; without it, `mahoso` is.", "TEST-1")
SESSION = Credential("body", f"POST {ADAPTER_LOGIN}")


class AdapterClaims(msgspec.Struct, frozen=True):
    """Who has logged in to the adapter."""

    username: str


class Address(msgspec.Struct, frozen=True):
    """What the platform reads of an integration call; it hands the rest on unopened."""

    session: str
    service: ServiceName
    mahoso: str = ""


class Lgsp(System):
    """Provincial integration and data-sharing platform (Nền tảng tích hợp, chia sẻ dữ liệu cấp tỉnh)."""

    kind = "lgsp"
    title = "Provincial integration platform"

    async def start(self) -> None:
        """Lay out the routes."""
        self._signer = Signer(self.name, self.context.seed)
        self._routes = self.routes()

    def routes(self) -> dict[str, str]:
        """The peer behind each destination code."""
        province = self.config.province
        return {
            NATIONAL_PORTAL: "national-portal",
            PROCEDURES: "procedures",
            province: f"case-{province}",
        }

    @operation(
        "POST", ADAPTER_LOGIN, body=AdapterLogin, headers=(DESTINATION,), answers={200: AdapterSession}
    )
    async def login(self, call: Call[AdapterLogin]) -> Answer:
        """Open a session of the integration adapter."""
        return Answer(200, AdapterSession(self._signer.sign(AdapterClaims(call.body.username))))

    @operation(
        "POST",
        INTEGRATION,
        body=Address,
        body_shown=Envelope,
        credential=SESSION,
        headers=(replace(DESTINATION, required=True), KEY),
        answers={
            200: IntegrationReply,
            404: Problem,
            409: Problem,
            422: Problem,
            502: Problem,
            504: Problem,
        },
    )
    async def integrate(self, call: Call[Address]) -> Answer:
        """Hand an integration call on to the system that the header ``dstcode`` names."""
        if self._signer.open(call.body.session, AdapterClaims) is None:
            raise Refusal(
                401, "no-session", "Phiên tích hợp không hợp lệ.", "The adapter session is not valid."
            )
        destination = call.header("dstcode")
        call.key = call.key or call.body.mahoso
        peer = self._routes.get(destination)
        if peer is None:
            raise Refusal(
                502,
                "unit-not-declared",
                f"Đơn vị {destination} chưa được khai báo trên nền tảng tích hợp.",
                f"No route: unit {destination!r} has not been declared on {self.name}.",
            )
        try:
            answer = await self.relay(peer, call)
            if self.switches.on and self.switches.twice():
                with contextlib.suppress(CallFailed):  # the first one has arrived
                    await self.relay(peer, call)
        except CallFailed as failure:
            if failure.error == "timeout":
                raise Refusal(
                    504, "no-answer", f"{peer} không trả lời.", f"{peer} did not answer in time."
                ) from failure
            if failure.status in (400, 404, 409, 422):  # the callee's own word: hand it back as it is
                return Answer(failure.status, failure.body, media="application/problem+json")
            raise Refusal(502, "no-connection", f"Không kết nối được {peer}.", f"{failure}") from failure
        return Answer(200, answer, media="application/json")

    async def relay(self, peer: str, call: Call[Address]) -> bytes:
        """Hand a call on, unopened; the body of its answer. Raises :class:`CallFailed`."""
        return await self.caller.call(
            self.config,
            peer,
            call.body.service,
            "POST",
            INTEGRATION,
            limit=HOP_LIMIT,
            body=call.raw,
            key=call.key,
            trace=call.trace,
        )
