"""What whoever holds dossiers tells one other system as they move, and the partners that tell by a request.

A partner has two methods: what to send because of the newest status of a dossier, and the sending. What it
sends is committed together with the status and waits in a line of its own, so a partner that is down, or
that refuses a province, holds up nobody but itself. The smallest one::

    class Statuses(Posting):
        operation = "status"
        path = "/api/statuses"

        def body(self, held: Held) -> Status | None:
            return Status(held.code, held.status)

Its line in a tuple of factories: ``lambda system: Statuses.of(system, "emc")``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Set
from typing import ClassVar, Protocol, runtime_checkable

import msgspec

from mocks.dossiers import Held
from mocks.http import Method
from mocks.outbox import Message
from mocks.purging import Trace
from mocks.system import System

LIMIT = 3.0
"""Seconds until another system must have answered."""


class Partner(Protocol):
    """One destination of what a system has to tell."""

    destination: str

    def messages(self, held: Held) -> list[Message]:
        """What to send because of a dossier's newest status; sends nothing and changes nothing."""

    async def deliver(self, messages: list[Message], attempt: int) -> None:
        """Send messages, in order; all once more after :class:`mocks.caller.CallFailed`, which it raises."""


@runtime_checkable
class Listening(Protocol):
    """A partner that also asks for news by itself."""

    async def listen(self) -> None:
        """Ask, for as long as the process runs."""

    def answer(self, code: str) -> str:
        """What the partner has said of a dossier; "" while it has said nothing."""

    def take_away(self, codes: Set[str]) -> list[Trace]:
        """Forget what it has said of dossiers; what is returned, committed, makes that last."""


@runtime_checkable
class Showing(Protocol):
    """A partner that is told how things stand, and not what happened; nothing waits in a line for it."""

    def is_behind(self) -> bool:
        """Whether things stand otherwise than it was told last."""


Factory = Callable[[System], Partner | None]
"""Makes a partner of a system; None where its destination is no peer."""


def message(destination: str, held: Held, body: msgspec.Struct, what: str = "", trace: str = "") -> Message:
    """A message about a dossier's newest status. Ids sort in the order in which they were made.

    ``what`` tells messages apart that go to one destination because of one status.
    """
    made = f"{time.monotonic_ns():020d}-{len(held.steps):02d}-{held.code}-{what or destination}"
    return Message(made, destination, msgspec.json.encode(body), held.code, trace)


class Posting:
    """A partner that is told by one request a message."""

    operation: ClassVar[str]
    path: ClassVar[str]
    method: ClassVar[Method] = "POST"

    def __init__(self, system: System, destination: str) -> None:
        self.system = system
        self.destination = destination

    @classmethod
    def of(cls, system: System, destination: str) -> Partner | None:
        """The partner, where the destination is a peer."""
        return cls(system, destination) if destination in system.config.peers else None

    def body(self, held: Held) -> msgspec.Struct | None:
        """What to say about a dossier's newest status; None: nothing."""
        raise NotImplementedError

    def messages(self, held: Held) -> list[Message]:
        """See :class:`Partner`."""
        said = self.body(held)
        return [] if said is None else [message(self.destination, held, said)]

    async def deliver(self, messages: list[Message], attempt: int) -> None:
        """See :class:`Partner`."""
        for each in messages:
            headers = await self.headers()
            await post(
                self.system, each, self.operation, self.path, attempt, method=self.method, headers=headers
            )

    async def headers(self) -> Mapping[str, str]:
        """Header fields that this partner wants to see. Raises :class:`mocks.caller.CallFailed`."""
        return {}


async def post(
    system: System,
    said: Message,
    operation: str,
    path: str,
    attempt: int,
    *,
    method: Method = "POST",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send one message as a request. Raises :class:`mocks.caller.CallFailed`."""
    await system.caller.call(
        system.config,
        said.destination,
        operation,
        method,
        path,
        limit=LIMIT,
        body=said.body,
        headers=headers,
        key=said.key,
        trace=said.trace,
        attempt=attempt,
        expect=(200, 201, 202),
    )
