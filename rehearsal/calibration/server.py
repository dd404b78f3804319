"""The stub's server: one thread, one epoll, answers at their instants.

::

    epoll ──► connection ──► request is complete ──► desk: when is its service over? ──► heap of answers
      ▲                                                                                        │
      └────────────────── timer (timerfd): the earliest of the heap is due ◄───────────────────┘

No framework and no event loop of a library: what stands between an instant and its answer is one system call.
"""

from __future__ import annotations

import contextlib
import heapq
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

import httptools
import msgspec

from mocks.operator import ClockReading
from rehearsal.calibration.service import Desk
from rehearsal.calibration.timerfd import Timer
from rehearsal.errors import SetUpError

BACKLOG = 4096
AT_ONCE = 16
"""Descriptors looked after before the heap is looked at again: what an answer that is due may wait for."""
CHUNK = 65536

CLOCK = b"/-/clock"
"""Tells what the stub's clocks read, as the mocks do; costs no service and is not journaled."""

OK, BAD_REQUEST, TURNED_AWAY = 200, 400, 503
_REASONS = {OK: b"OK", BAD_REQUEST: b"Bad Request", TURNED_AWAY: b"Service Unavailable"}


@dataclass(slots=True)
class Request:
    """One request on its way through the stub; instants in nanoseconds, durations in microseconds."""

    connection: Connection
    method: str
    caller: str
    trace: str
    span: str
    last: bool
    at: int
    queued_us: int = 0
    service_us: int = 0
    status: int = OK


class Server:
    """Answers every request with ``body`` bytes when ``desk`` says that its service is over.

    ``answered`` is called with every request that was answered, and the instant of it.
    """

    def __init__(
        self, desk: Desk, answered: Callable[[Request, int], None], body: int, port: int = 0
    ) -> None:
        self._desk = desk
        self._answered = answered
        self._content = {OK: b"x" * body, BAD_REQUEST: b"", TURNED_AWAY: b""}
        self._epoll = select.epoll()
        self._timer = Timer()
        self._armed = 0
        self._due: list[tuple[int, int, Callable[[], None] | Request]] = []
        self._number = 0
        self._over = False
        self._connections: dict[int, Connection] = {}
        self.in_flight = 0
        self._listening = _listen(port)
        self.port: int = self._listening.getsockname()[1]
        self._epoll.register(self._listening.fileno(), select.EPOLLIN)
        self._epoll.register(self._timer.fileno(), select.EPOLLIN)

    def call_at(self, due_ns: int, what: Request | Callable[[], None]) -> None:
        """Answer a request, or call a function, at an instant."""
        self._number += 1  # equals are served in the order in which they came
        heapq.heappush(self._due, (due_ns, self._number, what))

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; then close every connection."""
        ended, told = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        signal.set_wakeup_fd(told)  # ends the wait below: Python itself would resume it (PEP 475)
        self._epoll.register(ended, select.EPOLLIN)
        while not self._over:
            for descriptor, events in self._epoll.poll(maxevents=AT_ONCE):
                connection = self._connections.get(descriptor)
                if connection is not None:
                    connection.ready(events)
                elif descriptor == self._listening.fileno():
                    self._accept()
            self._perform()
        self._close(ended, told)

    def _end(self, *_: object) -> None:
        self._over = True

    def _close(self, *pipe: int) -> None:
        signal.set_wakeup_fd(-1)
        for connection in list(self._connections.values()):
            connection.close()
        for descriptor in pipe:
            os.close(descriptor)
        self._listening.close()
        self._timer.close()
        self._epoll.close()

    def _perform(self) -> None:
        """Do what is due by now, and set the timer for what is due next."""
        due = self._due
        while due and due[0][0] <= time.monotonic_ns():
            what = heapq.heappop(due)[2]
            if isinstance(what, Request):
                self._answer(what)
            else:
                what()
        if due and due[0][0] != self._armed:  # setting it anew also makes it unreadable again
            self._armed = due[0][0]
            self._timer.set(self._armed)

    def receive(self, request: Request) -> None:
        """A request is complete."""
        self.in_flight += 1
        admission = self._desk.admit(request.at / 1e9)
        if admission is None:
            request.status = TURNED_AWAY
            self._answer(request)
            return
        request.queued_us = round((admission.starts - admission.arrived) * 1e6)
        request.service_us = round((admission.finishes - admission.starts) * 1e6)
        due = request.at + round((admission.finishes - admission.arrived) * 1e9)
        # HTTP/1.1 answers a connection's requests in their order
        due = request.connection.last_due = max(due, request.connection.last_due)
        if due <= request.at:
            self._answer(request)
        else:
            self.call_at(due, request)

    def _answer(self, request: Request) -> None:
        self.in_flight -= 1
        connection = request.connection
        if connection.closed:
            return
        done = time.monotonic_ns()
        connection.send(self.reply(request.status, head=request.method == "HEAD", last=request.last))
        if request.last:
            connection.end()
        self._answered(request, done)

    def reply(self, status: int, *, head: bool = False, last: bool = False) -> bytes:
        """The bytes of an answer; ``head``: without its content; ``last``: of its connection."""
        return _written(status, self._content[status], head=head, last=last)

    def watch(self, connection: Connection, events: int) -> None:
        """Hear of these events of a connection."""
        self._epoll.modify(connection.descriptor, events)

    def forget(self, connection: Connection) -> None:
        """A connection is about to be closed."""
        self._epoll.unregister(connection.descriptor)
        del self._connections[connection.descriptor]

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionError):
            while True:
                there, _ = self._listening.accept()
                there.setblocking(False)
                there.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection = Connection(self, there)
                self._connections[connection.descriptor] = connection
                self._epoll.register(connection.descriptor, select.EPOLLIN)


class Connection:
    """One connection and its parser, which calls the ``on_`` methods."""

    def __init__(self, server: Server, there: socket.socket) -> None:
        self._server = server
        self._socket = there
        self.descriptor = there.fileno()
        self.closed = False
        self.last_due = 0
        self._parser = httptools.HttpRequestParser(self)
        self._unsent = bytearray()
        self._ending = False
        self._url = b""
        self._caller = self._trace = self._span = ""

    def ready(self, events: int) -> None:
        """Read what has come, send what could not be sent before."""
        try:
            if events & select.EPOLLOUT:
                self._send_on()
            if not self.closed and events & ~select.EPOLLOUT:
                self._read()
        except ConnectionError:
            self.close()

    def _read(self) -> None:
        received = self._socket.recv(CHUNK)
        if not received:
            self.close()
            return
        try:
            self._parser.feed_data(received)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.send(self._server.reply(BAD_REQUEST, last=True))
            self.end()

    def send(self, content: bytes) -> None:
        """Send it, or keep what the network does not take yet."""
        if self._unsent:
            self._unsent += content
            return
        try:
            sent = self._socket.send(content)
        except BlockingIOError:
            sent = 0
        except ConnectionError:
            self.close()
            return
        if sent < len(content):
            self._unsent += content[sent:]
            self._server.watch(self, select.EPOLLIN | select.EPOLLOUT)

    def _send_on(self) -> None:
        with contextlib.suppress(BlockingIOError):
            del self._unsent[: self._socket.send(self._unsent)]
        if not self._unsent:
            self._server.watch(self, select.EPOLLIN)
            if self._ending:
                self.close()

    def end(self) -> None:
        """Close it when everything has been sent."""
        self._ending = True
        if not self._unsent:
            self.close()

    def close(self) -> None:
        """Close it now. May be called twice."""
        if not self.closed:
            self.closed = True
            self._server.forget(self)
            self._socket.close()

    # called by the parser

    def on_url(self, url: bytes) -> None:
        """The request's target."""
        self._url = url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep what the journal tells."""
        match name.lower():
            case b"traceparent":
                parts = value.decode("ascii", "replace").split("-")
                if len(parts) == 4:
                    self._trace, self._span = parts[1], parts[2]
            case b"x-caller":
                self._caller = value.decode("ascii", "replace")

    def on_message_complete(self) -> None:
        """The request has come to its last byte."""
        at = time.monotonic_ns()
        if self._url == CLOCK:
            self.send(_written(OK, msgspec.json.encode(_reading(at))))
            return
        parser = self._parser
        method, last = parser.get_method().decode("ascii"), not parser.should_keep_alive()
        request = Request(self, method, self._caller, self._trace, self._span, last, at)
        self._caller = self._trace = self._span = ""
        self._server.receive(request)


def _reading(at: int) -> ClockReading:
    unix = time.time_ns()
    now = time.monotonic_ns()
    return ClockReading(0, at, now, unix - (now - at))


def _written(status: int, content: bytes, *, head: bool = False, last: bool = False) -> bytes:
    return b"HTTP/1.1 %d %s\r\nContent-Length: %d\r\n%s\r\n%s" % (
        status,
        _REASONS[status],
        len(content),
        b"Connection: close\r\n" if last else b"",
        b"" if head else content,
    )


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise SetUpError(f"port {port} on 127.0.0.1 cannot be bound ({error.strerror})") from error
    listening.listen(BACKLOG)
    listening.setblocking(False)
    return listening
