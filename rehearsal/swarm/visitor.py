"""The visitor of a real run: carries out steps over HTTP and leaves one sample per attempt.

Three instants per request (nanoseconds of ``CLOCK_MONOTONIC``)::

    arrival's instant ─┐
    end of last step ──┴─ + think ──► planned ···lag···► sent ···service···► done
                                         └────────── response time ──────────┘

``planned`` of a further attempt is the end of the attempt before it plus the pause before trying again.
``sent`` is taken right before the first packet of the request, which for a new connection is that of the
connection: waiting for a slow network is the country's fault and never counts as the generator's lag.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import gevent
import msgspec

from rehearsal.swarm.recorder import Outcome, Sample
from rehearsal.swarm.targets import CALLERS, Target
from rehearsal.swarm.transport import Exchange, TransportError
from rehearsal.swarm.world import Wire, World
from scenarios.journeys.answer import Answer, Check, Headers, Wrong, judge, worth_another_try
from scenarios.journeys.visitor import OK, Arrival, GaveUp, Intent, IntentKind, Method

CUT = "cut"
"""The error of a sample whose answer was still awaited when the swarm was stopped."""

_encode = msgspec.json.Encoder().encode
_LEGAL_PATH = re.compile(r"/[^ \r\n]*").fullmatch
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


@dataclass(slots=True)
class _Step:
    name: str
    target: Target
    head: str
    body: bytes
    is_head: bool
    expect: Collection[int]
    check: Check | None
    intent: Intent | None
    record: Callable[[Answer], str] | None
    attempt: int = 0


class HttpVisitor:
    """See :class:`scenarios.journeys.visitor.Visitor`. Not shared between greenlets; close it at the end."""

    def __init__(self, world: World, arrival: Arrival) -> None:
        self.arrival = arrival
        self.people = world.people
        self.random = random.Random(f"{world.seed}:{arrival.number}")
        self._world = world
        self._caller = CALLERS[arrival.actor]
        self._trace = _digest(16, world.seed, arrival.number, "trace")
        self._wires: dict[str, Wire] = {}
        self._planned = world.t0_ns + arrival.planned
        self._requests = 0
        self._intents = 0
        self._invoked: set[str] = set()

    @property
    def after_t0(self) -> bool:
        """Whether the cutover minute has passed."""
        return self._world.now() >= self._world.t0_ns

    def now_ns(self) -> int:
        """The clock of the run."""
        return self._world.now()

    def think(self, low: float, high: float) -> None:
        """Pause; the next request is planned for the end of the pause."""
        self._planned += round(self.random.uniform(low, high) * self._world.policy.think_scale * 1e9)
        self._wait()

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
        """A new intent; the same visitor draws the same ids in every run of a plan."""
        self._intents += 1
        name = _digest(16, self._world.seed, self.arrival.number, f"{kind}-{self._intents}")
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
        target = self._world.targets.find(self._caller, system)
        content, fields = _content(method, body, json)
        if intent is not None:
            fields += f"Idempotency-Key: {intent.id}\r\n"
        head = self._head(target, method, path, headers, fields)
        todo = _Step(step, target, head, content, method == "HEAD", expect, check, intent, record)
        if intent is not None and intent.id not in self._invoked:
            self._invoked.add(intent.id)
            self._wait()
            digest = intent.digest or hashlib.sha256(content).hexdigest()
            self._world.journal.invoke(intent, self._world.now(), self.arrival.number, digest)
        tries = 1 + (self._world.policy.retries if retry else 0)
        while True:
            self._wait()
            todo.attempt += 1
            error, answer = self._attempt(todo)
            if not error and answer is not None:
                return answer
            status = answer.status if answer is not None else 0
            if todo.attempt == tries or not worth_another_try(status, error):
                raise GaveUp(step, error, answer)
            self._planned += round(self.random.uniform(*self._world.policy.retry_range) * 1e9)

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
        found = self._world.targets.locate(self._caller, answer.system, answer.location)
        if found is None:
            raise GaveUp(step, "wrong-redirect", answer)
        system, path = found
        return self.request(step, system, "GET", path, headers=headers, expect=expect, check=check)

    def close(self) -> None:
        """Leave the visitor's connections to those who come after."""
        for link, wire in self._wires.items():
            self._world.pool.leave(link, wire)
        self._wires.clear()

    def _wait(self) -> None:
        while (left := self._planned - self._world.now()) > 0:  # a timer may fire a little early
            self._world.sleep(left / 1e9)

    def _head(
        self, target: Target, method: str, path: str, headers: Mapping[str, str] | None, fields: str
    ) -> str:
        if not path.isascii():
            path = quote(path, safe="/?&=%:;,+@!$'()*~-._")
        for name, value in (headers or {}).items():
            fields += f"{name}: {value}\r\n"
            if "\n" in value or "\r" in value or "\n" in name or "\r" in name:
                raise ValueError(f"header {name!r} holds a line break: {value!r}")
        if not _LEGAL_PATH(path):
            raise ValueError(f"{path!r} is no path: legal is /..., without blanks and line breaks")
        return (
            f"{method} {path} HTTP/1.1\r\nHost: {target.authority}\r\n"
            f"User-Agent: cutover-rehearsal\r\nX-Caller: {self._caller}\r\n{fields}"
        )

    def _attempt(self, step: _Step) -> tuple[str, Answer | None]:
        """Carry out one attempt and record it: its error ("" for a right answer) and its answer."""
        self._requests += 1
        span = f"{self.arrival.number + 1:08x}{self._requests:08x}"
        request = f"{step.head}traceparent: 00-{self._trace}-{span}-01\r\n\r\n".encode("latin-1") + step.body
        wire = self._wires.get(step.target.link)
        if wire is None:
            wire = self._wires[step.target.link] = self._world.pool.take(step.target)
        exchange = Exchange()
        self._world.journal.begin()
        answer = None
        record = ""
        try:
            response = wire.exchange(request, exchange, head=step.is_head)
        except TransportError as broken:
            error = broken.code
            outcome: Outcome = "unknown" if exchange.bytes_sent else "failed"
            effect = outcome
        except gevent.GreenletExit:
            self._finish(step, exchange, span, 0, "unknown", CUT, "unknown", "")
            raise
        else:
            answer = Answer(
                response.status, Headers(response.fields), response.body, system=step.target.system
            )
            error, record = self._judge(step, answer)
            outcome = "failed" if error else "ok"
            effect = effect_of(answer.status, error)
        self._finish(step, exchange, span, answer.status if answer else 0, outcome, error, effect, record)
        return error, answer

    def _judge(self, step: _Step, answer: Answer) -> tuple[str, str]:
        error = judge(answer, step.expect, step.check)
        redirects = 300 <= answer.status < 400 and answer.status != 304
        if not error and redirects:
            found = self._world.targets.locate(self._caller, answer.system, answer.location)
            error = "" if found else "wrong-redirect"
        if error or step.record is None or answer.status >= 400:
            return error, ""
        try:
            return "", step.record(answer)
        except (Wrong, LookupError, TypeError, ValueError):
            return "wrong-record", ""

    def _finish(
        self,
        step: _Step,
        exchange: Exchange,
        span: str,
        status: int,
        outcome: Outcome,
        error: str,
        effect: Outcome,
        record: str,
    ) -> None:
        arrival = self.arrival
        planned, self._planned = self._planned, exchange.done
        if step.intent is not None:
            self._world.journal.settle(step.intent, exchange.done, effect, status, record)
        self._world.journal.sample(
            Sample(
                arrival.number,
                arrival.journey,
                step.name,
                arrival.province,
                step.target.link,
                step.attempt,
                planned,
                exchange.began,
                exchange.done,
                status,
                outcome,
                error,
                exchange.bytes_sent,
                exchange.bytes_received,
                self._trace,
                span,
            )
        )


def effect_of(status: int, error: str) -> Outcome:
    """What a complete answer says about the effect of an intent.

    A right answer below 400 acknowledges it. A 4xx refuses it, and so does 503: the server was not able to
    handle it (RFC 9110, section 15.6.4). Behind any other 5xx, and behind a right status with a wrong
    content, the intent may have had its effect.
    """
    if status < 400:
        return "unknown" if error else "ok"
    return "failed" if status < 500 or status == 503 else "unknown"


def _content(method: str, body: bytes | None, json: object | None) -> tuple[bytes, str]:
    """The bytes of a request's content and the header fields that describe it."""
    if body is not None and json is not None:
        raise ValueError("a request has a body or a json, not both")
    if json is not None:
        content = _encode(json)
        return content, f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
    if body is not None or method in _WITH_BODY:
        return body or b"", f"Content-Length: {len(body or b'')}\r\n"
    return b"", ""


def _digest(size: int, *parts: object) -> str:
    return hashlib.blake2b(":".join(map(str, parts)).encode(), digest_size=size).hexdigest()
