"""What every system has: a port, declared capacity, a durable store, its journals, and the operator's paths.

The paths below ``/-/`` are for whoever runs a rehearsal, not for citizens: they cost no capacity and are not
journaled. A system that stands in for a mock may offer them too, so that its store can be reconciled:

===================  =====================================================================
``GET /-/health``    name, kind and whether it is ready
``GET /-/counters``  what its station has done
``GET /-/backlog``   how many messages it still has to deliver, dossiers still open, and how many
                     messages were set aside because they were refused for good
``GET /-/stored``    its durable records, a page at a time: messages that were set aside, then all others
                     in the order in which they came
``PUT /-/clock``     where T0 lies on the monotonic clock, in nanoseconds; says what the clocks read
``PUT /-/switches``  which faults it commits from now on (:mod:`mocks.switches`), and no others
``GET /-/switches``  which faults are on
===================  =====================================================================
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

import msgspec

from mocks import wire
from mocks.caller import CallFailed
from mocks.capacity import Admission, Station
from mocks.config import SystemConfig
from mocks.context import Context
from mocks.conventions import conventions, in_detail
from mocks.glossary import glossary
from mocks.http import Answer, Call, GateAnswers, Operation, Refusal, operations_of
from mocks.openapi import document
from mocks.operator import (
    Backlog,
    Clock,
    ClockReading,
    CountersReport,
    Health,
    PageQuery,
    Stored,
    StoredPage,
    SwitchSet,
)
from mocks.outbox import DeadLetter, Deliver, Message, Outbox
from mocks.resilience import Backoff
from mocks.routing import Router
from mocks.store import Store
from mocks.switches import Switches
from mocks.wire import Request, Response

_LOG = logging.getLogger(__name__)

Serve = Callable[[Request, Mapping[str, str]], Awaitable[Response]]
"""Serves a request to one path, with the values of the names in it."""


class System:
    """Base of all mocks. A subclass names its ``kind`` and declares operations."""

    kind: ClassVar[str]
    title: ClassVar[str]
    gate_answers: ClassVar[GateAnswers] = {}
    station_type: ClassVar[type[Station]] = Station

    def __init__(self, config: SystemConfig, context: Context) -> None:
        self.config = config
        self.context = context
        self.name = config.name
        self.rng = random.Random(f"{context.seed}/{config.name}")
        self.caller = context.caller
        self.station = self.station_type(config.capacity, self.rng)
        self.switches = Switches(self.rng, time.monotonic_ns)
        self.store = Store(config.name, context.committer)
        self.outgoing: Outbox | None = None
        self._router = self._all_paths()
        self.t0: int | None = None

    # -- what subclasses may override --------------------------------------------------------------

    async def start(self) -> None:
        """Load what is durable and begin background work."""

    def backlog(self) -> Backlog:
        """What is still to be done."""
        return Backlog()

    def stored(self, page: slice) -> list[Stored]:  # noqa: ARG002 - nothing is kept here
        """Durable records by their place in a stable order."""
        return []

    def gate(self, method: str, target: str) -> Answer | None:  # noqa: ARG002 - a hook
        """Answers before validation, or raises :class:`Refusal`; None lets the request through.

        ``target`` is path and query, of any path, also one that the system does not have.
        """
        return None

    @classmethod
    def operations(cls) -> list[Operation]:
        """Everything a system of this kind offers."""
        return operations_of(cls, cls.gate_answers)

    # -- shared by subclasses ----------------------------------------------------------------------

    def outbox(self, deliver: Deliver, *, batch: int = 1) -> Outbox:
        """Messages that go on from here: those of an earlier life are taken up, and sending has begun."""

        async def deliver_as_switched(destination: str, messages: list[Message], attempt: int) -> None:
            await deliver(destination, messages, attempt)
            if self.switches.on and self.switches.twice():
                with contextlib.suppress(CallFailed):  # the first one has arrived
                    await deliver(destination, messages, attempt)

        self.outgoing = made = Outbox(
            self.store, deliver_as_switched, self.rng, batch=batch, backoff=self.backoff()
        )
        made.load()
        made.start(lambda to: self.context.spawn(made.run(to), f"{self.name} to {to}"))
        return made

    def backoff(self, first: float = 0.1, longest: float = 2.0) -> Backoff:
        """How this system pauses between its tries, in seconds."""
        return Backoff(first, longest)

    def now(self) -> float:
        """Unix seconds by this system's own calendar."""
        return time.time()

    def after_t0(self) -> bool:
        """Whether the cutover minute has come; before the clock is set it has not."""
        return self.t0 is not None and time.monotonic_ns() >= self.t0

    # -- serving -----------------------------------------------------------------------------------

    async def respond(self, request: Request) -> Response:
        """Answer one request. Raises nothing but what ends the task."""
        found = self._router.find(request.method, request.path)
        if found is None:
            return self._missing(request)
        serve, path = found
        return await serve(request, path)

    def _all_paths(self) -> Router[Serve]:
        routes: Router[Serve] = Router()
        for declared in self.operations():
            routes.add(declared.method, declared.path, self._serve(declared))
        routes.add("GET", "/openapi.json", self._openapi)
        for path, handler in (
            ("/-/health", self._health),
            ("/-/counters", self._counters),
            ("/-/backlog", self._backlog),
            ("/-/stored", self._stored),
            ("/-/switches", self._switches_on),
        ):
            routes.add("GET", path, _operator(handler))
        routes.add("PUT", "/-/clock", _operator(self._clock))
        routes.add("PUT", "/-/switches", _operator(self._switch))
        return routes

    def _missing(self, request: Request) -> Response:
        try:
            answer = self.gate(request.method, request.target)
            return wire.refused(_no_such_path()) if answer is None else wire.response(answer)
        except Refusal as refusal:
            return wire.refused(refusal)

    def _serve(self, declared: Operation) -> Serve:
        """The way of one request: admission, service time, gate, validation, operation, journal."""
        handler = getattr(self, declared.handler)
        decode = wire.decoder(declared)
        context, append, switches = self.context, self.context.received.append, self.switches
        admit, name, operation = self.station.admit, self.name, declared.name
        monotonic_ns = time.monotonic_ns

        async def carry_out(request: Request, call: Call[Any]) -> Response:
            try:
                answer = self.gate(declared.method, request.target)
                if answer is None:
                    wire.validate(declared, decode, request, call)
                    answer = await handler(call)
                return wire.response(answer)
            except Refusal as refusal:
                return wire.refused(refusal)
            except Exception:
                _LOG.exception("%s: %s failed", name, operation)
                return wire.refused(_failed())

        async def misbehave(request: Request, call: Call[Any]) -> Response:
            switches.expire()
            await asyncio.sleep(switches.hold())
            if (instead := switches.instead()) is not None:
                return wire.refused(instead)
            response = await carry_out(request, call)
            afterwards = switches.afterwards()
            return response if afterwards is None else wire.refused(afterwards)

        async def serve(request: Request, path: Mapping[str, str]) -> Response:
            context.in_flight += 1
            try:
                at = request.at
                admission = admit(at / 1e9)
                call = wire.call_of(request, path)
                if admission is None:
                    response = wire.refused(_at_capacity())
                    admission = Admission(0.0, 0.0, 0.0)
                else:
                    await asyncio.sleep(admission.finishes - monotonic_ns() / 1e9)
                    response = await (misbehave if switches.on else carry_out)(request, call)
            finally:
                context.in_flight -= 1
            append(
                (
                    name,
                    operation,
                    call.caller,
                    at,
                    monotonic_ns(),
                    round((admission.starts - admission.arrived) * 1e6),
                    round((admission.finishes - admission.starts) * 1e6),
                    response.status,
                    call.key,
                    call.trace,
                    call.parent,
                )
            )
            return response

        return serve

    # -- for the operator --------------------------------------------------------------------------

    async def _openapi(self, _request: Request, _path: Mapping[str, str]) -> Response:
        # made when asked for: 136 of them would lengthen every start by half a second
        kind, seed = type(self), self.context.seed
        said = (kind.__doc__ or "") + in_detail(kind) + conventions(seed)
        described = document(f"{self.title} ({self.name})", said, self.operations(), glossary(seed))
        return wire.json(200, described)

    async def _health(self, _request: Request) -> Health:
        return Health(self.name, self.kind, True)

    async def _counters(self, _request: Request) -> CountersReport:
        return msgspec.convert(self.station.counters, CountersReport, from_attributes=True)

    async def _backlog(self, _request: Request) -> Backlog:
        return msgspec.structs.replace(self.backlog(), set_aside=len(self._set_aside()))

    def _set_aside(self) -> list[DeadLetter]:
        return [] if self.outgoing is None else list(self.outgoing.dead_letters.values())

    async def _stored(self, request: Request) -> StoredPage:
        asked = wire.query(request, PageQuery)
        end = asked.offset + asked.limit
        aside = self._set_aside()
        page = [each.stored(self.name) for each in aside[asked.offset : end]]
        page += self.stored(slice(max(0, asked.offset - len(aside)), max(0, end - len(aside))))
        return StoredPage(page, end if len(page) == asked.limit else -1)

    async def _clock(self, request: Request) -> ClockReading:
        unix = time.time_ns() - (time.monotonic_ns() - request.at)  # of the same instant
        told: Clock = wire.body(_read_clock, request.body)
        self.t0 = told.t0_monotonic_ns
        return ClockReading(told.t0_monotonic_ns, request.at, time.monotonic_ns(), unix)

    async def _switch(self, request: Request) -> SwitchSet:
        told: SwitchSet = wire.body(_read_switches, request.body)
        self.switches.replace(told.switches)
        return SwitchSet(list(self.switches.on))

    async def _switches_on(self, _request: Request) -> SwitchSet:
        self.switches.expire()
        return SwitchSet(list(self.switches.on))


_read_clock = msgspec.json.Decoder(Clock).decode
_read_switches = msgspec.json.Decoder(SwitchSet).decode


def _operator(handler: Callable[[Request], Awaitable[msgspec.Struct]]) -> Serve:
    async def serve(request: Request, _path: Mapping[str, str]) -> Response:
        try:
            return wire.json(200, await handler(request))
        except Refusal as refusal:
            return wire.refused(refusal)

    return serve


def _no_such_path() -> Refusal:
    return Refusal(404, "no-such-path", "Không có đường dẫn này.", "There is no such path.")


def _failed() -> Refusal:
    return Refusal(500, "failed", "Hệ thống gặp lỗi.", "The system failed; what it did is not known.")


def _at_capacity() -> Refusal:
    return Refusal(
        503,
        "at-capacity",
        "Hệ thống đang quá tải, vui lòng thử lại sau.",
        "The system is at its declared capacity; please try again later.",
        headers=(("Retry-After", "2"),),
    )
