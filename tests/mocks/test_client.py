"""The client of the mocks over real sockets of loopback: what it sends, keeps and gives up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mocks.client import KEEP_ALIVE, Client, Outcome

HEAD = b"HTTP/1.1 200 OK\r\n"
PLAIN = HEAD + b"Content-Length: 2\r\n\r\nok"
OK = Outcome(200, "", b"ok")


class Callee:
    """Answers the n-th request with the n-th of ``script``; None hangs up, and so does what ends in close."""

    def __init__(self, *script: bytes | None, hang_up: bool = False) -> None:
        self.script = list(script)
        self.hang_up = hang_up
        self.heard: list[bytes] = []
        self.connections = 0
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        self.writers.append(writer)
        try:
            while self.script:
                head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
                self.heard.append(head + await reader.readexactly(int(length or 0)))
                said = self.script.pop(0)
                if said is None:
                    break
                writer.write(said)
                await writer.drain()
                if self.hang_up:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def calling(callee: Callee) -> AsyncIterator[tuple[Client, str]]:
    server = await asyncio.start_server(callee.serve, "127.0.0.1", 0)
    client = Client()
    try:
        yield client, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        await client.close()
        server.close()
        for writer in callee.writers:
            writer.close()


async def get(client: Client, url: str, limit: float = 5.0) -> Outcome:
    return await client.exchange("GET", url, None, {}, limit)


@pytest.mark.parametrize(
    ("said", "hang_up", "outcome"),
    [
        pytest.param(PLAIN, False, OK, id="a length"),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n", False, OK, id="chunked"
        ),
        pytest.param(HEAD + b"\r\nok", True, OK, id="until the connection ends"),
        pytest.param(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + PLAIN, False, OK, id="interim answers"),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", False, Outcome(204, ""), id="no body"),
        pytest.param(
            b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno", False, Outcome(503, "", b"no"), id="a refusal"
        ),
        pytest.param(HEAD + b"Content-Length: 9\r\n\r\nok", True, Outcome(0, "reset"), id="cut off"),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
            True,
            Outcome(0, "reset"),
            id="no last chunk",
        ),
        pytest.param(b"HTTP/1.1 20", True, Outcome(0, "reset"), id="cut off in the head"),
        pytest.param(b"hello\r\n\r\n", False, Outcome(0, "reset"), id="no HTTP"),
        pytest.param(None, False, Outcome(0, "reset"), id="nothing"),
    ],
)
async def test_how_an_exchange_ends(said: bytes | None, hang_up: bool, outcome: Outcome) -> None:
    async with calling(Callee(said, hang_up=hang_up)) as (client, url):
        assert await get(client, url) == outcome


async def test_what_is_sent() -> None:
    callee = Callee(PLAIN, PLAIN)
    async with calling(callee) as (client, url):
        await client.exchange("POST", f"{url}/a b/é?c=%20", b"{}", {"X-Caller": "cổng"}, 5.0)
        await client.exchange("POST", url, None, {}, 5.0)
    host = url.removeprefix("http://").encode()
    assert callee.heard == [
        b"POST /a%20b/%C3%A9?c=%20 HTTP/1.1\r\nHost: "
        + host
        + "\r\nX-Caller: cổng".encode()
        + b"\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nHost: " + host + b"\r\nContent-Length: 0\r\n\r\n",
    ]


@pytest.mark.parametrize("value", ["a\r\nX-Other: b", "a\nb", "a\0b"])
async def test_a_header_cannot_become_two(value: str) -> None:
    callee = Callee(PLAIN)
    async with calling(callee) as (client, url):
        with pytest.raises(ValueError, match="cannot be sent in a header"):
            await client.exchange("GET", url, None, {"X-Key": value}, 5.0)
    assert callee.heard == []


async def test_an_address_that_is_no_link_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="'ftp://x/' is no address of a link"):
        await get(Client(), "ftp://x/")


async def test_a_connection_is_used_again_and_two_at_once_are_two() -> None:
    callee = Callee(*[PLAIN] * 5)
    async with calling(callee) as (client, url):
        for _ in range(3):
            assert await get(client, url) == OK
        assert callee.connections == 1
        assert list(await asyncio.gather(get(client, url), get(client, url))) == [OK, OK]
        assert callee.connections == 2


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(PLAIN.replace(b"Content", b"Connection: close\r\nContent", 1), id="the callee says so"),
        pytest.param(PLAIN.replace(b"1.1", b"1.0", 1), id="HTTP/1.0"),
        pytest.param(PLAIN + b"surplus", id="it holds what nobody asked for"),
        pytest.param(PLAIN + PLAIN, id="it holds two answers"),
    ],
)
async def test_a_connection_that_must_not_be_used_again(said: bytes) -> None:
    callee = Callee(said, PLAIN)
    async with calling(callee) as (client, url):
        await get(client, url)
        await asyncio.sleep(0)
        assert await get(client, url) == OK
        assert callee.connections == 2


async def test_a_connection_that_was_closed_meanwhile_is_not_used() -> None:
    callee = Callee(PLAIN, PLAIN)
    async with calling(callee) as (client, url):
        await get(client, url)
        (connection,) = client._all
        callee.writers[0].close()
        while connection.usable:  # noqa: ASYNC110 - nothing tells that the end of it has arrived
            await asyncio.sleep(0)
        assert await get(client, url) == OK
        assert (callee.connections, len(callee.heard)) == (2, 2)


async def test_a_connection_that_was_idle_for_long_is_not_used() -> None:
    callee = Callee(PLAIN, PLAIN)
    async with calling(callee) as (client, url):
        await get(client, url)
        (connection,) = client._all
        connection.idle_since -= 2 * KEEP_ALIVE
        assert await get(client, url) == OK
        assert callee.connections == 2


async def test_a_request_is_never_sent_twice() -> None:
    """Also not on a kept connection that the callee closes when it reads the request."""
    callee = Callee(PLAIN, None, PLAIN)
    async with calling(callee) as (client, url):
        await get(client, url)
        assert await get(client, url) == Outcome(0, "reset")
        assert len(callee.heard) == 2


async def test_an_answer_that_comes_too_late_is_nobodys() -> None:
    callee = Callee(b"", PLAIN)
    async with calling(callee) as (client, url):
        assert await get(client, url, limit=0.02) == Outcome(0, "timeout")
        assert await get(client, url) == OK
        assert callee.connections == 2, "its answer may still come: the connection is not used again"


async def test_whoever_is_cancelled_leaves_no_answer_behind() -> None:
    callee = Callee(b"", PLAIN)
    async with calling(callee) as (client, url):
        waiting = asyncio.ensure_future(get(client, url))
        while not callee.heard:  # noqa: ASYNC110 - the callee has no event for it
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await get(client, url) == OK
        assert callee.connections == 2


async def test_at_the_end_whoever_waits_hears_of_it() -> None:
    callee = Callee(b"")
    async with calling(callee) as (client, url):
        waiting = asyncio.ensure_future(get(client, url))
        while not callee.heard:  # noqa: ASYNC110 - the callee has no event for it
            await asyncio.sleep(0)
        await client.close()
        assert await waiting == Outcome(0, "reset")


async def test_a_callee_that_takes_no_connection_is_not_waited_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", never)
    assert await get(Client(), "http://127.0.0.1:1", limit=0.02) == Outcome(0, "connect")
