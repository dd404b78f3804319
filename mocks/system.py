"""What every system has: a port, declared capacity, a durable store, its journals, and the operator's paths.

The paths below ``/-/`` are for whoever runs a rehearsal, not for citizens: they cost no capacity and are not
journaled. A system that stands in for a mock may offer them too, so that its store can be reconciled:

===================  =====================================================================
``GET /-/health``    name, kind and whether it is ready
``GET /-/counters``  what its station has done
``GET /-/backlog``   how many messages it still has to deliver, and dossiers still open
``GET /-/stored``    its durable records, a page at a time, in the order of their keys
``PUT /-/clock``     where T0 lies on the monotonic clock, in nanoseconds
===================  =====================================================================
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import msgspec
from blacksheep import Application, Content, Request, Response
from blacksheep.server.routing import Router

from fixtures.people import Registry
from mocks.caller import Caller
from mocks.capacity import Counters, Station
from mocks.config import SystemConfig
from mocks.http import Answer, Call, Operation, Problem, Refusal, Text, Trace, operations_of
from mocks.openapi import document
from mocks.received import Journal
from mocks.store import Committer, Store

MAX_BODY = 8 * 1024 * 1024
"""Bytes of a request body that a mock reads before it refuses."""


class Stored(msgspec.Struct, frozen=True):
    """One durable record, as the reconciliation reads it (columns of ``stored.arrow``)."""

    system: str
    kind: str
    record: str
    intent: str = ""
    dossier: str = ""
    province: str = ""
    commune: str = ""
    procedure: str = ""
    status: int = 0
    history: str = ""
    digest: str = ""
    amount: int = 0
    at: int = 0


class StoredPage(msgspec.Struct, frozen=True):
    """A page of records; ``next`` is the offset of the following page, -1 at the end."""

    records: list[Stored]
    next: int


class Health(msgspec.Struct, frozen=True):
    """Who answers at this address."""

    system: str
    kind: str
    ready: bool


class Backlog(msgspec.Struct, frozen=True):
    """What keeps a system from being at rest."""

    undelivered: int = 0
    open: int = 0


class CountersReport(msgspec.Struct, frozen=True):
    """The station's counters; seconds of service, numbers of requests."""

    requests: int
    served: int
    refused: int
    busy_seconds: float
    queue_peak: int


class Clock(msgspec.Struct, frozen=True):
    """Where the cutover minute lies."""

    t0_monotonic_ns: int


@dataclass(slots=True)
class Context:
    """What the systems of one process share."""

    folder: Path
    seed: int
    people: Registry
    committer: Committer
    received: Journal
    caller: Caller
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run something beside the requests until the process stops."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self.tasks.add(task)


class System:
    """Base of all mocks. A subclass names its ``kind`` and declares operations."""

    kind: ClassVar[str]
    title: ClassVar[str]
    _classes: ClassVar[dict[str, type[System]]] = {}

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

    def stored(self) -> Iterable[Stored]:
        """All durable records, in a stable order."""
        return ()

    def gate(self, method: str, target: str) -> Answer | None:  # noqa: ARG002 - a hook
        """Answers before validation, or raises :class:`Refusal`; None lets the request through.

        ``target`` is path and query, of any path, also one that the system does not have.
        """
        return None

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
        operations = operations_of(type(self))
        for declared in operations:
            app.router.add(declared.method, declared.path, self._serve(declared))
        described = msgspec.json.encode(
            document(f"{self.title} ({self.name})", type(self).__doc__ or "", operations)
        )

        async def openapi(_request: Request) -> Response:
            return _json(200, described)

        async def missing(request: Request) -> Response:
            try:
                answer = self.gate(request.method, _target(request))
            except Refusal as refusal:
                return _refused(refusal)
            if answer is not None:
                return _response(answer)
            return _refused(Refusal(404, "no-such-path", "Không có đường dẫn này.", "There is no such path."))

        app.router.add("GET", "/openapi.json", openapi)
        app.router.fallback = missing
        self._operator_paths(app)
        return app

    def _operator_paths(self, app: Application) -> None:
        async def health(_request: Request) -> Response:
            return _json(200, msgspec.json.encode(Health(self.name, self.kind, True)))

        async def counters(_request: Request) -> Response:
            return _json(200, msgspec.json.encode(_report(self.station.counters)))

        async def backlog(_request: Request) -> Response:
            return _json(200, msgspec.json.encode(self.backlog()))

        async def stored(request: Request) -> Response:
            query = dict(parse_qsl((request.url.query or b"").decode()))
            offset, limit = int(query.get("offset", 0)), int(query.get("limit", 2000))
            records = list(self.stored())
            page = records[offset : offset + limit]
            following = offset + limit if offset + limit < len(records) else -1
            return _json(200, msgspec.json.encode(StoredPage(page, following)))

        async def clock(request: Request) -> Response:
            self.t0 = msgspec.json.decode(await request.read() or b"{}", type=Clock).t0_monotonic_ns
            return _json(200, b"{}")

        app.router.add("GET", "/-/health", health)
        app.router.add("GET", "/-/counters", counters)
        app.router.add("GET", "/-/backlog", backlog)
        app.router.add("GET", "/-/stored", stored)
        app.router.add("PUT", "/-/clock", clock)

    def _serve(self, declared: Operation) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The way of one request: body, admission, validation, service time, operation, journal."""
        handler = getattr(self, declared.handler)
        decode: Callable[[bytes], Any] | None = (
            None if declared.body in (None, bytes) else msgspec.json.Decoder(declared.body).decode
        )
        journal = self.context.received
        station, name = self.station, self.name
        monotonic_ns = time.monotonic_ns

        async def serve(request: Request) -> Response:
            raw = await request.read() or b""
            at = monotonic_ns()
            admission = station.admit(at / 1e9)
            call = _call(request)
            if admission is None:
                response = _refused(_at_capacity())
                queued = service = 0.0
            else:
                queued = admission.starts - admission.arrived
                service = admission.finishes - admission.starts
                await asyncio.sleep(admission.finishes - monotonic_ns() / 1e9)
                try:
                    answer = self.gate(declared.method, _target(request))
                    if answer is None:
                        _validate(declared, decode, request, raw, call)
                        answer = await handler(call)
                    response = _response(answer)
                except Refusal as refusal:
                    response = _refused(refusal)
            journal.append(
                (
                    name,
                    declared.name,
                    call.caller,
                    at,
                    monotonic_ns(),
                    round(queued * 1e6),
                    round(service * 1e6),
                    response.status,
                    call.key,
                    call.trace,
                    call.parent,
                )
            )
            return response

        return serve


def _target(request: Request) -> str:
    query = request.url.query
    return request.url.path.decode() + (f"?{query.decode()}" if query else "")


def _call(request: Request) -> Call[Any]:
    def header(name: str) -> str:
        value = request.get_first_header(name.encode())
        return value.decode("latin-1") if value is not None else ""

    trace = Trace.parse(header("traceparent"))
    return Call(
        body=None,
        path={name: value or "" for name, value in (request.route_values or {}).items()},
        query=None,
        header=header,
        caller=header("x-caller"),
        key=header("idempotency-key"),
        trace=trace.trace,
        parent=trace.span,
    )


def _validate(
    declared: Operation, decode: Callable[[bytes], Any] | None, request: Request, raw: bytes, call: Call[Any]
) -> None:
    if len(raw) > MAX_BODY:
        raise Refusal(
            400, "too-large", f"Nội dung vượt quá {MAX_BODY} byte.", f"The body exceeds {MAX_BODY} bytes."
        )
    if declared.key_required and not 8 <= len(call.key) <= 128:
        raise Refusal(
            400,
            "no-idempotency-key",
            "Thiếu tiêu đề Idempotency-Key (8 đến 128 ký tự).",
            "The header Idempotency-Key (8 to 128 characters) is missing.",
        )
    try:
        if decode is not None:
            call.body = decode(raw)
        elif declared.body is bytes:
            call.body = raw
        if declared.query is not None:
            given = dict(parse_qsl((request.url.query or b"").decode("utf-8", "replace")))
            call.query = msgspec.convert(given, declared.query, strict=False)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Refusal(
            400, "malformed", f"Yêu cầu không đúng định dạng: {error}", f"Malformed: {error}"
        ) from error


def _at_capacity() -> Refusal:
    return Refusal(
        503,
        "at-capacity",
        "Hệ thống đang quá tải, vui lòng thử lại sau.",
        "The system is at its declared capacity; please try again later.",
        headers=(("Retry-After", "2"),),
    )


def _json(status: int, body: bytes) -> Response:
    return Response(status, None, Content(b"application/json", body))


def _refused(refusal: Refusal) -> Response:
    content = Content(b"application/problem+json", msgspec.json.encode(refusal.problem))
    return Response(refusal.problem.status, _headers(refusal.headers), content)


def _response(answer: Answer) -> Response:
    body = answer.body
    content: Content | None
    if body is None:
        content = None
    elif isinstance(body, str):
        content = Content(b"text/html; charset=utf-8", body.encode())
    elif isinstance(body, bytes):
        content = Content(answer.media.encode() or b"application/octet-stream", body)
    else:
        content = Content(b"application/json", msgspec.json.encode(body))
    return Response(answer.status, _headers(answer.headers), content)


def _headers(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _report(counters: Counters) -> CountersReport:
    return CountersReport(
        requests=counters.requests,
        served=counters.served,
        refused=counters.refused,
        busy_seconds=counters.busy_seconds,
        queue_peak=counters.queue_peak,
    )


__all__ = ["Backlog", "Context", "Problem", "Stored", "System", "Text"]
