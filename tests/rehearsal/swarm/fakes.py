"""A world without a network: scripted wires, simulated time, a journal in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.swarm.pool import Pool
from rehearsal.swarm.recorder import Outcome, Sample
from rehearsal.swarm.settings import Policy
from rehearsal.swarm.targets import Target, Targets
from rehearsal.swarm.transport import Exchange, Response, TransportError
from rehearsal.swarm.world import World
from scenarios.journeys.visitor import Intent

T0 = 1_000_000_000_000
MS = 1_000_000
SECOND = 1_000_000_000

LINKS = {
    "citizens--national-portal": "127.0.0.1:20111",
    "citizens--vneid": "127.0.0.1:20112",
    "officials--case-15": "127.0.0.1:20113",
}


@dataclass
class Time:
    """A clock that moves only when somebody sleeps or a wire answers."""

    now_ns: int = T0

    def now(self) -> int:
        return self.now_ns

    def sleep(self, seconds: float) -> None:
        self.now_ns += round(seconds * SECOND)


Play = Response | TransportError | BaseException


@dataclass
class FakeWire:
    """Answers from a script; every answer takes 100 ms. ``requests`` are shared by all wires of a world."""

    time: Time
    link: str
    script: list[Play]
    requests: list[tuple[str, bytes]]
    journal: "FakeJournal"
    closed: bool = False

    def exchange(self, request: bytes, exchange: Exchange, *, head: bool = False) -> Response:
        assert head == request.startswith(b"HEAD ")
        exchange.began = self.time.now_ns
        self.journal.lines.append(("sent", self.link, self.time.now_ns))
        self.requests.append((self.link, request))
        self.time.now_ns += 100 * MS
        exchange.done = self.time.now_ns
        play = self.script.pop(0)
        if isinstance(play, TransportError) and play.code == "connect":
            raise play
        exchange.bytes_sent = len(request)
        if isinstance(play, Response):
            exchange.bytes_received = len(play.body)
            return play
        raise play

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeJournal:
    """Samples, and the order in which everything was written and sent."""

    samples: list[Sample] = field(default_factory=list)
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=list)
    begun: int = 0

    def begin(self) -> None:
        self.begun += 1

    def sample(self, sample: Sample) -> None:
        self.samples.append(sample)

    def invoke(self, intent: Intent, at: int, arrival: int, digest: str) -> None:
        self.lines.append(("invoke", intent.id, at, digest))
        self.arrivals.append(arrival)

    def settle(self, intent: Intent, at: int, outcome: Outcome, status: int, record: str) -> None:
        self.lines.append((outcome, intent.id, at, status, record))


class FakeWorld:
    """A world, and everything that a test may want to look at."""

    def __init__(self, *script: Play, policy: Policy | None = None, seed: str = "1") -> None:
        self.time = Time()
        self.journal = FakeJournal()
        self.wires: list[FakeWire] = []
        self.requests: list[tuple[str, bytes]] = []
        self._script = list(script)
        self.world = World(
            seed=seed,
            t0_ns=T0,
            policy=policy or Policy(think_scale=1.0, patience=10.0, retries=2, retry_after=3.0),
            targets=Targets(LINKS),
            journal=self.journal,
            people=None,
            pool=Pool(self._connect),
            now=self.time.now,
            sleep=self.time.sleep,
        )

    def _connect(self, target: Target) -> FakeWire:
        wire = FakeWire(self.time, target.link, self._script, self.requests, self.journal)
        self.wires.append(wire)
        return wire

    def sent_headers(self, number: int) -> Mapping[str, str]:
        """The header fields of the request with that number, names in lower case."""
        head = self.requests[number][1].partition(b"\r\n\r\n")[0].decode()
        fields = (line.partition(": ") for line in head.split("\r\n")[1:])
        return {name.lower(): value for name, _, value in fields}


def response(status: int = 200, body: bytes = b"", **headers: str) -> Response:
    """A response; keyword names are header names."""
    return Response(status, tuple((name.encode(), value.encode()) for name, value in headers.items()), body)
