"""One GET: what ends an answer, what counts as which error, and which connections are used again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from rehearsal.prober.asking import Asker
from rehearsal.prober.plan import Place

PATIENCE = 0.2
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"


class Server:
    """Gives the scripted answers one after the other; b"" closes, None never answers."""

    def __init__(self, *answers: bytes | None) -> None:
        self.answers = list(answers)
        self.heard: list[bytes] = []
        self.connections = 0
        self.place = Place("127.0.0.1", 0)
        self._writers: list[asyncio.StreamWriter] = []

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                self.heard.append(request)
                answer = self.answers.pop(0)
                if answer is None:
                    await reader.read()
                elif answer:
                    writer.write(answer)
                if not answer or b"close" in answer or answer.startswith(b"HTTP/1.0"):
                    return
        except (EOFError, ConnectionError):
            pass
        finally:
            writer.close()

    def close_connections(self) -> None:
        for writer in self._writers:
            writer.close()


@asynccontextmanager
async def serving(*answers: bytes | None) -> AsyncIterator[Server]:
    server = Server(*answers)
    async with await asyncio.start_server(server._serve, "127.0.0.1", 0) as listening:
        server.place = Place(*listening.sockets[0].getsockname())
        yield server
        server.close_connections()


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        pytest.param(OK, 200, "", id="sized"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nA: b\r\n\r\n",
            200,
            "",
            id="chunked, with a trailer",
        ),
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\nabc", 200, "", id="until it closes"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" + OK, 200, "", id="after an interim answer"),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", 204, "http-204", id="without content"),
        pytest.param(OK.replace(b"200 OK", b"503 No"), 503, "http-503", id="turned away"),
        pytest.param(b"SSH-2.0 what\r\n\r\n", 0, "protocol", id="no HTTP"),
        pytest.param(b"HTTP/1.1 abc\r\n\r\n", 0, "protocol", id="no status"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", 0, "protocol", id="no length"),
        pytest.param(b"", 0, "reset", id="closed without a word"),
        pytest.param(OK[:-1], 0, "timeout", id="never complete"),
        pytest.param(None, 0, "timeout", id="never answered"),
    ],
)
async def test_how_an_answer_ends(answer: bytes | None, status: int, error: str) -> None:
    async with serving(answer) as server:
        asker = Asker(server.place, PATIENCE)
        got = await asker.get("/home?a=b")
        asker.close()
    assert (got.status, got.error) == (status, error)
    assert got.sent < got.done < got.sent + 10 * PATIENCE * 1e9
    assert server.heard[0].startswith(b"GET /home?a=b HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"X-Caller: prober\r\n" in server.heard[0]


async def test_nobody_listens() -> None:
    async with serving() as server:
        place = server.place
    got = await Asker(place, PATIENCE).get("/")
    assert (got.status, got.error) == (0, "connect")


async def test_a_connection_is_used_again_and_one_that_was_closed_meanwhile_is_not() -> None:
    async with serving(OK, OK, OK) as server:
        asker = Asker(server.place, PATIENCE)
        assert [(await asker.get("/")).error for _ in range(2)] == ["", ""]
        assert server.connections == 1
        server.close_connections()
        await asyncio.sleep(0.01)
        assert (await asker.get("/")).error == ""
        assert server.connections == 2
        asker.close()


async def test_a_server_that_says_so_closes_its_connection() -> None:
    last = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    async with serving(last, OK) as server:
        asker = Asker(server.place, PATIENCE)
        assert [(await asker.get("/")).error for _ in range(2)] == ["", ""]
        assert server.connections == 2
        asker.close()
