"""What a visitor needs around it, as contracts: connections, a journal, a clock. Fakes fit in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from rehearsal.swarm.pool import Pool
from rehearsal.swarm.recorder import Outcome, Sample
from rehearsal.swarm.settings import Policy
from rehearsal.swarm.targets import Targets
from rehearsal.swarm.transport import Exchange, Response
from scenarios.journeys.visitor import Intent


class Wire(Protocol):
    """A connection: :class:`rehearsal.swarm.connection.Connection`, or another, or a fake."""

    def exchange(self, request: bytes, exchange: Exchange, *, head: bool = False) -> Response:
        """Send the request once and give the complete response. Raises :class:`TransportError`."""

    def close(self) -> None:
        """Close it."""


class Journal(Protocol):
    """Where samples and intents go: :class:`rehearsal.swarm.recorder.Recorder`, or a fake."""

    def begin(self) -> None:
        """A request begins; its sample follows."""

    def sample(self, sample: Sample) -> None:
        """Record one request."""

    def invoke(self, intent: Intent, at: int, arrival: int, digest: str) -> None:
        """Record an intent before its first byte is sent."""

    def settle(self, intent: Intent, at: int, outcome: Outcome, status: int, record: str) -> None:
        """Record how an attempt of an intent ended."""


@dataclass(frozen=True, slots=True)
class World:
    """What all visitors of a worker share."""

    seed: str
    t0_ns: int
    policy: Policy
    targets: Targets
    journal: Journal
    people: Any
    pool: Pool[Wire]
    now: Callable[[], int]
    sleep: Callable[[float], None]
