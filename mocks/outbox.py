"""Store and forward: a message is durable before anybody hears "accepted", and is sent until it is taken.

One line of waiting messages per destination, sent in order; each destination has its own worker, backoff and
breaker, so that one province that is cut off costs the others nothing.

::

    put (same commit as the record it is about) ──► line of its destination ──► deliver ──► dropped
                                                         ▲                        │ failed
                                                         └── backoff, breaker ◄───┘
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable

import msgspec

from mocks.caller import CallFailed
from mocks.resilience import Backoff, Breaker
from mocks.store import Put, Store

KIND = "outbox"
ATTEMPTS = 3
"""Tries of one delivery before its destination rests for a cool-down."""


class Message(msgspec.Struct, frozen=True):
    """One message: the body is the JSON that will be sent."""

    id: str
    destination: str
    body: bytes
    key: str = ""
    trace: str = ""


Deliver = Callable[[str, list[Message], int], Awaitable[None]]
"""Sends messages to a destination (name, messages, attempt); raises :class:`CallFailed`."""


class Outbox:
    """All waiting messages of one system."""

    def __init__(
        self,
        store: Store,
        deliver: Deliver,
        rng: random.Random,
        *,
        batch: int = 1,
        backoff: Backoff = Backoff(),  # noqa: B008 - immutable
    ) -> None:
        self._store = store
        self._deliver = deliver
        self._rng = rng
        self._batch = batch
        self._backoff = backoff
        self._lines: dict[str, deque[Message]] = {}
        self._woken: dict[str, asyncio.Event] = {}
        self.breakers: dict[str, Breaker] = {}
        self._spawn: Callable[[str], None] = lambda _destination: None

    def load(self) -> None:
        """Take up what an earlier life of the process left undelivered; ids sort in the order of creation."""
        for _, body in self._store.load(KIND):
            self._enqueue(msgspec.msgpack.decode(body, type=Message))

    def start(self, spawn: Callable[[str], None]) -> None:
        """Begin to send; ``spawn`` starts :meth:`run` for a destination."""
        self._spawn = spawn
        for destination in self._lines:
            spawn(destination)

    @staticmethod
    def put(message: Message) -> Put:
        """The change that makes a message durable; commit it together with what it is about."""
        return Put(KIND, message.id, msgspec.msgpack.encode(message))

    def accept(self, message: Message) -> None:
        """Send a message whose :meth:`put` has been committed."""
        known = message.destination in self._lines
        self._enqueue(message)
        if not known:
            self._spawn(message.destination)

    def undelivered(self) -> int:
        """How many messages wait."""
        return sum(len(line) for line in self._lines.values())

    def _enqueue(self, message: Message) -> None:
        destination = message.destination
        if destination not in self._lines:
            self._lines[destination] = deque()
            self._woken[destination] = asyncio.Event()
            self.breakers[destination] = Breaker(threshold=ATTEMPTS)
        self._lines[destination].append(message)
        self._woken[destination].set()

    async def run(self, destination: str) -> None:
        """Send the messages of one destination, forever."""
        line, woken, breaker = self._lines[destination], self._woken[destination], self.breakers[destination]
        while True:
            if not line:
                woken.clear()
                await woken.wait()
                continue
            now = time.monotonic()
            if not breaker.allows(now):
                # the destinations of one cut must not come back in step
                await asyncio.sleep(self._backoff.spread(breaker.waits(now), self._rng))
                continue
            # a half-open breaker risks one message, not a batch
            size = 1 if breaker.probing else self._batch
            messages = [line[index] for index in range(min(size, len(line)))]
            try:
                await self._deliver(destination, messages, breaker.failures + 1)
            except CallFailed:
                breaker.failed(time.monotonic())
                await asyncio.sleep(self._backoff.pause(breaker.failures, self._rng))
                continue
            breaker.succeeded()
            # one that is still there after a kill is sent once more, which its key makes harmless
            self._store.drop(KIND, *(message.id for message in messages))
            for _ in messages:
                line.popleft()
