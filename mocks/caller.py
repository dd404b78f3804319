"""The calls that systems make to each other: through their links, with time limits, traced and journaled."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from mocks.client import Client, Outcome
from mocks.config import SystemConfig
from mocks.received import Journal

M = TypeVar("M")


class CallFailed(Exception):  # noqa: N818 - an outcome that callers expect
    """A call to another system brought no usable answer.

    ``error`` is ``connect`` (nothing was sent), ``reset`` or ``timeout`` (the callee may have done it), or
    ``http-<status>``; ``status`` is 0 where no answer came, ``body`` what the callee said.
    """

    def __init__(self, link: str, error: str, status: int = 0, body: bytes = b"") -> None:
        super().__init__(f"{link}: {error}")
        self.link = link
        self.error = error
        self.status = status
        self.body = body


class Caller:
    """One HTTP client for all systems of a process; connections are kept alive per link."""

    def __init__(self, calls: Journal, rng: random.Random) -> None:
        self._journal = calls
        self._rng = rng
        self._client = Client()

    async def stop(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def call(
        self,
        system: SystemConfig,
        callee: str,
        operation: str,
        method: str,
        path: str,
        *,
        limit: float,
        body: msgspec.Struct | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        key: str = "",
        trace: str = "",
        attempt: int = 1,
        expect: tuple[int, ...] = (200, 201),
    ) -> bytes:
        """One request to ``callee``; its answer's body, if its status is expected.

        ``limit`` is the seconds until the answer must be complete. Raises :class:`CallFailed`, and
        ``KeyError`` where the topology gives this system no link to the callee. Never tries twice.
        """
        link = f"{system.name}--{callee}"
        span = f"{self._rng.getrandbits(64):016x}"
        trace = trace or f"{self._rng.getrandbits(128):032x}"
        sent = {"X-Caller": system.name, "traceparent": f"00-{trace}-{span}-01", **(headers or {})}
        if key:
            # a visitor may ask for a dossier by any text; a header carries visible ASCII (RFC 9110, 5.5)
            sent["Idempotency-Key"] = key if key.isascii() and key.isprintable() else quote(key)
        data = msgspec.json.encode(body) if isinstance(body, msgspec.Struct) else body
        at = time.monotonic_ns()
        outcome = await self._exchange(method, system.peers[callee] + path, data, sent, limit)
        status, error, answer = outcome.status, str(outcome.error), outcome.body
        if not error and status not in expect:
            error = f"http-{status}"
        done = time.monotonic_ns()
        self._journal.append(
            (system.name, callee, link, operation, attempt, at, done, status, error, key, trace, span)
        )
        if error:
            raise CallFailed(link, error, status, answer)
        return answer

    async def ask(
        self, model: type[M], system: SystemConfig, callee: str, operation: str, *args: Any, **kw: Any
    ) -> M:
        """Like :meth:`call`, decoding the answer; a body that does not fit is ``CallFailed`` ``protocol``."""
        answer = await self.call(system, callee, operation, *args, **kw)
        try:
            return msgspec.json.decode(answer, type=model)
        except msgspec.DecodeError as error:
            raise CallFailed(f"{system.name}--{callee}", "protocol", 200, answer) from error

    async def _exchange(
        self, method: str, url: str, data: bytes | None, headers: Mapping[str, str], limit: float
    ) -> Outcome:
        return await self._client.exchange(method, url, data, headers, limit)
