"""A visitor for unit tests of journeys: no network, no waiting, the same judgement of answers.

::

    def system(request: Request) -> Answer:
        return json_answer({"code": "..."}, status=201) if request.method == "POST" else Answer(200)

    visitor = FakeVisitor(system, arrival(journey="submit-dossier"))
    submit_dossier(visitor)
    assert [request.step for request in visitor.requests] == ["home", "form", "submit"]
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import msgspec

from scenarios.journeys.answer import Answer, Check, Headers, Wrong, judge, worth_another_try
from scenarios.journeys.visitor import OK, Arrival, GaveUp, Intent, IntentKind, Method


@dataclass(frozen=True, slots=True)
class Request:
    """One attempt of a step, as a system sees it. ``at`` is nanoseconds of the visitor's own clock."""

    step: str
    system: str
    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    intent: Intent | None = None
    attempt: int = 1
    at: int = 0

    def json(self) -> Any:
        """The body read as JSON."""
        return msgspec.json.decode(self.body)


class Broken(Exception):  # noqa: N818 -- a scripted system raises it, it is no fault of the program
    """Raised by a scripted system in place of an answer; ``error`` is the error of the sample."""

    def __init__(self, error: str = "timeout") -> None:
        super().__init__(error)
        self.error = error


def arrival(
    number: int = 0,
    *,
    planned: int = 0,
    actor: str = "citizen",
    journey: str = "journey",
    province: str = "01",
    commune: str = "00004",
    old_province: str = "01",
    entrance: str = "national-portal",
    subject: int = 0,
) -> Arrival:
    """An arrival with a default for everything."""
    return Arrival(number, planned, actor, journey, province, commune, old_province, entrance, subject)


def json_answer(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with a JSON body."""
    fields = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return Answer(status, Headers(fields), msgspec.json.encode(content))


def redirect(location: str, status: int = 303) -> Answer:
    """An answer that sends the visitor on; ``http://<system>/<path>`` or ``/<path>``."""
    return Answer(status, Headers([(b"Location", location.encode())]))


class FakeVisitor:
    """A :class:`~scenarios.journeys.visitor.Visitor` that asks ``system`` in place of the network.

    Its clock begins at the arrival's planned instant, with T0 at 0, and moves only by ``think``, by
    ``service`` seconds for each request, and by ``retry_after`` before another try. ``requests`` holds
    every attempt, ``records`` what was acknowledged by intent id.
    """

    def __init__(
        self,
        system: Callable[[Request], Answer],
        arrival: Arrival | None = None,
        *,
        people: Any = None,
        seed: int = 1,
        retries: int = 0,
        retry_after: float = 1.0,
        service: float = 0.0,
    ) -> None:
        self.arrival = arrival if arrival is not None else _ANYBODY
        self.people = people
        self.random = random.Random(f"{seed}:{self.arrival.number}")
        self.requests: list[Request] = []
        self.records: dict[str, str] = {}
        self._system = system
        self._retries = retries
        self._retry_after = retry_after
        self._service = service
        self._now = self.arrival.planned
        self._intents = 0

    @property
    def steps(self) -> list[str]:
        """The steps carried out, each once, in their order."""
        return list(dict.fromkeys(request.step for request in self.requests))

    @property
    def after_t0(self) -> bool:
        """Whether the clock has passed T0."""
        return self._now >= 0

    def now_ns(self) -> int:
        """The visitor's own clock, in nanoseconds after T0."""
        return self._now

    def think(self, low: float, high: float) -> None:
        """Move the clock."""
        self._pass(self.random.uniform(low, high))

    def intent(
        self,
        kind: IntentKind,
        *,
        system: str,
        province: str,
        commune: str = "",
        procedure: str = "",
        dossier: str = "",
        amount: int = 0,
        digest: str = "",
    ) -> Intent:
        """A new intent; its id names kind, arrival and count."""
        self._intents += 1
        name = f"{kind}-{self.arrival.number}-{self._intents}"
        return Intent(name, kind, system, province, commune, procedure, dossier, amount, digest)

    def request(
        self,
        step: str,
        system: str,
        method: Method,
        path: str,
        *,
        body: bytes | None = None,
        json: object | None = None,
        headers: Mapping[str, str] | None = None,
        expect: Collection[int] = OK,
        check: Check | None = None,
        intent: Intent | None = None,
        record: Callable[[Answer], str] | None = None,
        retry: bool = True,
    ) -> Answer:
        """One step; see :meth:`scenarios.journeys.visitor.Visitor.request`."""
        if body is not None and json is not None:
            raise ValueError("a request has a body or a json, not both")
        content = msgspec.json.encode(json) if json is not None else body or b""
        if intent is not None and not intent.digest:
            digest = hashlib.sha256(content).hexdigest()
            intent = replace(intent, digest=digest)
        attempt = 0
        while True:
            attempt += 1
            sent = Request(step, system, method, path, content, headers or {}, intent, attempt, self._now)
            self.requests.append(sent)
            answer, error = self._ask(sent, expect, check)
            if answer is not None and not error:
                error = self._acknowledge(answer, intent, record)
                if not error:
                    return answer
            status = answer.status if answer is not None else 0
            if attempt > (self._retries if retry else 0) or not worth_another_try(status, error):
                raise GaveUp(step, error, answer)
            self._pass(self._retry_after)

    def follow(
        self,
        step: str,
        answer: Answer,
        *,
        headers: Mapping[str, str] | None = None,
        expect: Collection[int] = OK,
        check: Check | None = None,
    ) -> Answer:
        """Go where ``answer`` redirects to."""
        url = urlsplit(answer.location)
        if not answer.location:
            raise GaveUp(step, "wrong-redirect", answer)
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        system = url.netloc or answer.system
        return self.request(step, system, "GET", path, headers=headers, expect=expect, check=check)

    def _ask(self, sent: Request, expect: Collection[int], check: Check | None) -> tuple[Answer | None, str]:
        try:
            answer = self._system(sent)
        except Broken as broken:
            return None, broken.error
        finally:
            self._pass(self._service)  # an answer is judged when it has come
        answer.system = answer.system or sent.system
        return answer, judge(answer, expect, check)

    def _acknowledge(
        self, answer: Answer, intent: Intent | None, record: Callable[[Answer], str] | None
    ) -> str:
        if record is None or answer.status >= 400:
            return ""
        try:
            found = record(answer)
        except (Wrong, LookupError, TypeError, ValueError):
            return "wrong-record"
        if intent is not None:
            self.records[intent.id] = found
        return ""

    def _pass(self, seconds: float) -> None:
        self._now += round(seconds * 1e9)


_ANYBODY = arrival()
