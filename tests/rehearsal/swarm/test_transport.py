"""The transport sends once, waits within its bounds, and names what went wrong.

The peer is a scripted TCP server in a native thread: one script per connection it accepts.
"""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic_ns

import gevent
import pytest

from rehearsal.swarm import connection as connection_module
from rehearsal.swarm.connection import Connection
from rehearsal.swarm.transport import (
    ConnectFailed,
    ConnectionReset,
    Exchange,
    Exhausted,
    Limits,
    ProtocolError,
    TimedOut,
    TooLarge,
    TransportError,
)

Script = Callable[[socket.socket], None]
REQUEST = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
PATIENT = Limits(connect=5, answer=5)


@contextmanager
def peer(*scripts: Script) -> Iterator[int]:
    """Serve one connection after the other, each by its script; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for script in scripts:
                connection, _ = listener.accept()
                with connection:
                    script(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join(5)
        assert not thread.is_alive(), "the peer waits for something that the client never did"


def answers(*responses: bytes) -> Script:
    """Read a request and send a response, as often as there are responses; then close."""

    def script(connection: socket.socket) -> None:
        for response in responses:
            assert read_request(connection)
            connection.sendall(response)

    return script


def until_closed(connection: socket.socket) -> bytes:
    """What still comes until the client closes (with a reset, where it left bytes unread)."""
    data = b""
    with suppress(ConnectionResetError):
        while more := connection.recv(1000):
            data += more
    return data


def read_request(connection: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        more = connection.recv(1000)
        if not more:
            return data
        data += more
    return data


def reset(connection: socket.socket) -> None:
    """Close with a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize(
    "response",
    [
        pytest.param(HELLO, id="content-length"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", id="chunked"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\nhello", id="until the peer closes"),
    ],
)
def test_a_complete_answer_is_given_with_its_counts_and_instants(response: bytes) -> None:
    exchange = Exchange()
    before = monotonic_ns()
    with peer(answers(response)) as port:
        connection = Connection("127.0.0.1", port, PATIENT)
        answer = connection.exchange(REQUEST, exchange)
        connection.close()
    assert (answer.status, answer.body) == (200, b"hello")
    assert before <= exchange.began <= exchange.done <= monotonic_ns()
    assert (exchange.bytes_sent, exchange.bytes_received) == (len(REQUEST), len(response))


def test_a_connection_is_kept_for_the_next_request() -> None:
    with peer(answers(HELLO, b"HTTP/1.1 204 No Content\r\n\r\n", HELLO)) as port:
        connection = Connection("127.0.0.1", port, PATIENT)
        statuses = [connection.exchange(REQUEST, Exchange()).status for _ in range(3)]
        connection.close()
    assert statuses == [200, 204, 200]


@pytest.mark.parametrize(
    "response",
    [
        pytest.param(HELLO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), id="the peer says close"),
        pytest.param(HELLO + b"garbage", id="surplus bytes behind the answer"),
        pytest.param(HELLO + HELLO, id="an answer that nobody asked for"),
    ],
)
def test_a_connection_is_not_kept_after(response: bytes) -> None:
    def once(connection: socket.socket) -> None:
        answers(response)(connection)
        until_closed(connection)

    with peer(once, answers(HELLO)) as port:
        connection = Connection("127.0.0.1", port, PATIENT)
        bodies = [connection.exchange(REQUEST, Exchange()).body for _ in range(2)]
        connection.close()
    assert bodies == [b"hello", b"hello"]


def test_an_answer_to_head_has_no_body_and_ends_the_connection() -> None:
    def head(connection: socket.socket) -> None:
        answers(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")(connection)
        until_closed(connection)

    with peer(head, answers(HELLO)) as port:
        connection = Connection("127.0.0.1", port, PATIENT)
        assert connection.exchange(REQUEST, Exchange(), head=True).body == b""
        assert connection.exchange(REQUEST, Exchange()).body == b"hello"
        connection.close()


@pytest.mark.parametrize(
    "unasked",
    [
        pytest.param(b"", id="closed by the peer"),
        pytest.param(b"HTTP/1.1 408 Late\r\n\r\n", id="unasked bytes"),
    ],
)
def test_a_stale_connection_is_found_before_sending_and_replaced(
    unasked: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "LOOK_AFTER_NS", 0)
    gone = threading.Event()

    def idle(connection: socket.socket) -> None:
        answers(HELLO)(connection)
        connection.sendall(unasked)
        connection.shutdown(socket.SHUT_WR)
        gone.set()
        assert until_closed(connection) == b"", "the stale connection was used"

    with peer(idle, answers(HELLO)) as port:
        connection = Connection("127.0.0.1", port, PATIENT)
        connection.exchange(REQUEST, Exchange())
        assert gone.wait(5)
        exchange = Exchange()
        assert connection.exchange(REQUEST, exchange).status == 200
        connection.close()
    assert exchange.bytes_sent == len(REQUEST)


def test_a_request_is_never_sent_again_after_its_first_byte() -> None:
    """The second connection would answer; nobody comes to it."""
    requests: list[bytes] = []

    def swallow(connection: socket.socket) -> None:
        answers(HELLO)(connection)
        requests.append(read_request(connection))

    with peer(swallow) as port:
        connection = Connection("127.0.0.1", port, PATIENT)
        connection.exchange(REQUEST, Exchange())
        exchange = Exchange()
        with pytest.raises(ConnectionReset):
            connection.exchange(REQUEST, exchange)
    assert requests == [REQUEST]
    assert exchange.bytes_sent == len(REQUEST)
    assert exchange.bytes_received == 0


def _reset_in_the_middle(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(HELLO[:-2])
    reset(connection)


@pytest.mark.parametrize(
    ("script", "error"),
    [
        pytest.param(answers(HELLO[:-2]), ConnectionReset, id="a truncated body"),
        pytest.param(answers(HELLO[:20]), ConnectionReset, id="a truncated head"),
        pytest.param(answers(b""), ConnectionReset, id="closed without an answer"),
        pytest.param(_reset_in_the_middle, ConnectionReset, id="reset in the middle"),
        pytest.param(answers(b"\x16\x03\x01 no HTTP at all\r\n\r\n"), ProtocolError, id="another protocol"),
    ],
)
def test_a_broken_answer_has_a_name_and_was_sent(script: Script, error: type[TransportError]) -> None:
    exchange = Exchange()
    with peer(script) as port, pytest.raises(error):
        Connection("127.0.0.1", port, PATIENT).exchange(REQUEST, exchange)
    assert exchange.bytes_sent == len(REQUEST)
    assert exchange.done >= exchange.began


def test_an_answer_that_is_not_complete_in_time_times_out_and_ends_the_connection() -> None:
    def dribble(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(HELLO[:-1])
        until_closed(connection)

    exchange = Exchange()
    with peer(dribble) as port, pytest.raises(TimedOut):
        Connection("127.0.0.1", port, Limits(connect=5, answer=0.05)).exchange(REQUEST, exchange)
    assert 0.05 <= (exchange.done - exchange.began) / 1e9 < 5
    assert exchange.bytes_received == len(HELLO) - 1


def test_an_answer_beyond_the_bound_is_given_up() -> None:
    def endless(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        with suppress(OSError):
            while True:
                connection.sendall(b"x" * 1000)

    with peer(endless) as port, pytest.raises(TooLarge):
        Connection("127.0.0.1", port, Limits(connect=5, answer=5, size=10_000)).exchange(REQUEST, Exchange())


def test_a_refused_connection_fails_before_anything_is_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    exchange = Exchange()
    with pytest.raises(ConnectFailed):
        Connection("127.0.0.1", port, PATIENT).exchange(REQUEST, exchange)
    assert exchange.bytes_sent == 0
    assert exchange.done >= exchange.began > 0


def test_a_connection_that_does_not_come_about_in_time_fails() -> None:
    """A listener with a full queue drops the handshake; the client's own limit ends the wait."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            exchange = Exchange()
            connection = Connection("127.0.0.1", port, Limits(connect=0.05, answer=5))
            with pytest.raises(ConnectFailed):
                connection.exchange(REQUEST, exchange)
    assert exchange.bytes_sent == 0


def test_a_machine_without_descriptors_is_the_generators_own_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(*_: object) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("rehearsal.swarm.connection._open_socket", none_left)
    with pytest.raises(Exhausted, match="Too many open files"):
        Connection("127.0.0.1", 1, PATIENT).exchange(REQUEST, Exchange())


def test_a_greenlet_that_is_killed_closes_its_connection_and_knows_what_it_sent() -> None:
    arrived = threading.Event()

    def silent(connection: socket.socket) -> None:
        read_request(connection)
        arrived.set()
        until_closed(connection)

    exchange = Exchange()
    with peer(silent) as port:
        waiting = gevent.spawn(Connection("127.0.0.1", port, PATIENT).exchange, REQUEST, exchange)
        while not arrived.is_set():
            gevent.sleep(0.001)
        waiting.kill()
    assert isinstance(waiting.value, gevent.GreenletExit)
    assert exchange.bytes_sent == len(REQUEST)
    assert exchange.done > exchange.began
