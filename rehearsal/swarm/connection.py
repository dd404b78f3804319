"""HTTP/1.1 on the event loop itself: one connection, one request at a time, nothing done behind one's back.

The greenlet of a visitor sends and lets go; the loop's callback reads, parses, and wakes it when the answer
is complete::

    visitor   exchange ── send ──┐                               ┌─ Response
    loop                         └─ readable: recv, parse … complete: stamp, wake

A watcher stays on the socket for as long as it is open. So a request costs no registration, no read that
finds nothing, no timer of its own, and the end of the answer is stamped before anybody else may run. It is
also how the peer's closing of an idle connection is noticed.
"""

from __future__ import annotations

import errno
import os
import socket as constants
import ssl
from ipaddress import ip_address
from time import monotonic_ns
from typing import Any

import gevent
from gevent import get_hub, getcurrent, monkey
from gevent.socket import getaddrinfo

from rehearsal.swarm.parsing import Malformed, ResponseParser
from rehearsal.swarm.tls import Tls
from rehearsal.swarm.transport import (
    ConnectFailed,
    ConnectionReset,
    Exchange,
    Exhausted,
    Limits,
    ProtocolError,
    Response,
    TimedOut,
    TooLarge,
    TransportError,
)
from rehearsal.swarm.turns import turns_of

CHUNK = 65_536
"""Bytes asked from the kernel at once; what is not there costs nothing."""

_READ, _WRITE = 1, 2  # libev's EV_READ and EV_WRITE
LOOK_AFTER_NS = 50_000
"""After a pause this long (nanoseconds) the socket is looked at before it is used: the loop may not have come
to what happened to it."""

_UNDER_WAY = frozenset({errno.EINPROGRESS, errno.EALREADY})
_OWN_LIMITS = frozenset({errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS, errno.ENOMEM})

_open_socket = monkey.get_original("socket", "socket")
"""The kernel's own socket: here nothing may wait but this module's watchers."""


class Connection:
    """A kept-alive connection to one address, opened when it is needed.

    A connection that the peer has closed meanwhile is found out *before* sending; from the first byte on a
    request is never sent again. With ``tls`` it speaks TLS, and ``server_name`` is the name in the peer's
    certificate. Belongs to one greenlet at a time.
    """

    def __init__(
        self, host: str, port: int, limits: Limits, tls: ssl.SSLContext | None = None, server_name: str = ""
    ) -> None:
        self._host, self._port = host, port
        self._limits = limits
        self._answer_ns = round(limits.answer * 1e9)
        self._context, self._server_name = tls, server_name or host
        self._hub = get_hub()
        self._turns = turns_of(self._hub.loop)
        self._socket: Any = None
        self._tls: Tls | None = None
        self._readable: Any = None
        self._timer: Any = None
        self._parser = ResponseParser()
        self._exchange = Exchange()
        self._waiter: Any = None
        self._error: TransportError | None = None
        self._deadline = 0

    def exchange(self, request: bytes, exchange: Exchange, *, head: bool = False) -> Response:
        """Send ``request`` and wait for its answer; ``head`` where it is a HEAD.

        Raises :class:`TransportError`, :class:`Exhausted`, or what ends the greenlet. ``exchange.done`` is
        set in every case.
        """
        idle_since = self._exchange.done
        self._exchange = exchange
        reusable = False
        exchange.began = now = monotonic_ns()
        try:
            if self._socket is None or (now - idle_since > LOOK_AFTER_NS and not self._is_quiet()):
                self.close()
                self._connect()
                now = monotonic_ns()
            parser = self._parser
            parser.expect(head=head)
            self._deadline = now + self._answer_ns
            if self._timer is None:
                self._watch_time(self._limits.answer)
            whole = self._send(request)
            if self._error is None and not parser.complete:
                self._wait()
            if self._error is not None:
                raise self._error
            reusable = whole and parser.keep_alive and not parser.surplus
        finally:
            if not exchange.done:
                exchange.done = monotonic_ns()
            if not reusable:
                self.close()
        return Response(parser.status, parser.fields, parser.body)

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._socket is not None:
            for watcher in (self._readable, self._timer):
                if watcher is not None:
                    watcher.stop()
                    watcher.close()
            self._readable = self._timer = None
            self._socket.close()
            self._socket = self._tls = None
            self._error = None

    # in the visitor's greenlet

    def _wait(self) -> None:
        """Let the loop go on until one of its callbacks wakes this greenlet."""
        self._waiter = getcurrent()
        try:
            self._hub.switch()
        finally:
            self._waiter = None

    def _send(self, request: bytes) -> bool:
        """Whether the request was sent whole; not so where the answer came first."""
        data = request if self._tls is None else self._tls.encrypted(request)
        try:
            sent = self._socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            raise ConnectionReset(str(error)) from error
        self._exchange.bytes_sent = sent
        return sent == len(data) or self._send_rest(data)

    def _send_rest(self, data: bytes) -> bool:
        rest = memoryview(data)
        writable = self._hub.loop.io(self._socket.fileno(), _WRITE)
        try:
            while (sent := self._exchange.bytes_sent) < len(data):
                writable.start(self._wake)
                self._wait()
                writable.stop()
                if self._error is not None or self._parser.complete:
                    return False
                try:
                    self._exchange.bytes_sent = sent + self._socket.send(rest[sent:])
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise ConnectionReset(str(error)) from error
        finally:
            writable.stop()
            writable.close()
        return True

    def _is_quiet(self) -> bool:
        """Whether an idle connection is still open and holds nothing unasked for."""
        if self._tls is not None:  # what waits there may be the peer's business with TLS
            self._read()
            return self._socket is not None
        try:
            self._socket.recv(1, constants.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False  # closed by the peer, or bytes that nobody asked for

    def _connect(self) -> None:
        limit = gevent.Timeout.start_new(self._limits.connect)
        try:
            self._open()
        except gevent.Timeout as fired:
            if fired is not limit:
                raise
            raise ConnectFailed(f"no connection within {self._limits.connect:g} s") from None
        except OSError as error:  # of TLS as well
            if error.errno in _OWN_LIMITS:
                raise Exhausted(f"no connection to {self._host}:{self._port}: {error}") from error
            raise ConnectFailed(str(error)) from error
        finally:
            limit.close()

    def _open(self) -> None:
        family, address = self._address()
        opened = _open_socket(family, constants.SOCK_STREAM)
        try:
            opened.setblocking(False)
            opened.setsockopt(constants.IPPROTO_TCP, constants.TCP_NODELAY, 1)
            # on loopback the handshake is over when the first call returns, but only the second one says
            # so; asking twice spares a turn of the event loop for every connection
            status = opened.connect_ex(address) and opened.connect_ex(address)
            if status in _UNDER_WAY:
                self._hub.wait(self._hub.loop.io(opened.fileno(), _WRITE))
                status = opened.getsockopt(constants.SOL_SOCKET, constants.SO_ERROR)
            if status not in (0, errno.EISCONN):
                raise OSError(status, os.strerror(status))  # noqa: TRY301 -- one place says what it means
            tls = None if self._context is None else Tls(self._context, self._server_name)
            if tls is not None:
                self._shake_hands(tls, opened)
        except BaseException:
            opened.close()
            raise
        self._socket, self._tls, self._error = opened, tls, None
        self._parser = ResponseParser()
        self._readable = self._hub.loop.io(opened.fileno(), _READ)
        self._readable.start(self._on_readable)

    def _address(self) -> tuple[int, tuple[Any, ...]]:
        try:
            version = ip_address(self._host).version
        except ValueError:
            family, _, _, _, address = getaddrinfo(self._host, self._port, type=constants.SOCK_STREAM)[0]
            return family, address
        return constants.AF_INET if version == 4 else constants.AF_INET6, (self._host, self._port)

    def _shake_hands(self, tls: Tls, opened: Any) -> None:
        watcher = self._hub.loop.io(opened.fileno(), _READ)
        while True:
            done, data = tls.handshake()
            if data:  # a flight of the handshake fits into an empty send buffer
                opened.send(data)
            if done:
                return
            self._hub.wait(watcher)
            received = opened.recv(CHUNK)
            if not received:
                raise ConnectionResetError(errno.ECONNRESET, "closed within the TLS handshake")
            tls.feed(received)

    # in the event loop: what must not wait and must not raise

    def _wake(self) -> None:
        if self._waiter is not None:
            self._waiter.switch()

    def _end(self, error: TransportError) -> None:
        self._error = error
        self._wake()

    def _on_readable(self) -> None:
        if self._turns.spent():
            self._readable.stop()  # the loop would call again in every turn until it is read
            self._turns.later(self._read_later)
        else:
            self._read()

    def _read_later(self) -> None:
        if self._socket is not None:
            self._readable.start(self._on_readable)
            self._read()

    def _read(self) -> None:
        exchange, parser = self._exchange, self._parser
        try:
            data = self._socket.recv(CHUNK)
            ended = not data
            if self._tls is not None and data:
                data, ended = self._tls.decrypted(data)
        except BlockingIOError:
            return
        except OSError as error:
            data, ended, broken = b"", True, str(error)
        else:
            broken = "the peer closed before the answer was complete"
        if self._waiter is None:  # idle: the peer closed, or sent what nobody asked for
            if ended or data:
                self.close()
            return
        exchange.bytes_received += len(data)
        if exchange.bytes_received > self._limits.size:
            self._end(TooLarge(f"the answer is larger than {self._limits.size} bytes"))
            return
        if data:
            try:
                parser.feed(data)
            except Malformed as error:
                self._end(ProtocolError(str(error)))
                return
        if ended and not parser.end_of_stream():
            self._end(ConnectionReset(broken))
        elif parser.complete:
            exchange.done = monotonic_ns()
            self._waiter.switch()

    def _watch_time(self, seconds: float) -> None:
        self._timer = self._hub.loop.timer(max(seconds, 0.001))
        self._timer.start(self._on_time)

    def _on_time(self) -> None:
        """The timer runs on from one exchange to the next and is set anew when it fires too early."""
        self._timer.close()
        self._timer = None
        if self._waiter is None:
            return
        left = self._deadline - monotonic_ns()
        if left > 0:
            self._watch_time(left / 1e9)
        else:
            self._end(TimedOut(f"no complete answer within {self._limits.answer:g} s"))
