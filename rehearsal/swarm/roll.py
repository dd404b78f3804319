"""The master's roll of workers: who is ready, lost, finished, and what it tells the conductor. Pure.

Each method takes note of one thing and gives the events to tell, in their order. An event is one JSON
object::

    {"event": "listening", "port": 5557}
    {"event": "worker-joined", "worker": 1, "host": "b"}
    {"event": "worker-left", "worker": 1}
    {"event": "worker-refused", "host": "c", "reason": "..."}
    {"event": "worker-ready", "worker": 0, "host": "a"}
    {"event": "ready", "sha256": "...", "clocks": [{"worker": 0, "host": "a", "offset_ns": ..., ...}]}
    {"event": "clocks", "clocks": [...]}
    {"event": "progress", "t": 12.0, "planned": ..., "started": ..., "requests": ..., "lag_p99_ms": ..., ...}
    {"event": "worker-lost", "worker": 1, "host": "b", "last_heard_monotonic_ns": ...}
    {"event": "worker-back", "worker": 1}
    {"event": "failed", "worker": 0, "reason": "..."}
    {"event": "finished", "workers": [{"worker": 0, "planned": ..., "started": ..., ...}], "clocks": [...]}

"joined" and "left" are told of workers that were started elsewhere. ``clocks`` are those of
:meth:`rehearsal.swarm.clock.Clocks.table`.
"""

from __future__ import annotations

from rehearsal.swarm.clock import Clocks
from rehearsal.swarm.messages import Ready
from rehearsal.swarm.progress import Progress

Event = dict[str, object]


class Roll:
    """Knows the workers by their number and by the name that Locust gave their connection."""

    def __init__(self, workers: int) -> None:
        self._expected = workers
        self._workers: dict[str, int] = {}
        self._hosts: dict[int, str] = {}
        self._progress: dict[int, Progress] = {}
        self._finished: dict[int, Progress] = {}
        self._lost: set[int] = set()
        self.failure = ""
        self.sha256 = ""
        self.clocks = Clocks()

    @property
    def clients(self) -> dict[str, int]:
        """Number of each worker, by the name of its connection."""
        return dict(self._workers)

    @property
    def all_ready(self) -> bool:
        """Whether every worker has come."""
        return len(self._workers) == self._expected

    @property
    def complete(self) -> bool:
        """Whether every worker has finished or is lost."""
        return self.all_ready and all(
            worker in self._finished or worker in self._lost for worker in self._workers.values()
        )

    def ready(self, client: str, ready: Ready) -> list[Event]:
        """A worker is ready.

        A number that is unknown or taken twice is a failure, and so is a schedule unlike that of the rest.
        """
        worker = ready.worker
        if not 0 <= worker < self._expected or worker in self._workers.values():
            return self.failed(worker, f"there is no place for worker {worker} of {self._expected}")
        self.sha256 = self.sha256 or ready.sha256
        if ready.sha256 != self.sha256:
            return self.failed(
                worker, f"its schedule has SHA-256 {ready.sha256}, that of the others {self.sha256}"
            )
        self._workers[client] = worker
        self._hosts[worker] = ready.host
        self._progress[worker] = Progress(planned=ready.planned)
        return [{"event": "worker-ready", "worker": worker, "host": ready.host}]

    def all_set(self) -> list[Event]:
        """Every worker is ready, and its clock known."""
        return [{"event": "ready", "sha256": self.sha256, "clocks": self.clocks.table(self._hosts)}]

    def compared(self) -> list[Event]:
        """The clocks were measured anew."""
        return [{"event": "clocks", "clocks": self.clocks.table(self._hosts)}]

    def report(self, client: str, progress: Progress) -> list[Event]:
        """A worker reports what it did so far."""
        worker = self._workers.get(client)
        if worker is not None:
            self._progress[worker] = progress
        return []

    def silent(self, client: str, last_heard_ns: int) -> list[Event]:
        """A worker is not heard any more, and was last at that instant of the master's monotonic clock."""
        worker = self._workers[client]
        if worker in self._lost or worker in self._finished:
            return []
        self._lost.add(worker)
        return [
            {
                "event": "worker-lost",
                "worker": worker,
                "host": self._hosts[worker],
                "last_heard_monotonic_ns": last_heard_ns,
            }
        ]

    def heard(self, client: str) -> list[Event]:
        """A worker is heard: news only where it was lost."""
        worker = self._workers[client]
        if worker not in self._lost:
            return []
        self._lost.remove(worker)
        return [{"event": "worker-back", "worker": worker}]

    def failed(self, worker: int, reason: str) -> list[Event]:
        """A worker cannot go on. The first reason is the one that counts."""
        self.failure = self.failure or reason
        return [{"event": "failed", "worker": worker, "reason": reason}]

    def finished(self, client: str, progress: Progress) -> list[Event]:
        """A worker has written and closed its files."""
        worker = self._workers.get(client)
        if worker is not None:
            self._progress[worker] = self._finished[worker] = progress
            self._lost.discard(worker)
        return []

    def progress(self, t: float) -> Event:
        """What all workers did so far; ``t`` in seconds after T0."""
        total = sum(self._progress.values(), Progress())
        return {
            "event": "progress",
            "t": round(t, 3),
            "planned": total.planned,
            "started": total.started,
            "requests": total.requests,
            "ok": total.ok,
            "failed": total.failed,
            "unknown": total.unknown,
            "in_flight": total.in_flight,
            "crashed": total.crashed,
            "lag_p50_ms": round(total.lag.quantile_ms(0.50), 3),
            "lag_p99_ms": round(total.lag.quantile_ms(0.99), 3),
        }

    def end(self) -> Event:
        """How every worker that finished ended; ``dropped`` arrivals were never started."""
        return {
            "event": "finished",
            "workers": [
                {
                    "worker": worker,
                    "planned": done.planned,
                    "started": done.started,
                    "dropped": done.planned - done.started,
                    "samples": done.requests,
                    "gave_up": done.gave_up,
                    "cut": done.cut,
                    "crashed": done.crashed,
                }
                for worker, done in sorted(self._finished.items())
            ],
            "clocks": self.clocks.table(self._hosts),
        }
