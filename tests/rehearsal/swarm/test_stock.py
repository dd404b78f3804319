"""The stock client keeps the contract of the lean one, and speaks what that does not."""

import socket
import threading
from collections.abc import Iterator

import h2.config
import h2.connection
import h2.events
import pytest

from rehearsal.swarm.stock import StockConnection
from rehearsal.swarm.transport import (
    ConnectFailed,
    ConnectionReset,
    Exchange,
    Limits,
    TimedOut,
    TooLarge,
    TransportError,
)
from tests.rehearsal.swarm.test_transport import HELLO, Script, answers, peer, read_request

REQUEST = b"POST /x?y=1 HTTP/1.1\r\nHost: a\r\nX-Caller: citizens\r\nContent-Length: 4\r\n\r\nbody"
LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000
MOVED = b"HTTP/1.1 302 Found\r\nLocation: /z\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
QUICK = Limits(connect=1, answer=0.2, size=1000)


@pytest.fixture
def free_port() -> Iterator[int]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield int(unused.getsockname()[1])


def test_the_request_arrives_as_it_was_written_and_a_redirect_is_not_followed() -> None:
    seen: list[bytes] = []

    def moved(connection: socket.socket) -> None:
        data = b""
        while not data.endswith(b"body"):
            data += connection.recv(1000)
        seen.append(data)
        connection.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: /z\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
        )

    exchange = Exchange()
    with peer(moved) as port:
        connection = StockConnection(f"http://127.0.0.1:{port}", QUICK)
        answer = connection.exchange(REQUEST, exchange)
        connection.close()
    assert (answer.status, dict(answer.fields)[b"Location"]) == (302, b"/z")
    assert seen[0].startswith(b"POST /x?y=1 HTTP/1.1\r\n")
    assert b"x-caller: citizens" in seen[0].lower()
    assert 0 < exchange.began < exchange.done
    assert exchange.bytes_sent == len(REQUEST)


@pytest.mark.parametrize(
    ("script", "error"),
    [
        pytest.param(lambda c: read_request(c) and None, ConnectionReset, id="closed"),
        pytest.param(lambda c: c.recv(9999) and c.recv(1), TimedOut, id="silent"),
        pytest.param(answers(LARGE), TooLarge, id="large"),
    ],
)
def test_a_failure_has_the_name_that_the_lean_client_gives_it(
    script: Script, error: type[TransportError]
) -> None:
    exchange = Exchange()
    with peer(script) as port:
        connection = StockConnection(f"http://127.0.0.1:{port}", QUICK)
        with pytest.raises(error):
            connection.exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", exchange)
        connection.close()
    assert exchange.bytes_sent > 0


def test_nothing_was_sent_where_nobody_listens(free_port: int) -> None:
    exchange = Exchange()
    connection = StockConnection(f"http://127.0.0.1:{free_port}", QUICK)
    with pytest.raises(ConnectFailed):
        connection.exchange(REQUEST, exchange)
    connection.close()
    assert exchange.bytes_sent == 0
    assert exchange.done > exchange.began


def test_a_forward_proxy_is_asked_for_the_whole_address() -> None:
    seen: list[bytes] = []

    def proxy(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(HELLO)

    with peer(proxy) as port:
        connection = StockConnection("http://portal.test:80", QUICK, proxy=f"http://127.0.0.1:{port}")
        answer = connection.exchange(b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n", Exchange())
        connection.close()
    assert answer.body == b"hello"
    assert seen[0].startswith(b"GET http://portal.test/a HTTP/1.1")


def test_http_2_is_spoken() -> None:
    """With prior knowledge, as between a gateway and its upstream (RFC 9113, section 3.3)."""
    over = threading.Event()

    def serve(connection: socket.socket) -> None:
        protocol = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        protocol.initiate_connection()
        connection.sendall(protocol.data_to_send())
        while not over.is_set() and (data := connection.recv(65_536)):
            for event in protocol.receive_data(data):
                if isinstance(event, h2.events.StreamEnded):
                    protocol.send_headers(event.stream_id, [(":status", "200"), ("content-length", "5")])
                    protocol.send_data(event.stream_id, b"hello", end_stream=True)
            connection.sendall(protocol.data_to_send())

    with peer(serve) as port:
        connection = StockConnection(f"http://127.0.0.1:{port}", QUICK, http2=True)
        bodies = [connection.exchange(REQUEST, Exchange()).body for _ in range(2)]
        over.set()
        connection.close()
    assert bodies == [b"hello", b"hello"]
