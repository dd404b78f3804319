"""Whether a request gets through a link: one GET each, all at once, with a limit on the whole."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

_AT_ONCE = 100
"""Open connections at one time: well below the usual limit of 1024 descriptors on either side."""
_READ_AT_MOST = 65_536


@dataclass(frozen=True)
class Passage:
    """What came of one request through one link.

    Attributes:
        status: the HTTP status, 0 where no answer came.
        body: the answer's body, at most its first 64 KiB.
        error: why no answer came, or "".
        seconds: from sending to the end of the answer.
    """

    status: int
    body: bytes
    error: str
    seconds: float

    @property
    def passed(self) -> bool:
        """An answer came, whatever it says."""
        return self.status != 0


async def probe(addresses: Mapping[str, str], path: str, *, within: float) -> dict[str, Passage]:
    """Send GET ``path`` to each address (host:port), every one on a connection of its own.

    Args:
        addresses: by any name, which the result carries.
        path: absolute, such as ``/health``.
        within: seconds for all of them together; who has not answered by then is given up.
    """
    connector = aiohttp.TCPConnector(limit=_AT_ONCE, force_close=True)
    deadline = aiohttp.ClientTimeout(total=within)  # counts the waiting for a turn as well
    async with aiohttp.ClientSession(connector=connector, timeout=deadline, trust_env=False) as session:
        passages = await asyncio.gather(
            *(_pass(session, f"http://{address}{path}") for address in addresses.values())
        )
    return dict(zip(addresses, passages, strict=True))


async def _pass(session: aiohttp.ClientSession, url: str) -> Passage:
    start = time.monotonic()
    status, body, problem = 0, b"", ""
    try:
        async with session.get(url, allow_redirects=False) as answer:
            body = await _beginning(answer.content)
            status = answer.status
    except TimeoutError:
        problem = "no answer in time"
    except (aiohttp.ClientError, OSError) as error:
        number = error.errno if isinstance(error, OSError) else None
        problem = os.strerror(number) if number else str(error) or type(error).__name__
    return Passage(status, body, problem, time.monotonic() - start)


async def _beginning(content: aiohttp.StreamReader) -> bytes:
    try:
        return await content.readexactly(_READ_AT_MOST)
    except asyncio.IncompleteReadError as shorter:
        return shorter.partial
