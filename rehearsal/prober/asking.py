"""One GET over a kept-alive connection.

The least of HTTP/1.1 (RFC 9112) that tells when an answer is complete. Deliberately no client library: those
retry, and a request that was sent again measures something else.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from rehearsal.prober.plan import Place

_CRLF = b"\r\n"


class MalformedError(Exception):
    """The answer is no HTTP."""


@dataclass(slots=True)
class Answered:
    """How a request ended: instants in nanoseconds of ``CLOCK_MONOTONIC``, ``error`` as in ``PROBES``."""

    sent: int
    done: int
    status: int
    error: str


class Asker:
    """Asks one place, over connections that are kept for the next request while they last."""

    def __init__(self, place: Place, patience: float) -> None:
        self._place = place
        self._patience = patience
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, path: str) -> Answered:
        """Send one request, once, and wait for its complete answer, no longer than the patience."""
        request = (
            f"GET {path} HTTP/1.1\r\nHost: {self._place.host}:{self._place.port}\r\n"
            "User-Agent: cutover-rehearsal\r\nX-Caller: prober\r\n\r\n"
        ).encode()
        sent = time.monotonic_ns()
        status, error, writer = 0, "connect", None
        try:
            async with asyncio.timeout(self._patience):
                reader, writer = await self._connect()
                error = "reset"
                writer.write(request)
                status, stays = await _read(reader)
            done = time.monotonic_ns()
        except TimeoutError:
            return _failed(sent, error if writer is None else "timeout", writer)
        except MalformedError:
            return _failed(sent, "protocol", writer)
        except (OSError, EOFError):
            return _failed(sent, error, writer)
        if stays:
            self._idle.append((reader, writer))
        else:
            writer.close()
        return Answered(sent, done, status, "" if status == 200 else f"http-{status}")

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return await asyncio.open_connection(*self._place)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()


def _failed(sent: int, error: str, writer: asyncio.StreamWriter | None) -> Answered:
    done = time.monotonic_ns()
    if writer is not None:
        writer.transport.abort()
    return Answered(sent, done, 0, error)


async def _read(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """The status of the next answer, read to its last byte, and whether the connection stays."""
    status, fields = 100, dict[bytes, bytes]()
    while status < 200:  # an interim answer
        status, fields = await _head(reader)
    stays = fields.get(b"connection", b"").lower() != b"close"
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        while size := _number(await reader.readuntil(_CRLF), 16):
            await reader.readexactly(size + len(_CRLF))
        while await reader.readuntil(_CRLF) != _CRLF:
            pass
    elif b"content-length" in fields:
        await reader.readexactly(_number(fields[b"content-length"], 10))
    elif status not in (204, 304):
        await reader.read()
        stays = False
    return status, stays


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[bytes, bytes]]:
    try:
        line, *lines = (await reader.readuntil(2 * _CRLF))[: -2 * len(_CRLF)].split(_CRLF)
    except asyncio.LimitOverrunError as error:
        raise MalformedError(str(error)) from error
    version, status, *_ = *line.split(b" ", 2), b""
    if not version.startswith(b"HTTP/1."):
        raise MalformedError(repr(line))
    fields = (field.partition(b":") for field in lines)
    return _number(status, 10), {name.lower(): value.strip() for name, _, value in fields}


def _number(text: bytes, base: int) -> int:
    try:
        return int(text.split(b";")[0], base)
    except ValueError:
        raise MalformedError(repr(text)) from None
