"""How systems are asked: so many at once, so many in a second, each request counted, nobody else's host.

A request that was not answered, or was told "not now" (503 with ``Retry-After``), is made again where that
does no harm: it reads, or it carries an Idempotency-Key.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import httpx
import msgspec

from rehearsal.readiness.target import Target, origin
from reports.text import Text

CALLER = "readiness"
TRIES = 3
PAUSE = 1.0
"""Seconds before a request is made again, unless the answer names others."""
LONGEST_PAUSE = 5.0

M = TypeVar("M")
Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


class Unanswered(Exception):  # noqa: N818 -- what happened to a question, no mistake of the program
    """A system gave no usable answer; ``why`` says so to a reader, ``status`` is that of HTTP or 0."""

    def __init__(self, system: str, why: Text, status: int = 0, code: str = "") -> None:
        super().__init__(f"{system}: {why.en}")
        self.system = system
        self.why = why
        self.status = status
        self.code = code

    @property
    def is_refusal(self) -> bool:
        """Whether the system said no; else nobody knows what it did."""
        return 400 <= self.status < 500


class _Said(msgspec.Struct, frozen=True):
    """What a problem (RFC 9457) of ours says."""

    code: str = ""
    message: Text = Text()


class Desk:
    """Asks the systems of a target.

    Args:
        target: where they are.
        client: sends; it must not follow redirects.
        rate: requests per second at most, over all systems.
        at_once: requests under way at most.
        now: seconds of a monotonic clock.
        sleep: waits for so many seconds.

    ``purged`` are the codes of the test dossiers that were taken away, by province.
    """

    def __init__(
        self,
        target: Target,
        client: httpx.AsyncClient,
        *,
        rate: float,
        at_once: int,
        now: Clock | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.target = target
        self.requests = 0
        self.purged: defaultdict[str, set[str]] = defaultdict(set)
        self._client = client
        self._places = asyncio.Semaphore(at_once)
        self._spacing = 1.0 / rate
        self._next = 0.0
        self._now: Clock = now or asyncio.get_running_loop().time
        self._sleep = sleep
        self._origins = target.origins()

    def knows(self, system: str) -> bool:
        """Whether the target names this system."""
        return system in self.target.addresses

    def now(self) -> float:
        """Seconds of a monotonic clock."""
        return self._now()

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        await self._sleep(seconds)

    async def ask(
        self,
        model: type[M],
        system: str,
        path: str,
        *,
        method: str = "GET",
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> M:
        """The answer to a question. Raises :class:`Unanswered` for any other than a good one."""
        answer = await self.send(system, method, path, body=body, headers=headers)
        return self.decoded(model, system, answer)

    def decoded(self, model: type[M], system: str, answer: httpx.Response) -> M:
        """The body of a good answer. Raises :class:`Unanswered` for any other."""
        if not answer.is_success:
            raise refused(system, answer)
        try:
            return msgspec.json.decode(answer.content, type=model)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Unanswered(
                system,
                Text(
                    f"{system} trả lời không đúng dạng ({error}).",
                    f"{system} answered in another shape ({error}).",
                ),
                answer.status_code,
            ) from error

    async def send(
        self,
        system: str,
        method: str,
        path: str,
        *,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request; any answer counts. Raises :class:`Unanswered` where none came."""
        address = self.target.addresses.get(system)
        if address is None:
            raise Unanswered(
                system,
                Text(f"Không có địa chỉ của {system}.", f"There is no address of {system}."),
            )
        return await self._send(system, method, address + path, body, headers)

    async def follow(
        self, answer: httpx.Response, system: str, *, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Where a redirect leads, if the target names that host. Raises :class:`Unanswered`."""
        location = answer.headers.get("location", "")
        url = str(answer.request.url.join(location)) if location else ""
        if origin(url) not in self._origins:
            raise Unanswered(
                system,
                Text(
                    f"{system} dẫn tới {location or 'nơi không rõ'}, không thuộc phạm vi kiểm tra.",
                    f"{system} leads to {location or 'nowhere'}, which the target does not name.",
                ),
                answer.status_code,
            )
        return await self._send(system, "GET", url, None, headers)

    async def _send(
        self, system: str, method: str, url: str, body: object, headers: Mapping[str, str] | None
    ) -> httpx.Response:
        content = None if body is None else msgspec.json.encode(body)
        sent = {"X-Caller": CALLER, **(headers or {})}
        if content is not None:
            sent["Content-Type"] = "application/json"
        tries = TRIES if method == "GET" or "Idempotency-Key" in sent else 1
        for attempt in range(1, tries + 1):
            last = attempt == tries
            try:
                answer = await self._once(method, url, content, sent)
            except httpx.HTTPError as error:
                if last:
                    raise _silent(system, error) from error
                await self._sleep(PAUSE)
                continue
            asked_to_wait = answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and _wait(answer)
            if not asked_to_wait or last:
                return answer
            await self._sleep(asked_to_wait)
        raise AssertionError("the last try returns or raises")

    async def _once(
        self, method: str, url: str, content: bytes | None, headers: Mapping[str, str]
    ) -> httpx.Response:
        async with self._places:
            now = self._now()
            slot = max(now, self._next)
            self._next = slot + self._spacing
            if slot > now:
                await self._sleep(slot - now)
            self.requests += 1
            return await self._client.request(method, url, content=content, headers=dict(headers))


def refused(system: str, answer: httpx.Response) -> Unanswered:
    """What an answer other than a good one comes to."""
    status = answer.status_code
    try:
        said = msgspec.json.decode(answer.content, type=_Said)
    except (msgspec.DecodeError, UnicodeDecodeError):
        said = _Said()
    told = Text(f"{system} trả lời {status}.", f"{system} answered {status}.")
    return Unanswered(system, told + said.message, status, said.code)


def _wait(answer: httpx.Response) -> float:
    """The seconds that an answer asks to wait; 0 where it does not."""
    given = answer.headers.get("retry-after", "")
    return min(float(given), LONGEST_PAUSE) if given.isascii() and given.isdigit() else 0.0


def _silent(system: str, error: httpx.HTTPError) -> Unanswered:
    kind = type(error).__name__
    return Unanswered(system, Text(f"{system} không trả lời ({kind}).", f"{system} did not answer ({kind})."))
