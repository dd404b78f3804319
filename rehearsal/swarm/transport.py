"""HTTP/1.1 over a gevent socket: one connection, one request at a time, nothing done behind one's back.

General clients retry, follow, decode and pool; each of these would falsify a measurement or cost more than
the request itself. This one sends the given bytes once and waits for one complete answer::

    TransportError
    ├── ConnectFailed     no connection; not a byte was sent
    ├── ConnectionReset   the peer or the network ended the connection before the answer was complete
    ├── TimedOut          the answer was not complete in time
    ├── ProtocolError     what came is no HTTP response
    └── TooLarge          the answer is larger than allowed

    Exhausted             this machine has no descriptor or port left: the generator's fault, no sample

It is plain HTTP: every link of a rehearsal begins at a proxy on the loopback interface.
"""

from __future__ import annotations

import errno
import os
import socket as constants
from dataclasses import dataclass
from time import monotonic_ns
from typing import ClassVar

import gevent
from gevent import socket

from rehearsal.swarm.parsing import Fields, Malformed, ResponseParser

CHUNK = 16_384
"""Bytes asked from the kernel at once: more than a usual page of the mocks, small enough to be cheap."""

_UNDER_WAY = frozenset({errno.EINPROGRESS, errno.EALREADY})
_OWN_LIMITS = frozenset({errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS, errno.ENOMEM})


class TransportError(Exception):
    """No complete answer. ``code`` is the error as it stands in the samples."""

    code: ClassVar[str]


class ConnectFailed(TransportError):  # noqa: N818 -- named as the condition is named
    """No connection came about; not a byte was sent."""

    code = "connect"


class ConnectionReset(TransportError):  # noqa: N818 -- named as the condition is named
    """The connection ended before the answer was complete."""

    code = "reset"


class TimedOut(TransportError):  # noqa: N818 -- named as the condition is named
    """The answer was not complete in time."""

    code = "timeout"


class ProtocolError(TransportError):
    """What came is no HTTP response."""

    code = "protocol"


class TooLarge(TransportError):  # noqa: N818 -- named as the condition is named
    """The answer is larger than allowed."""

    code = "too-large"


class Exhausted(Exception):  # noqa: N818 -- named as the condition is named
    """This machine has no file descriptor, port or memory left for a connection."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one exchange: seconds to connect, seconds from then to the complete answer, bytes of it."""

    connect: float
    answer: float
    size: int = 16 * 2**20


@dataclass(slots=True)
class Exchange:
    """What is known of one exchange, filled in as it happens: readable after any exception.

    ``began`` is taken right before the first packet that serves this request: that of the connection where
    a new one is needed, else of the request. Instants are nanoseconds of ``CLOCK_MONOTONIC``.
    """

    began: int = 0
    done: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response."""

    status: int
    fields: Fields
    body: bytes


class Connection:
    """A kept-alive connection to one address, opened when it is needed.

    A connection that the peer has closed meanwhile is found out *before* sending, by a look at the
    socket; from the first byte on a request is never sent again.
    """

    def __init__(self, host: str, port: int, limits: Limits) -> None:
        self._address = (host, port)
        self._limits = limits
        self._socket: socket.socket | None = None
        self._parser = ResponseParser()

    def exchange(self, request: bytes, exchange: Exchange, *, head: bool = False) -> Response:
        """Send ``request`` and wait for its answer; ``head`` where it is a HEAD.

        Raises :class:`TransportError`, :class:`Exhausted`, or what ends the greenlet. ``exchange.done`` is
        set in every case.
        """
        exchange.began = monotonic_ns()
        complete = False
        try:
            connection = self._socket
            if connection is None or not _is_quiet(connection):
                self.close()
                connection = self._socket = self._connect()
                self._parser = ResponseParser()
            self._parser.expect(head=head)
            self._within_time(connection, request, exchange)
            complete = True
        finally:
            exchange.done = monotonic_ns()
            if not complete or self._parser.surplus or not self._parser.keep_alive:
                self.close()
        return Response(self._parser.status, self._parser.fields, self._parser.body)

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _connect(self) -> socket.socket:
        connection = None
        try:
            connection = socket.socket(constants.AF_INET, constants.SOCK_STREAM)
            connection.setsockopt(constants.IPPROTO_TCP, constants.TCP_NODELAY, 1)
            connection.settimeout(0.0)
            # on loopback the handshake is over when the first call returns, but only the second one says
            # so; asking twice spares a turn of the event loop for every connection
            status = connection.connect_ex(self._address) and connection.connect_ex(self._address)
            if status in _UNDER_WAY:
                connection.settimeout(self._limits.connect)
                connection.connect(self._address)
            elif status not in (0, errno.EISCONN):
                raise OSError(status, os.strerror(status))  # noqa: TRY301 -- one place says what it means
            connection.settimeout(None)
        except OSError as error:  # a time limit is one, too
            if connection is not None:
                connection.close()
            if error.errno in _OWN_LIMITS:
                raise Exhausted(f"no connection to {self._address[0]}:{self._address[1]}: {error}") from error
            raise ConnectFailed(str(error)) from error
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        return connection

    def _within_time(self, connection: socket.socket, request: bytes, exchange: Exchange) -> None:
        limit = gevent.Timeout.start_new(self._limits.answer)
        try:
            self._send(connection, request, exchange)
            self._receive(connection, exchange)
        except gevent.Timeout as fired:
            if fired is not limit:
                raise
            raise TimedOut(f"no complete answer within {self._limits.answer:g} s") from None
        except OSError as error:
            raise ConnectionReset(str(error)) from error
        finally:
            limit.close()

    def _send(self, connection: socket.socket, request: bytes, exchange: Exchange) -> None:
        size = len(request)
        sent = exchange.bytes_sent = connection.send(request)
        if sent < size:
            rest = memoryview(request)
            while sent < size:
                sent = exchange.bytes_sent = sent + connection.send(rest[sent:])

    def _receive(self, connection: socket.socket, exchange: Exchange) -> None:
        parser = self._parser
        while not parser.complete:
            data = connection.recv(CHUNK)
            if not data:
                if not parser.end_of_stream():
                    raise ConnectionReset("the peer closed before the answer was complete")
                return
            exchange.bytes_received += len(data)
            if exchange.bytes_received > self._limits.size:
                raise TooLarge(f"the answer is larger than {self._limits.size} bytes")
            try:
                parser.feed(data)
            except Malformed as error:
                raise ProtocolError(str(error)) from error


def _is_quiet(connection: socket.socket) -> bool:
    """Whether an idle connection is still open and holds nothing unasked for."""
    connection.settimeout(0.0)
    try:
        connection.recv(1, constants.MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        connection.settimeout(None)
    return False  # closed by the peer, or bytes that nobody asked for
