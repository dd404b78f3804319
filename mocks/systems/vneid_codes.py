"""Signing in with a one-time code that comes as a text message.

=========================================  ===========================================================
``POST /api/one-time-codes``               send a code for a sign-in page to the citizen's phone: 202;
                                           429 after too many messages for one page
``GET /api/phones/{citizen_id}``           what the citizen's phone shows, as far as this system knows
``POST /oauth2/authorize/one-time-code``   sign in with the code: 302 as the confirmation in the
                                           application; 403 a wrong one, 410 one that has expired
=========================================  ===========================================================

A code belongs to its sign-in page. Whoever asks again gets the same code once more, so that no message makes
an earlier or a later one worthless, and its time begins when a phone has it: a code that is late is not
expired. While a message is on its way none is sent besides. Only a country with an SMS gateway offers this.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass
from typing import Annotated

import msgspec

from mocks.caller import CallFailed
from mocks.http import Answer, Call, Problem, Refusal, operation
from mocks.resilience import Backoff
from mocks.system import System
from mocks.systems.sms_gateway import DeliveryReport, TextMessage

GATEWAY = "sms-gateway"
GOOD_FOR = 20.0
"""Seconds from the delivery of a code to its end."""
DELIVERY_LIMIT = 15.0
"""Seconds to wait for a delivery report; the same message is then sent again under the same key."""
TRIES = 3
MOST_MESSAGES = 3
"""Messages for one sign-in page; the budget that keeps impatience from becoming a flood."""
DIGITS = 6


class CodeWanted(msgspec.Struct, frozen=True):
    """For which sign-in page, and whose phone."""

    request: str
    citizen_id: str


class CodeSent(msgspec.Struct, frozen=True):
    """Whether a message was sent now, and how many were sent for this page; else one is on its way."""

    sent: bool
    messages: int


class OneTimeCode(msgspec.Struct, frozen=True):
    """The citizen types the code in."""

    request: str
    citizen_id: str
    code: Annotated[str, msgspec.Meta(max_length=DIGITS)]


class ShownCode(msgspec.Struct, frozen=True):
    """A message on a phone: the sign-in page it is for, and the code."""

    request: str
    code: str


class Phone(msgspec.Struct, frozen=True):
    """What a phone shows, the newest last."""

    messages: list[ShownCode]


@dataclass(slots=True)
class _Asked:
    code: str
    messages: int = 0
    on_its_way: bool = False
    good_until: float | None = None  # monotonic seconds; None until a phone has it


class OneTimeCodes(System):
    """A system that signs people in with codes of an SMS gateway."""

    kind = ""
    title = ""

    async def start(self) -> None:
        """A code does not outlive a restart: people ask for another."""
        self._asked: dict[tuple[str, str], _Asked] = {}
        self._phones: dict[str, list[ShownCode]] = {}

    def knows(self, request: str) -> bool:
        """Whether this is the request of one of our sign-in pages."""
        raise NotImplementedError

    def signed_in(self, request: str, citizen_id: str) -> Answer:
        """Send the browser back with a code for the relying party."""
        raise NotImplementedError

    @operation(
        "POST",
        "/api/one-time-codes",
        body=CodeWanted,
        answers={202: CodeSent, 400: Problem, 403: Problem, 404: Problem, 429: Problem},
    )
    async def send_code(self, call: Call[CodeWanted]) -> Answer:
        """Send a one-time code to the citizen's phone."""
        wanted = call.body
        self._refuse_unknown(wanted.request)
        person = self.context.people.by_id(wanted.citizen_id)
        if person is None:
            raise Refusal(403, "no-such-citizen", "Không có tài khoản này.", "There is no such account.")
        key = (wanted.request, wanted.citizen_id)
        asked = self._asked.setdefault(key, _Asked(self._code(*key)))
        if asked.on_its_way:
            return Answer(202, CodeSent(False, asked.messages))
        if asked.messages >= MOST_MESSAGES:
            raise Refusal(
                429,
                "too-many-codes",
                "Đã gửi quá nhiều mã cho lần đăng nhập này; vui lòng dùng mã đã nhận hoặc đăng nhập lại.",
                "Too many codes were sent for this sign-in: use one that came, or sign in anew.",
                headers=(("Retry-After", "5"),),
            )
        asked.messages += 1
        asked.on_its_way = True
        message = TextMessage(person.phone, f"{asked.code} la ma dang nhap VNeID (dien tap)")
        work = self._deliver(wanted, asked, message, f"{self.name}-{time.monotonic_ns():x}", call.trace)
        self.context.spawn(work, f"{self.name} to {GATEWAY}")
        return Answer(202, CodeSent(True, asked.messages))

    @operation("GET", "/api/phones/{citizen_id}", answers={200: Phone, 404: Problem})
    async def phone(self, call: Call[None]) -> Answer:
        """What the citizen's phone shows.

        It stands for the phone in the citizen's hand, and so asks nobody who they are.
        """
        if GATEWAY not in self.config.peers:
            raise _not_offered()
        return Answer(200, Phone(list(self._phones.get(call.path["citizen_id"], ()))))

    @operation(
        "POST",
        "/oauth2/authorize/one-time-code",
        body=OneTimeCode,
        answers={302: None, 400: Problem, 403: Problem, 404: Problem, 410: Problem},
    )
    async def confirm_with_code(self, call: Call[OneTimeCode]) -> Answer:
        """Take the code in place of a confirmation in the application; it is good once."""
        given = call.body
        self._refuse_unknown(given.request)
        key = (given.request, given.citizen_id)
        asked = self._asked.get(key)
        if asked is None or asked.good_until is None or given.code != asked.code:
            raise Refusal(403, "wrong-code", "Mã không đúng.", "The code is not right.")
        if asked.good_until < time.monotonic():
            raise Refusal(410, "code-expired", "Mã đã hết hạn.", "The code has expired; ask for another.")
        del self._asked[key]
        return self.signed_in(given.request, given.citizen_id)

    async def _deliver(
        self, wanted: CodeWanted, asked: _Asked, message: TextMessage, key: str, trace: str
    ) -> None:
        """Hand a message to the gateway until it reports delivery, a few times at most."""
        backoff = Backoff(0.5, 2.0)
        try:
            for attempt in range(1, TRIES + 1):
                try:
                    await self.caller.ask(
                        DeliveryReport,
                        self.config,
                        GATEWAY,
                        "send",
                        "POST",
                        "/api/messages",
                        limit=DELIVERY_LIMIT,
                        body=message,
                        key=key,
                        trace=trace,
                        attempt=attempt,
                    )
                except CallFailed:
                    await asyncio.sleep(backoff.pause(attempt, self.rng))
                    continue
                asked.good_until = time.monotonic() + GOOD_FOR
                shown = ShownCode(wanted.request, asked.code)
                self._phones.setdefault(wanted.citizen_id, []).append(shown)
                return
        finally:
            asked.on_its_way = False

    def _refuse_unknown(self, request: str) -> None:
        if GATEWAY not in self.config.peers:
            raise _not_offered()
        if not self.knows(request):
            raise Refusal(
                400, "bad-request", "Yêu cầu đăng nhập không hợp lệ.", "The sign-in request is not valid."
            )

    def _code(self, request: str, citizen_id: str) -> str:
        """The code of a sign-in page: the same however often it is asked for."""
        key = f"{self.name}/{self.context.seed}".encode()
        digest = hashlib.blake2b(f"{request}/{citizen_id}".encode(), digest_size=8, key=key).digest()
        return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}d}"


def _not_offered() -> Refusal:
    return Refusal(
        404,
        "no-codes",
        "Hệ thống này không gửi mã qua tin nhắn.",
        "This system sends no codes by text message.",
    )
