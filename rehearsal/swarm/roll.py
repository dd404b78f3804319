"""The master's roll of workers: who is ready, lost, finished, and what it tells the conductor. Pure.

Each method takes note of one thing and gives the events to tell, in their order. An event is one JSON
object::

    {"event": "listening", "port": 5557}
    {"event": "worker-ready", "worker": 0}
    {"event": "ready"}
    {"event": "progress", "t": 12.0, "planned": ..., "started": ..., "requests": ..., "lag_p99_ms": ..., ...}
    {"event": "worker-lost", "worker": 1}
    {"event": "worker-back", "worker": 1}
    {"event": "failed", "worker": 0, "reason": "..."}
    {"event": "finished", "workers": [{"worker": 0, "planned": ..., "started": ..., "dropped": ..., ...}]}
"""

from __future__ import annotations

from rehearsal.swarm.progress import Progress

Event = dict[str, object]


class Roll:
    """Knows the workers by their number and by the name that Locust gave their connection."""

    def __init__(self, workers: int) -> None:
        self._expected = workers
        self._workers: dict[str, int] = {}
        self._progress: dict[int, Progress] = {}
        self._finished: dict[int, Progress] = {}
        self._lost: set[int] = set()
        self.failure = ""

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

    def ready(self, client: str, worker: int, planned: int) -> list[Event]:
        """A worker is ready. A number that is unknown or taken twice is a failure."""
        if not 0 <= worker < self._expected or worker in self._workers.values():
            return self.failed(worker, f"there is no place for worker {worker} of {self._expected}")
        self._workers[client] = worker
        self._progress[worker] = Progress(planned=planned)
        told: list[Event] = [{"event": "worker-ready", "worker": worker}]
        return [*told, {"event": "ready"}] if len(self._workers) == self._expected else told

    def report(self, client: str, progress: Progress) -> list[Event]:
        """A worker reports what it did so far."""
        worker = self._workers.get(client)
        if worker is not None:
            self._progress[worker] = progress
        return []

    def silent(self, client: str) -> list[Event]:
        """A worker is not heard any more."""
        worker = self._workers[client]
        if worker in self._lost or worker in self._finished:
            return []
        self._lost.add(worker)
        return [{"event": "worker-lost", "worker": worker}]

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
        }
