"""The same bytes within TLS: who is spoken to is checked, and limits and names of failures stay the same."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import trustme

from rehearsal.swarm import connection as connection_module
from rehearsal.swarm.connection import Connection
from rehearsal.swarm.transport import ConnectFailed, ConnectionReset, Exchange, Limits, TimedOut
from tests.rehearsal.swarm.test_transport import HELLO, REQUEST, Script, answers, peer, read_request

NAME = "portal.test"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@contextmanager
def secure_peer(authority: trustme.CA, *scripts: Script, name: str = NAME) -> Iterator[int]:
    """As :func:`peer`, behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)

    def wrapped(script: Script) -> Script:
        def serve(connection: socket.socket) -> None:
            with (
                suppress(ssl.SSLError, ConnectionError),
                context.wrap_socket(connection, server_side=True) as tls,
            ):
                script(tls)

        return serve

    with peer(*map(wrapped, scripts)) as port:
        yield port


def connected(port: int, context: ssl.SSLContext, limits: Limits | None = None) -> Connection:
    return Connection("127.0.0.1", port, limits or Limits(5, 5), context, NAME)


def test_answers_come_through_and_the_connection_is_kept(
    authority: trustme.CA, trusting: ssl.SSLContext
) -> None:
    large = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n30d40\r\n" + b"x" * 200_000 + b"\r\n0\r\n\r\n"
    )
    with secure_peer(authority, answers(HELLO, large, HELLO)) as port:
        connection = connected(port, trusting)
        bodies = [connection.exchange(REQUEST, Exchange()).body for _ in range(3)]
        connection.close()
    assert bodies == [b"hello", b"x" * 200_000, b"hello"]


def test_a_large_request_is_sent_whole(authority: trustme.CA, trusting: ssl.SSLContext) -> None:
    content = b"y" * 3_000_000
    received: list[int] = []

    def swallow(connection: socket.socket) -> None:
        data = b""
        while len(data) < len(REQUEST) + len(content):
            data += connection.recv(100_000)
        received.append(len(data))
        connection.sendall(HELLO)

    with secure_peer(authority, swallow) as port:
        connection = connected(port, trusting)
        assert connection.exchange(REQUEST + content, Exchange()).body == b"hello"
        connection.close()
    assert received == [len(REQUEST) + len(content)]


@pytest.mark.parametrize("name", ["somebody-else.test"])
def test_a_peer_with_another_name_is_no_connection(
    authority: trustme.CA, trusting: ssl.SSLContext, name: str
) -> None:
    with secure_peer(authority, answers(HELLO), name=name) as port:
        exchange = Exchange()
        with pytest.raises(ConnectFailed, match="certificate"):
            connected(port, trusting).exchange(REQUEST, exchange)
    assert exchange.bytes_sent == 0


def test_a_peer_of_an_unknown_authority_is_no_connection(authority: trustme.CA) -> None:
    with secure_peer(authority, answers(HELLO)) as port, pytest.raises(ConnectFailed, match="certificate"):
        connected(port, ssl.create_default_context()).exchange(REQUEST, Exchange())


def test_a_handshake_that_does_not_end_is_no_connection(trusting: ssl.SSLContext) -> None:
    over = threading.Event()

    def silent(_: socket.socket) -> None:
        over.wait(5)

    with peer(silent) as port:
        with pytest.raises(ConnectFailed, match=r"0\.05 s"):
            connected(port, trusting, Limits(connect=0.05, answer=5)).exchange(REQUEST, Exchange())
        over.set()


@pytest.mark.parametrize(
    ("script", "error"),
    [
        pytest.param(lambda c: read_request(c) and c.sendall(HELLO[:-2]), ConnectionReset, id="cut off"),
        pytest.param(lambda c: read_request(c) and c.recv(1), TimedOut, id="silent"),
    ],
)
def test_failures_have_the_same_names(
    authority: trustme.CA, trusting: ssl.SSLContext, script: Script, error: type[Exception]
) -> None:
    with secure_peer(authority, script) as port:
        exchange = Exchange()
        with pytest.raises(error):
            connected(port, trusting, Limits(connect=5, answer=0.1)).exchange(REQUEST, exchange)
    assert exchange.bytes_sent > 0


def test_a_connection_closed_meanwhile_is_replaced_before_sending(
    authority: trustme.CA, trusting: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "LOOK_AFTER_NS", 0)
    gone = threading.Event()

    def once(connection: socket.socket) -> None:
        answers(HELLO)(connection)
        connection.shutdown(socket.SHUT_RDWR)
        gone.set()

    with secure_peer(authority, once, answers(HELLO)) as port:
        connection = connected(port, trusting)
        connection.exchange(REQUEST, Exchange())
        assert gone.wait(5)
        assert connection.exchange(REQUEST, Exchange()).body == b"hello"
        connection.close()
