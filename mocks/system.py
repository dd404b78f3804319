"""What every system has: a port, declared capacity, a durable store, its journals, and the operator's paths.

The paths below ``/-/`` are for whoever runs a rehearsal, not for citizens: they cost no capacity and are not
journaled. A system that stands in for a mock may offer them too, so that its store can be reconciled:

===================  =====================================================================
``GET /-/health``    name, kind and whether it is ready
``GET /-/counters``  what its station has done
``GET /-/backlog``   how many messages it still has to deliver, and dossiers still open
``GET /-/stored``    its durable records, a page at a time, in the order in which they came
``PUT /-/clock``     where T0 lies on the monotonic clock, in nanoseconds
===================  =====================================================================
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, ClassVar

import msgspec
from blacksheep import Application, Request, Response
from blacksheep.server.routing import Router

from mocks import wire
from mocks.capacity import Admission, Station
from mocks.config import SystemConfig
from mocks.context import Context
from mocks.http import Answer, Call, GateAnswers, Operation, Refusal, operations_of
from mocks.openapi import document
from mocks.operator import Backlog, Clock, CountersReport, Health, Stored, StoredPage
from mocks.store import Store

_LOG = logging.getLogger(__name__)


class PageQuery(msgspec.Struct, frozen=True):
    """Which page of the stored records."""

    offset: Annotated[int, msgspec.Meta(ge=0)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1)] = 2000


class System:
    """Base of all mocks. A subclass names its ``kind`` and declares operations."""

    kind: ClassVar[str]
    title: ClassVar[str]
    gate_answers: ClassVar[GateAnswers] = {}

    def __init__(self, config: SystemConfig, context: Context) -> None:
        self.config = config
        self.context = context
        self.name = config.name
        self.rng = random.Random(f"{context.seed}/{config.name}")
        self.station = Station(config.capacity, self.rng)
        self.store = Store(context.folder / f"{config.name}.sqlite", context.committer)
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

    def weak(self, weakness: str) -> bool:
        """Whether the scenario has switched this weakness on."""
        return weakness in self.config.weaknesses

    def after_t0(self) -> bool:
        """Whether the cutover minute has come; before the clock is set it has not."""
        return self.t0 is not None and time.monotonic_ns() >= self.t0

    # -- the web application -----------------------------------------------------------------------

    def application(self) -> Application:
        """The system as a web application; not yet started."""
        app = Application(router=Router())
        operations = self.operations()
        for declared in operations:
            app.router.add(declared.method, declared.path, self._serve(declared))

        async def openapi(_request: Request) -> Response:
            # made when asked for: 136 of them would lengthen every start by half a second
            described = document(f"{self.title} ({self.name})", type(self).__doc__ or "", operations)
            return wire.json(200, msgspec.json.encode(described))

        async def missing(request: Request) -> Response:
            return self._missing(request)

        app.router.add("GET", "/openapi.json", openapi)
        app.router.fallback = missing
        self._operator_paths(app)
        return app

    def _missing(self, request: Request) -> Response:
        try:
            answer = self.gate(request.method, wire.target(request))
        except Refusal as refusal:
            return wire.refused(refusal)
        if answer is not None:
            return wire.response(answer)
        return wire.refused(_no_such_path())

    def _operator_paths(self, app: Application) -> None:
        read_clock = msgspec.json.Decoder(Clock).decode

        async def health(_request: Request) -> msgspec.Struct:
            return Health(self.name, self.kind, True)

        async def counters(_request: Request) -> msgspec.Struct:
            return msgspec.convert(self.station.counters, CountersReport, from_attributes=True)

        async def backlog(_request: Request) -> msgspec.Struct:
            return self.backlog()

        async def stored(request: Request) -> msgspec.Struct:
            asked = wire.query(request, PageQuery)
            end = asked.offset + asked.limit
            page = self.stored(slice(asked.offset, end))
            return StoredPage(page, end if len(page) == asked.limit else -1)

        async def clock(request: Request) -> msgspec.Struct:
            told: Clock = wire.body(read_clock, await request.read() or b"")
            self.t0 = told.t0_monotonic_ns
            return told

        for path, handler in (
            ("/-/health", health),
            ("/-/counters", counters),
            ("/-/backlog", backlog),
            ("/-/stored", stored),
        ):
            app.router.add("GET", path, _operator(handler))
        app.router.add("PUT", "/-/clock", _operator(clock))

    def _serve(self, declared: Operation) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The way of one request: body, admission, service time, gate, validation, operation, journal."""
        handler = getattr(self, declared.handler)
        decode = wire.decoder(declared)
        append = self.context.received.append
        admit, name, operation = self.station.admit, self.name, declared.name
        monotonic_ns = time.monotonic_ns

        async def carry_out(request: Request, call: Call[Any]) -> Response:
            try:
                answer = self.gate(declared.method, wire.target(request))
                if answer is None:
                    wire.validate(declared, decode, request, call)
                    answer = await handler(call)
                return wire.response(answer)
            except Refusal as refusal:
                return wire.refused(refusal)
            except Exception:
                _LOG.exception("%s: %s failed", name, operation)
                return wire.refused(_failed())

        async def serve(request: Request) -> Response:
            raw = await request.read() or b""
            at = monotonic_ns()
            admission = admit(at / 1e9)
            call = wire.call_of(request, raw)
            if admission is None:
                response = wire.refused(_at_capacity())
                admission = Admission(0.0, 0.0, 0.0)
            else:
                await asyncio.sleep(admission.finishes - monotonic_ns() / 1e9)
                response = await carry_out(request, call)
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


def _operator(
    handler: Callable[[Request], Awaitable[msgspec.Struct]],
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def serve(request: Request) -> Response:
        try:
            return wire.json(200, msgspec.json.encode(await handler(request)))
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
