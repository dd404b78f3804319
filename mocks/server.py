"""The HTTP/1.1 server of a process of mocks: bytes of connections become ``Request`` and ``Response``.

A mock answers tens of thousands of small requests, and what is paid per request is paid three times: by the
mock, by the proxy in front of it and by the visitor. So an answer goes out in one ``write``, head and body
together (two would be two packets, read and written once more by each hop), and nothing lies between the
parser and the operation::

    bytes ──► httptools (llhttp) ──► Request ──► respond() in a task of its own ──► Response ──► one write

Requests of one connection are answered one after the other, in their order (RFC 9112, section 9.3.2).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from socket import socket
from typing import cast

import httptools
import msgspec

from mocks.wire import MAX_BODY, Request, Response

_LOG = logging.getLogger(__name__)

KEEP_ALIVE = 60.0
"""Seconds after which a connection is closed on which nothing has happened."""
SWEEP_EVERY = 5.0
MAX_HEAD = 64 * 1024
"""Bytes of target and header fields that are read before the request is refused."""
BACKLOG = 2048

Respond = Callable[[Request], Awaitable[Response]]
"""Answers one request; raises nothing."""

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_MALFORMED = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_HEAD_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
)


class Server:
    """Any number of listening sockets, each with somebody who responds."""

    def __init__(self) -> None:
        self._listening: list[asyncio.Server] = []
        self._connections: set[Connection] = set()
        self._sweeper: asyncio.TimerHandle | None = None

    async def listen(self, bound: socket, respond: Respond) -> None:
        """Serve on a socket that is bound."""
        loop = asyncio.get_running_loop()
        self._listening.append(
            await loop.create_server(
                lambda: Connection(respond, self._connections), sock=bound, backlog=BACKLOG
            )
        )
        if self._sweeper is None:
            self._sweeper = loop.call_later(SWEEP_EVERY, self._sweep)

    async def close(self, within: float) -> None:
        """Take no more requests; those under way get so many seconds to be answered."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        for server in self._listening:
            server.close()
        under_way = [task for each in list(self._connections) if (task := each.finish()) is not None]
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for connection in list(self._connections):
            connection.abort()

    def _sweep(self) -> None:
        quiet_since = time.monotonic() - KEEP_ALIVE
        for connection in list(self._connections):
            connection.close_if_quiet(quiet_since)
        self._sweeper = asyncio.get_running_loop().call_later(SWEEP_EVERY, self._sweep)


class _Head(msgspec.Struct):
    """What is known of a request while it comes in."""

    target: bytes
    fields: dict[bytes, bytes]
    size: int


class Connection(asyncio.Protocol):
    """One connection of a visitor or of another system."""

    _transport: asyncio.Transport

    def __init__(self, respond: Respond, connections: set[Connection]) -> None:
        self._respond = respond
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._head = _Head(b"", {}, 0)
        self._body: list[bytes] = []
        self._body_size = 0
        self._waiting: deque[tuple[Request, bool]] = deque()  # with whether the connection is kept after it
        self._task: asyncio.Task[None] | None = None
        self._last = time.monotonic()
        self._paused = False  # we do not read what the peer writes: it has asked for more than one thing
        self._congested = False  # the peer does not read what we write
        self._ending = False  # no further request is read

    # -- the transport's side ----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = cast(asyncio.Transport, transport)
        self._connections.add(self)

    def connection_lost(self, _error: Exception | None) -> None:
        """The peer is gone. What it has asked for is done all the same: a real system would not know."""
        self._connections.discard(self)
        self._ending = True
        self._waiting.clear()

    def data_received(self, data: bytes) -> None:
        """Bytes of one or several requests."""
        if self._ending:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._ending = True  # the request itself stands; another protocol is not spoken here
        except httptools.HttpParserError:
            self._refuse(_MALFORMED)

    def pause_writing(self) -> None:
        """The peer does not read: nothing more is begun for it."""
        self._congested = True

    def resume_writing(self) -> None:
        """The peer reads again."""
        self._congested = False
        self._next()

    # -- the parser's side -------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """A request begins."""
        self._head = _Head(b"", {}, 0)
        self._body = []
        self._body_size = 0

    def on_url(self, url: bytes) -> None:
        """A piece of the target."""
        self._head.target += url
        self._grow(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header field; of several with the same name the first counts."""
        self._head.fields.setdefault(name.lower(), value)
        self._grow(len(name) + len(value))

    def on_headers_complete(self) -> None:
        """The head is complete."""
        if self._head.fields.get(b"expect", b"").lower() == b"100-continue" and self._task is None:
            self._transport.write(_CONTINUE)

    def on_body(self, data: bytes) -> None:
        """A piece of the body; of one that is too large no more is kept than shows it."""
        if self._body_size <= MAX_BODY:
            self._body.append(data)
            self._body_size += len(data)

    def on_message_complete(self) -> None:
        """The request is complete."""
        if self._ending:
            return
        head, parser = self._head, self._parser
        request = Request(
            method=parser.get_method().decode("ascii"),
            target=_origin_form(head.target),
            fields=head.fields,
            body=self._body[0] if len(self._body) == 1 else b"".join(self._body),
            at=time.monotonic_ns(),
        )
        keep = parser.should_keep_alive() and parser.get_http_version() == "1.1"
        self._waiting.append((request, keep))
        self._next()
        if self._waiting and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def _grow(self, size: int) -> None:
        self._head.size += size
        if self._head.size > MAX_HEAD and not self._ending:
            self._refuse(_HEAD_TOO_LARGE)

    # -- one request after the other ---------------------------------------------------------------

    def _next(self) -> None:
        if self._waiting and self._task is None and not self._congested:
            request, keep = self._waiting.popleft()
            self._task = self._loop.create_task(self._answer(request, keep))
            if self._paused and not self._waiting:
                self._paused = False
                self._transport.resume_reading()

    async def _answer(self, request: Request, keep: bool) -> None:
        try:
            response = await self._respond(request)
            if not self._transport.is_closing():
                keep = keep and not self._ending
                self._transport.write(response.encode(close=not keep, head=request.method == "HEAD"))
        except Exception:
            _LOG.exception("%s %s was not answered", request.method, request.target)
            keep = False
        self._task = None
        self._last = time.monotonic()
        if keep:
            self._next()
        else:
            self._transport.close()

    # -- the end -----------------------------------------------------------------------------------

    def finish(self) -> asyncio.Task[None] | None:
        """Read no further request; the one under way, if there is one, else the connection is closed."""
        self._ending = True
        self._waiting.clear()
        if self._task is None:
            self._transport.close()
        return self._task

    def close_if_quiet(self, since: float) -> None:
        """Close a connection that has asked for nothing since this instant (monotonic seconds)."""
        if self._task is None and self._last < since:
            self._transport.close()

    def abort(self) -> None:
        """Close it at once."""
        self._transport.abort()

    def _refuse(self, answer: bytes) -> None:
        """Say that this is no request, and hang up; a request that came before it is still answered."""
        self._ending = True
        if self._task is None:
            self._transport.write(answer)
            self._transport.close()


def _origin_form(target: bytes) -> str:
    """Path and query as they were sent; of an absolute URL (RFC 9112, 3.2.2) what follows the host."""
    if not target.startswith(b"/"):
        try:
            url = httptools.parse_url(target)
        except httptools.HttpParserInvalidURLError:
            return target.decode("ascii", "replace")
        target = (url.path or b"/") + (b"?" + url.query if url.query else b"")
    return target.decode("ascii", "replace")
