"""Store and forward: a message is durable before anybody hears "accepted", and is sent until it is taken.

One line of waiting messages per destination, sent in order; each destination has its own worker, backoff and
breaker, so that one province that is cut off costs the others nothing.

::

    put (same commit as the record it is about) ──► line of its destination ──► deliver ──► dropped
                                                         ▲                        │ │ refused for good
                                                         │                 failed │ └──► set aside
                                                         └── backoff, breaker ◄───┘        │
                                                         ▲                                 │ remedied
                                                         └──────── send again ◄────────────┘

What is refused for good (:func:`mocks.problems.for_good`) is set aside, durably and with the reason, so that
the others of its line go on. Of a batch that is refused each is sent alone: that shows which one is meant.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable

import msgspec

from mocks.caller import CallFailed
from mocks.operator import Stored
from mocks.problems import for_good, problem_of
from mocks.resilience import Backoff, Breaker
from mocks.store import Drop, Put, Store

KIND, DEAD_LETTER = "outbox", "dead-letter"
ATTEMPTS = 3
"""Tries of one delivery before its destination rests for a cool-down."""


class Message(msgspec.Struct, frozen=True):
    """One message: the body is the JSON that will be sent."""

    id: str
    destination: str
    body: bytes
    key: str = ""
    trace: str = ""


class DeadLetter(msgspec.Struct, frozen=True):
    """A message that its destination refused for good: the code of its reason, when (monotonic ns)."""

    message: Message
    reason: str
    at: int

    def stored(self, system: str) -> Stored:
        """As the operator of a system reads it: whom it was for and why it was refused is its history."""
        said = self.message
        history = f"{said.destination}: {self.reason}"
        return Stored(system, DEAD_LETTER, said.id, dossier=said.key, history=history, at=self.at)


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
        self._forgotten: set[str] = set()
        self.dead_letters: dict[str, DeadLetter] = {}

    def load(self) -> None:
        """Take up what an earlier life of the process left undelivered; ids sort in the order of creation."""
        for _, body in self._store.load(KIND):
            self._enqueue(msgspec.msgpack.decode(body, type=Message))
        for key, body in self._store.load(DEAD_LETTER):
            self.dead_letters[key] = msgspec.msgpack.decode(body, type=DeadLetter)

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

    async def send_again(self, letters: Iterable[DeadLetter]) -> None:
        """Put what was refused at the end of its line, because the reason has been remedied."""
        again = [each for each in letters if self.dead_letters.pop(each.message.id, None) is not None]
        drops = [Drop(DEAD_LETTER, each.message.id) for each in again]
        await self._store.write(*drops, *(self.put(each.message) for each in again))
        for each in again:
            self.accept(each.message)

    def forget(self, keys: Collection[str]) -> list[Drop]:
        """Send nothing more under these keys; commit what is returned to make that last."""
        self._forgotten.update(keys)
        waiting = [each.id for line in self._lines.values() for each in line if each.key in keys]
        dead = [name for name, each in self.dead_letters.items() if each.message.key in keys]
        for name in dead:
            del self.dead_letters[name]
        return [*(Drop(KIND, name) for name in waiting), *(Drop(DEAD_LETTER, name) for name in dead)]

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
        alone = 0  # so many are sent alone, because one of them was refused
        while True:
            if not line:
                woken.clear()
                await woken.wait()
                continue
            if line[0].key in self._forgotten:
                self._store.drop(KIND, line.popleft().id)  # it may have come after it was forgotten
                continue
            now = time.monotonic()
            if not breaker.allows(now):
                # the destinations of one cut must not come back in step
                await asyncio.sleep(self._backoff.spread(breaker.waits(now), self._rng))
                continue
            # a half-open breaker risks one message, not a batch
            size = 1 if breaker.probing or alone else self._batch
            messages = [line[index] for index in range(min(size, len(line)))]
            try:
                await self._deliver(destination, self._wanted(messages), breaker.failures + 1)
            except CallFailed as failure:
                if not for_good(failure):
                    breaker.failed(time.monotonic())
                    await asyncio.sleep(self._backoff.pause(breaker.failures, self._rng))
                    continue
                breaker.succeeded()  # it is there, and says no
                if len(messages) > 1:
                    alone = len(messages)
                    continue
                await self._set_aside(messages[0], failure)
            else:
                breaker.succeeded()
                # one that is still there after a kill is sent once more, which its key makes harmless
                self._store.drop(KIND, *(message.id for message in messages))
            alone = max(0, alone - 1)
            for _ in messages:
                line.popleft()

    def _wanted(self, messages: list[Message]) -> list[Message]:
        return [each for each in messages if each.key not in self._forgotten]

    async def _set_aside(self, message: Message, failure: CallFailed) -> None:
        letter = DeadLetter(message, problem_of(failure).code, time.monotonic_ns())
        if message.key not in self._forgotten:
            self.dead_letters[message.id] = letter
            await self._store.write(
                Drop(KIND, message.id), Put(DEAD_LETTER, message.id, msgspec.msgpack.encode(letter))
            )
