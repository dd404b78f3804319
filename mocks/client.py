"""An HTTP/1.1 client for calls between systems: kept-alive connections, one deadline, never a second try.

Pooled clients commonly send an idempotent request once more when a kept-alive connection turns out to be
closed. Here it would hide what is to be observed, so a request is sent once and its outcome is what happened
to it. A connection that the callee has closed meanwhile leaves the pool when the end of it arrives.

::

    idle connection, else connect (within CONNECT_LIMIT) ──► request in one write ──► answer ──► idle again
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Literal, NamedTuple, cast
from urllib.parse import quote

import httptools

CONNECT_LIMIT = 1.0
"""Seconds until a connection must stand."""
KEEP_ALIVE = 30.0
"""Seconds after which an idle connection is not used again: less than a callee keeps it."""
MAX_ANSWER = 64 * 1024 * 1024
"""Bytes of an answer that are read before the connection is given up."""
_SAFE = "/?:@!$&'()*+,;=%-._~"
_SCHEME = "http://"


class Outcome(NamedTuple):
    """How an exchange ended.

    ``error`` is "" where an answer came, ``connect`` where nothing was sent, ``reset`` or ``timeout`` where
    the callee may have done it. ``status`` is 0 and ``body`` empty unless an answer came.
    """

    status: int
    error: Literal["", "connect", "reset", "timeout"]
    body: bytes = b""


class Client:
    """Connections to any number of addresses, as many at once as there are requests under way."""

    def __init__(self) -> None:
        self._idle: dict[str, list[_Connection]] = {}
        self._all: set[_Connection] = set()

    async def exchange(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], limit: float
    ) -> Outcome:
        """One request, answered completely within ``limit`` seconds, connecting included.

        ``headers`` may not contain line breaks (``ValueError``); the body is declared as JSON.
        """
        address, path = _split(url)
        request = _request(method, address, path, body, headers)
        deadline = time.monotonic() + limit
        connection = self._take(address)
        if connection is None:
            connection = await self._connect(address, min(CONNECT_LIMIT, limit))
            if connection is None:
                return Outcome(0, "connect")
        return await connection.exchange(request, deadline)

    async def close(self) -> None:
        """Close all connections; whoever waits for an answer hears ``reset``."""
        for connection in list(self._all):
            connection.abort()
        await asyncio.sleep(0)

    def _take(self, address: str) -> _Connection | None:
        idle = self._idle.get(address)
        usable_since = time.monotonic() - KEEP_ALIVE
        while idle:
            connection = idle.pop()  # the one used last: the others may grow old
            if connection.idle_since >= usable_since and connection.usable:
                return connection
            connection.abort()
        return None

    async def _connect(self, address: str, limit: float) -> _Connection | None:
        host, _, port = address.partition(":")
        idle = self._idle.setdefault(address, [])
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(limit):
                _, connection = await loop.create_connection(
                    lambda: _Connection(idle, self._all), host, int(port or 80)
                )
        except OSError:  # a time limit is one, too
            return None
        return connection


class _Connection(asyncio.Protocol):
    """One connection; ``idle`` is where it waits between two exchanges."""

    _transport: asyncio.Transport

    def __init__(self, idle: list[_Connection], connections: set[_Connection]) -> None:
        self._idle = idle
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._waiter: asyncio.Future[Outcome] | None = None
        self._status = 0
        self._body: list[bytes] = []
        self._received = 0
        self._until_closed = False  # no length and not chunked: the body ends with the connection
        self.usable = True
        self.idle_since = 0.0

    async def exchange(self, request: bytes, deadline: float) -> Outcome:
        """Send a request and wait for its answer until ``deadline`` (monotonic seconds)."""
        waiter: asyncio.Future[Outcome] = self._loop.create_future()
        self._waiter = waiter
        if not self.usable:  # ended between connecting and now
            return Outcome(0, "reset")
        timer = self._loop.call_later(max(0.0, deadline - time.monotonic()), self._end, "timeout")
        self._begin()
        self._transport.write(request)
        try:
            return await waiter
        except asyncio.CancelledError:
            self.abort()  # its answer may still come, and would be taken for that of the next request
            raise
        finally:
            timer.cancel()

    def abort(self) -> None:
        """Close it at once."""
        self.usable = False
        self._transport.abort()

    # -- the transport's side ----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = cast(asyncio.Transport, transport)
        self._connections.add(self)

    def connection_lost(self, _error: Exception | None) -> None:
        """It has ended, from whichever side."""
        self.usable = False
        self._connections.discard(self)
        if self in self._idle:
            self._idle.remove(self)
        if self._until_closed and self._status:
            self._answered()
        else:
            self._end("reset")

    def data_received(self, data: bytes) -> None:
        """Bytes of the answer; what was not asked for ends the connection."""
        self._received += len(data)
        if self._waiter is None or self._received > MAX_ANSWER:
            self._end("reset")
            self.abort()
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._end("reset")
            self.abort()

    # -- the parser's side -------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """An answer begins; one that nobody waits for ends the connection."""
        if self._waiter is None:
            self.abort()

    def on_header(self, name: bytes, _value: bytes) -> None:
        """One header field."""
        if len(name) in (14, 17) and name.lower() in (b"content-length", b"transfer-encoding"):
            self._until_closed = False

    def on_headers_complete(self) -> None:
        """The head is complete."""
        status = self._parser.get_status_code()
        self._status = status if status >= 200 else 0

    def on_body(self, data: bytes) -> None:
        """A piece of the body."""
        self._body.append(data)

    def on_message_complete(self) -> None:
        """The answer is complete, unless it was an interim one (1xx)."""
        if self._status:
            self._answered()
        else:
            self._begin()

    # -- the exchange ------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._status = 0
        self._body = []
        self._received = 0
        self._until_closed = True

    def _answered(self) -> None:
        if self.usable and self._parser.should_keep_alive():
            self.idle_since = time.monotonic()
            self._idle.append(self)
        else:
            self.abort()
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        self._tell(Outcome(self._status, "", body))

    def _end(self, error: Literal["reset", "timeout"]) -> None:
        """No answer will be taken any more."""
        if self._waiter is not None:
            self._tell(Outcome(0, error))
            self.abort()

    def _tell(self, outcome: Outcome) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(outcome)


def _split(url: str) -> tuple[str, str]:
    """Host and port, and what follows them."""
    if not url.startswith(_SCHEME):
        raise ValueError(f"{url!r} is no address of a link; legal: {_SCHEME}host:port/path")
    address, slash, rest = url[len(_SCHEME) :].partition("/")
    return address, quote(slash + rest, safe=_SAFE) or "/"


def _request(method: str, address: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
    for value in headers.values():
        if not value.isprintable():
            raise ValueError(f"{value!r} cannot be sent in a header")
    lines = [f"{method} {path} HTTP/1.1", f"Host: {address}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines.append(f"Content-Type: application/json\r\nContent-Length: {len(body)}")
    elif method != "GET":
        lines.append("Content-Length: 0")
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")
