"""HTTP/1.1 as visitors, proxies and tools speak it, over real sockets of loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mocks.process import bind
from mocks.server import KEEP_ALIVE, MAX_HEAD, Connection, Server
from mocks.wire import JSON, MAX_BODY, Request, Response

CLOSE = b"Connection: close\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Echo:
    """Says what it was asked; ``gate`` holds every answer back until it is set."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self._come = asyncio.Semaphore(0)
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False

    async def respond(self, request: Request) -> Response:
        """Answer."""
        self.asked.append(request)
        self._come.release()
        await self.gate.wait()
        if self.fails:
            raise RuntimeError("a fault of ours")
        said = f"{request.method} {request.target} {len(request.body)}".encode()
        return Response(200, JSON, said, (("x-a", "b"),))

    async def heard(self, count: int) -> None:
        """Wait until so many more requests have come."""
        async with asyncio.timeout(5):
            for _ in range(count):
                await self._come.acquire()


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Echo, Server, Streams]]:
    echo, server = Echo(), Server()
    bound = bind(0)
    port = bound.getsockname()[1]
    await server.listen(bound, echo.respond)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield echo, server, (reader, writer)
    finally:
        echo.gate.set()
        writer.close()
        await server.close(1.0)


async def all_of(reader: asyncio.StreamReader) -> bytes:
    """Everything until the peer hangs up."""
    async with asyncio.timeout(5):
        return await reader.read()


def answer(said: bytes, *, close: bool = True) -> bytes:
    end = b"connection: close\r\n\r\n" if close else b"\r\n"
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\nx-a: b\r\n" % len(
        said
    )
    return head + end + said


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        pytest.param([b"GET /a?b=c HTTP/1.1\r\n" + CLOSE + b"\r\n"], b"GET /a?b=c 0", id="a page"),
        pytest.param([b"GET /a HTTP/1.0\r\n\r\n"], b"GET /a 0", id="HTTP/1.0 ends the connection"),
        pytest.param(
            [b"GET http://host:80/a?b HTTP/1.1\r\n" + CLOSE + b"\r\n"], b"GET /a?b 0", id="an absolute URL"
        ),
        pytest.param(
            [b"POST / HTTP/1.1\r\n" + CLOSE + b"Content-Length: 5\r\n\r\nhel", b"lo"],
            b"POST / 5",
            id="a body",
        ),
        pytest.param(
            [
                b"POST / HTTP/1.1\r\n" + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n",
                b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
            ],
            b"POST / 5",
            id="a chunked body",
        ),
        pytest.param(
            [bytes([each]) for each in b"GET /slow HTTP/1.1\r\n" + CLOSE + b"\r\n"],
            b"GET /slow 0",
            id="byte by byte",
        ),
    ],
)
async def test_what_is_asked_and_answered(sent: list[bytes], said: bytes) -> None:
    async with serving() as (_, _, (reader, writer)):
        for piece in sent:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        assert await all_of(reader) == answer(said)


async def test_a_head_is_answered_without_its_body() -> None:
    async with serving() as (_, _, (reader, writer)):
        writer.write(b"HEAD /a HTTP/1.1\r\n" + CLOSE + b"\r\n")
        assert await all_of(reader) == answer(b"HEAD /a 0").removesuffix(b"HEAD /a 0")


async def test_an_answer_is_one_packet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Head and body in one ``write``: each further one would be read and written again by every hop."""
    async with serving() as (_, _, (reader, writer)):
        writer.write(b"GET /a HTTP/1.1\r\n\r\n")
        assert await reader.read(65_536) == answer(b"GET /a 0", close=False)


async def test_a_connection_is_kept_and_requests_are_answered_in_their_order() -> None:
    async with serving() as (echo, _, (reader, writer)):
        echo.gate.clear()
        writer.write(b"".join(b"GET /%d HTTP/1.1\r\n\r\n" % n for n in range(40)))
        await echo.heard(1)
        await asyncio.sleep(0)
        assert [each.target for each in echo.asked] == ["/0"], "one after the other"
        echo.gate.set()
        writer.write(b"GET /last HTTP/1.1\r\n" + CLOSE + b"\r\n")
        expected = [answer(b"GET /%d 0" % n, close=False) for n in range(40)]
        assert await all_of(reader) == b"".join(expected) + answer(b"GET /last 0")


async def test_fields_are_found_in_any_case_and_the_first_of_a_name_counts() -> None:
    async with serving() as (echo, _, (reader, writer)):
        writer.write(b"GET / HTTP/1.1\r\nX-Caller: a\r\nx-caller: b\r\nCookie: \xe9\r\n" + CLOSE + b"\r\n")
        await all_of(reader)
        (request,) = echo.asked
        assert [request.header(name) for name in ("x-caller", "cookie", "none")] == ["a", "\xe9", ""]


async def test_a_body_that_is_announced_is_asked_for() -> None:
    async with serving() as (_, _, (reader, writer)):
        writer.write(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n" + CLOSE + b"\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"ok")
        assert await all_of(reader) == answer(b"POST / 2")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(b"hello\r\n\r\n", b"HTTP/1.1 400 ", id="no HTTP"),
        pytest.param(b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"HTTP/1.1 400 ", id="no length"),
        pytest.param(
            b"GET / HTTP/1.1\r\nA: " + b"a" * MAX_HEAD + b"\r\n\r\n", b"HTTP/1.1 431 ", id="the head"
        ),
        pytest.param(b"GET /" + b"a" * MAX_HEAD + b" HTTP/1.1\r\n\r\n", b"HTTP/1.1 431 ", id="the target"),
    ],
)
async def test_what_is_no_request_is_refused_and_the_connection_closed(sent: bytes, status: bytes) -> None:
    async with serving() as (echo, _, (reader, writer)):
        writer.write(sent)
        assert (await all_of(reader)).startswith(status)
        assert echo.asked == []


async def test_of_a_body_that_is_too_large_no_more_is_kept_than_shows_it() -> None:
    async with serving() as (echo, _, (reader, writer)):
        size = 2 * MAX_BODY
        writer.write(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n%s\r\n" % (size, CLOSE))
        writer.write(bytes(size))
        await all_of(reader)
        (request,) = echo.asked
        assert MAX_BODY < len(request.body) < MAX_BODY + 1_000_000


async def test_a_request_is_carried_out_although_nobody_waits_any_more() -> None:
    async with serving() as (echo, server, (_, writer)):
        echo.gate.clear()
        writer.write(b"GET /1 HTTP/1.1\r\n\r\n")
        await echo.heard(1)
        (connection,) = server._connections
        under_way = connection._task
        assert under_way is not None
        writer.close()
        while server._connections:  # noqa: ASYNC110 - nothing tells that the server has noticed
            await asyncio.sleep(0)
        assert not under_way.done()
        echo.gate.set()
        await under_way


async def test_a_fault_of_ours_ends_the_connection_and_no_other(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as (echo, _, (reader, writer)):
        echo.fails = True
        writer.write(b"GET /x HTTP/1.1\r\n\r\n")
        assert await all_of(reader) == b""
        assert "GET /x was not answered" in caplog.text


async def test_at_the_end_what_is_under_way_is_answered_and_nothing_more() -> None:
    async with serving() as (echo, server, (reader, writer)):
        echo.gate.clear()
        writer.write(b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n")
        await echo.heard(1)
        closing = asyncio.ensure_future(server.close(5.0))
        await asyncio.sleep(0)
        echo.gate.set()
        assert await all_of(reader) == answer(b"GET /1 0")
        await closing


async def test_at_the_end_nobody_is_waited_for_longer_than_allowed() -> None:
    async with serving() as (echo, server, (reader, writer)):
        echo.gate.clear()
        writer.write(b"GET /1 HTTP/1.1\r\n\r\n")
        await echo.heard(1)
        await server.close(0.01)
        assert await all_of(reader) == b""


async def test_a_quiet_connection_is_closed_and_one_that_waits_is_not() -> None:
    async with serving() as (echo, server, (reader, writer)):
        writer.write(b"GET /1 HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"GET /1 0")
        await echo.heard(1)
        (connection,) = server._connections
        echo.gate.clear()
        writer.write(b"GET /2 HTTP/1.1\r\n\r\n")
        await echo.heard(1)
        connection._last -= 2 * KEEP_ALIVE
        server._sweep()
        echo.gate.set()
        await reader.readuntil(b"GET /2 0")
        connection._last -= 2 * KEEP_ALIVE
        server._sweep()
        assert await all_of(reader) == b""


class Congested(asyncio.Transport):
    """A transport whose peer does not read."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.reading = True

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep it."""
        self.written.append(bytes(data))

    def is_closing(self) -> bool:
        """Never."""
        return False

    def pause_reading(self) -> None:
        """No more requests."""
        self.reading = False

    def resume_reading(self) -> None:
        """More requests."""
        self.reading = True


async def test_for_a_peer_that_does_not_read_nothing_more_is_begun(tmp_path: Path) -> None:
    echo, transport = Echo(), Congested()
    connection = Connection(echo.respond, set())
    connection.connection_made(transport)
    connection.pause_writing()
    connection.data_received(b"GET /1 HTTP/1.1\r\n\r\n")
    await asyncio.sleep(0)
    assert (echo.asked, transport.reading) == ([], False)
    connection.resume_writing()
    await asyncio.sleep(0)
    assert transport.written == [answer(b"GET /1 0", close=False)]
    assert transport.reading
