"""The stock client, for what the lean connection does not speak: HTTP/2, and ways through a forward proxy.

It costs some twenty times as much, so it is used only for links that ask for it. It is httpx with everything
switched off that would be done behind the visitor's back: redirects, retries, cookies, the environment.
"""

from __future__ import annotations

import ssl
from time import monotonic_ns
from typing import Any

import gevent
import httpx

from rehearsal.swarm.transport import (
    ConnectFailed,
    ConnectionReset,
    Exchange,
    Limits,
    ProtocolError,
    Response,
    TimedOut,
    TooLarge,
    TransportError,
)

_FAILURES: tuple[tuple[type[httpx.HTTPError], type[TransportError]], ...] = (
    (httpx.ConnectError, ConnectFailed),
    (httpx.ConnectTimeout, ConnectFailed),
    (httpx.ProxyError, ConnectFailed),
    (httpx.TimeoutException, TimedOut),
    (httpx.RemoteProtocolError, ConnectionReset),  # "server disconnected", more often than nonsense
    (httpx.NetworkError, ConnectionReset),
    (httpx.HTTPError, ProtocolError),
)
"""The first that fits says what a failure is."""

_HOP_BY_HOP = frozenset({"host", "content-length", "connection"})


class StockConnection:
    """A connection of the stock client; see :class:`rehearsal.swarm.connection.Connection`.

    ``base`` is ``http://host:port`` or ``https://host:port``; ``proxy`` the address of a forward proxy.
    """

    def __init__(
        self,
        base: str,
        limits: Limits,
        *,
        http2: bool = False,
        proxy: str | None = None,
        tls: ssl.SSLContext | None = None,
        server_name: str = "",
    ) -> None:
        self._base = base
        self._limits = limits
        self._server_name = server_name
        self._client = httpx.Client(
            http1=not http2,
            http2=http2,
            proxy=proxy,
            verify=tls or True,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(limits.answer, connect=limits.connect),
        )

    def exchange(self, request: bytes, exchange: Exchange, *, head: bool = False) -> Response:  # noqa: ARG002 -- httpx sees it
        """Send ``request`` and wait for its answer. Raises :class:`TransportError`."""
        method, path, headers, content = _taken_apart(request)
        extensions: dict[str, Any] = {"trace": _Trace(exchange, len(request))}
        if self._server_name:
            extensions["sni_hostname"] = self._server_name
        limit = gevent.Timeout.start_new(self._limits.connect + self._limits.answer)
        exchange.began = monotonic_ns()
        try:
            with self._client.stream(
                method, self._base + path, headers=headers, content=content, extensions=extensions
            ) as answer:
                body = self._bounded(answer, exchange)
        except gevent.Timeout as fired:
            if fired is not limit:
                raise
            raise TimedOut(f"no complete answer within {self._limits.answer:g} s") from None
        except httpx.HTTPError as error:
            kind = next(ours for theirs, ours in _FAILURES if isinstance(error, theirs))
            raise kind(str(error)) from error
        finally:
            limit.close()
            exchange.done = monotonic_ns()
            self._client.cookies.clear()
        return Response(answer.status_code, tuple(answer.headers.raw), body)

    def close(self) -> None:
        """Close it."""
        self._client.close()

    def _bounded(self, answer: httpx.Response, exchange: Exchange) -> bytes:
        pieces = []
        for piece in answer.iter_raw():
            pieces.append(piece)
            exchange.bytes_received += len(piece)
            if exchange.bytes_received > self._limits.size:
                raise TooLarge(f"the answer is larger than {self._limits.size} bytes")
        return b"".join(pieces)


class _Trace:
    """Notes when the first byte of a request leaves (httpcore's trace extension)."""

    def __init__(self, exchange: Exchange, size: int) -> None:
        self._exchange, self._size = exchange, size

    def __call__(self, event: str, _details: object) -> None:
        if event.endswith("send_request_headers.started"):
            self._exchange.bytes_sent = self._size


def _taken_apart(request: bytes) -> tuple[str, str, list[tuple[str, str]], bytes]:
    """Method, path, header fields and content of a request as the visitor wrote it."""
    head, _, content = request.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    fields = (line.partition(": ") for line in lines)
    return (
        method,
        path,
        [(name, value) for name, _, value in fields if name.lower() not in _HOP_BY_HOP],
        content,
    )
