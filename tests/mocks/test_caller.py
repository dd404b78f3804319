"""Calls between systems over real sockets of loopback: what each failure is called, and what is journaled."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from mocks.adapter import Adapter
from mocks.caller import Caller, CallFailed
from mocks.client import Outcome
from mocks.config import SystemConfig
from mocks.messages import AdapterSession, Envelope, IntegrationReply
from mocks.received import CALLS, Journal
from reports.journal_reader import read_stream

Play = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
FOREVER = 3_600


def answering(status: int, body: bytes, header: bytes = b"") -> Play:
    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n%s" % (status, header, len(body), body))
        await writer.drain()

    return play


async def hanging_up(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


async def silent(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(FOREVER)


async def torn(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()


@asynccontextmanager
async def serving(play: Play) -> AsyncIterator[str]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await play(reader, writer)
        except asyncio.CancelledError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        handlers = [each for each in asyncio.all_tasks() if "handle" in repr(each.get_coro())]
        for each in handlers:
            each.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)


@asynccontextmanager
async def calling(folder: Path) -> AsyncIterator[Caller]:
    journal = Journal(folder / "calls.test.1.arrows", CALLS)
    caller = Caller(journal, random.Random(1))
    try:
        yield caller
    finally:
        await caller.stop()
        journal.close()


def portal(address: str) -> SystemConfig:
    return SystemConfig("portal", "national-portal", 0, peers={"vneid": address})


@pytest.mark.parametrize(
    ("play", "limit", "error", "status"),
    [
        pytest.param(answering(200, b"{}"), 5.0, "", 200, id="a right answer"),
        pytest.param(answering(503, b"no"), 5.0, "http-503", 503, id="an answer that was not expected"),
        pytest.param(
            answering(308, b"", b"Location: /y\r\n"), 5.0, "http-308", 308, id="redirects are not followed"
        ),
        pytest.param(hanging_up, 5.0, "reset", 0, id="the connection is closed"),
        pytest.param(torn, 5.0, "reset", 0, id="the answer is cut off"),
        pytest.param(silent, 0.05, "timeout", 0, id="no answer in time"),
    ],
)
async def test_how_a_call_ends(tmp_path: Path, play: Play, limit: float, error: str, status: int) -> None:
    async with serving(play) as address, calling(tmp_path) as caller:
        call = caller.call(
            portal(address), "vneid", "token", "POST", "/x", limit=limit, body=b"{}", key="K", trace="a" * 32
        )
        if error:
            with pytest.raises(CallFailed) as failed:
                await call
            assert (failed.value.link, failed.value.error, failed.value.status) == (
                "portal--vneid",
                error,
                status,
            )
        else:
            assert await call == b"{}"
    table, _ = read_stream(tmp_path / "calls.test.1.arrows", CALLS)
    (row,) = table.to_pylist()
    assert (row["caller"], row["callee"], row["link"], row["operation"]) == (
        "portal", "vneid", "portal--vneid", "token",
    )  # fmt: skip
    assert (row["status"], row["error"], row["key"], row["trace"], row["attempt"]) == (
        status, error, "K", "a" * 32, 1,
    )  # fmt: skip
    assert row["at"] <= row["done"]


async def test_nobody_listening_means_that_nothing_was_sent(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with calling(tmp_path) as caller:
            with pytest.raises(CallFailed) as failed:
                await caller.call(portal(address), "vneid", "token", "GET", "/", limit=5.0)
    assert (failed.value.error, failed.value.status) == ("connect", 0)


async def test_an_answer_of_another_form_is_a_failure(tmp_path: Path) -> None:
    async with serving(answering(200, b"<html>")) as address, calling(tmp_path) as caller:
        with pytest.raises(CallFailed, match="protocol"):
            await caller.ask(IntegrationReply, portal(address), "vneid", "token", "GET", "/", limit=5.0)


async def test_a_link_that_the_topology_lacks_is_a_fault_of_ours(tmp_path: Path) -> None:
    async with calling(tmp_path) as caller:
        with pytest.raises(KeyError):
            await caller.call(portal(""), "payment", "charge", "GET", "/", limit=1.0)


class Platform(Caller):
    """A platform that forgets its sessions when told to."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal, random.Random(1))
        self.logins = 0
        self.session = ""

    async def _exchange(
        self, _method: str, url: str, data: bytes | None, _headers: object, _limit: float
    ) -> Outcome:
        if url.endswith("/adapter/login"):
            self.logins += 1
            self.session = f"session-{self.logins}"
            return Outcome(200, "", msgspec.json.encode(AdapterSession(self.session)))
        known = msgspec.json.decode(data or b"", type=Envelope).session == self.session
        return Outcome(200, "", b"{}") if known else Outcome(401, "")


async def test_an_adapter_logs_in_once_and_again_when_it_was_forgotten(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "calls.arrows", CALLS)
    platform = Platform(journal)
    adapter = Adapter(SystemConfig("portal", "national-portal", 0, peers={"lgsp-15": "http://x"}), platform)
    for _ in range(2):
        await adapter.call("lgsp-15", "15", Envelope("", "NoiHoSo"))
    assert platform.logins == 1
    platform.session = "forgotten"
    with pytest.raises(CallFailed, match="http-401"):
        await adapter.call("lgsp-15", "15", Envelope("", "NoiHoSo"))
    await adapter.call("lgsp-15", "15", Envelope("", "NoiHoSo"))
    assert platform.logins == 2
    journal.close()
