"""The swarm as the conductor sees it: a master and its workers, which report in JSON lines."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from rehearsal import topology
from rehearsal.children import Child, stop_all
from rehearsal.errors import RehearsalError, SetUpError
from rehearsal.run_record import ProcessClock, RunFolder

READY_WITHIN = 60.0
JOIN_WITHIN = 600.0
"""Seconds in which everybody must be ready where somebody has to be started elsewhere."""
MODULE = "rehearsal.swarm"

Event = dict[str, Any]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Elsewhere:
    """How workers come that are started elsewhere: how many, and where the master listens for them."""

    workers: int = 0
    listen: str = topology.HOST
    port: int = 0

    @property
    def command(self) -> str:
        """What starts one of them."""
        return f"rehearse join {self.listen}:{self.port}"


class Swarm:
    """Master and workers of one run: ``workers`` here, and those of ``elsewhere``.

    ``playbook`` (``<module>:<attribute>``) are other journeys than those of the rehearsal. ``say`` is told
    how it comes up.
    """

    def __init__(
        self,
        folder: RunFolder,
        workers: int,
        playbook: str = "",
        *,
        elsewhere: Elsewhere | None = None,
        say: Say = lambda _: None,
    ) -> None:
        self._folder = folder
        self._count = workers
        self._elsewhere = elsewhere or Elsewhere()
        self._playbook = ["--playbook", playbook] if playbook else []
        self._say = say
        self._master: Child | None = None
        self._workers: list[Child] = []

    async def start(self) -> None:
        """Start everybody and wait until all workers are ready. Raises :class:`SetUpError`."""
        elsewhere, logs = self._elsewhere, self._folder.logs
        run = ["--run", str(self._folder.path), "--workers", str(self._count + elsewhere.workers)]
        listen = ["--host", elsewhere.listen, "--port", str(elsewhere.port)]
        self._master = await Child.start(
            "swarm master",
            [MODULE, "master", *run, *listen, "--joining", str(elsewhere.workers)],
            logs / "swarm.master.log",
        )
        port = _event(await self._master.ready(READY_WITHIN))["port"]
        if elsewhere.workers:
            self._say(f"{elsewhere.workers} workers are to come from elsewhere: {elsewhere.command}")
        at = ["--host", elsewhere.listen, "--port", str(port)]
        for index in range(self._count):
            self._workers.append(
                await Child.start(
                    f"swarm worker {index}",
                    [MODULE, "worker", *run, *at, "--index", str(index), *self._playbook],
                    logs / f"swarm.worker.{index}.log",
                )
            )
        within = JOIN_WITHIN if elsewhere.workers else READY_WITHIN
        try:
            async with asyncio.timeout(within):
                await self._ready()
        except TimeoutError:
            ready = sum(1 for worker in self._folder.record.workers if worker.host)
            raise SetUpError(
                f"the swarm was not ready within {within:g} s: {ready} of "
                f"{self._count + elsewhere.workers} workers have come{self._last_words()}"
            ) from None

    async def compare_clocks(self) -> None:
        """Measure the clocks of all workers anew: they are good for minutes, not for hours."""
        await self._tell({"measure": "clocks"})
        async for event in self.events():
            if event["event"] == "clocks":
                note_clocks(self._folder, event)
                return
            if event["event"] == "failed":
                raise SetUpError(f"the swarm's clocks could not be measured: {event['reason']}")
        raise SetUpError(f"the swarm ended before its clocks were measured{self._last_words()}")

    async def begin(self, t0_monotonic_ns: int) -> None:
        """Give the workers the clock: they start."""
        await self._tell({"t0_monotonic_ns": t0_monotonic_ns})

    async def events(self) -> AsyncIterator[Event]:
        """What the master reports, until it ends."""
        if self._master is None:
            raise RehearsalError("the swarm has not been started")
        while line := await self._master.line():
            yield _event(line)

    async def cut(self) -> None:
        """Let no further visitor come and cut off those under way; the events go on until all has ended."""
        if self._master is not None:
            self._master.send(signal.SIGTERM)

    async def stop(self) -> None:
        """End whoever still runs; the workers write down what they have."""
        if self._master is not None:
            await self._master.stop()
        await stop_all(self._workers)

    async def _ready(self) -> None:
        async for event in self.events():
            match event["event"]:
                case "worker-ready":
                    self._folder.record.workers[event["worker"]].host = event["host"]
                case "worker-joined":
                    self._say(f"worker {event['worker']} has come from {event['host']}")
                case "worker-left":
                    self._say(f"worker {event['worker']} is gone again; another may come in its place")
                case "worker-refused":
                    self._say(f"a worker from {event['host']} was refused: {event['reason']}")
                case "failed":
                    raise SetUpError(f"the swarm did not come up: {event['reason']}")
                case "ready":
                    self._folder.event("swarm-ready", arrivals_sha256=event["sha256"])
                    note_clocks(self._folder, event)
                    return
                case _:
                    pass
        raise SetUpError(f"the swarm ended before it was ready{self._last_words()}")

    async def _tell(self, order: dict[str, object]) -> None:
        if self._master is None:
            raise RehearsalError("the swarm has not been started")
        await self._master.tell(msgspec.json.encode(order))

    def _last_words(self) -> str:
        return next((words for child in self._workers if (words := child.last_words())), "")


def note(folder: RunFolder, event: Event) -> None:
    """Put on record what an event says of the workers: lost, back, or finished."""
    workers = folder.record.workers
    match event["event"]:
        case "worker-lost":
            worker = workers[event["worker"]]
            worker.host, worker.lost_at = event["host"], event["last_heard_monotonic_ns"]
            folder.event(
                "worker-lost", worker=worker.worker, host=worker.host, last_heard_monotonic_ns=worker.lost_at
            )
        case "worker-back":
            workers[event["worker"]].lost_at = 0
            folder.event("worker-back", worker=event["worker"])
        case "finished":
            for report in event["workers"]:
                workers[report["worker"]].finished = True
                workers[report["worker"]].lost_at = 0
            note_clocks(folder, event)
            folder.event("swarm-finished", workers=event["workers"])
        case _:
            return
    folder.save()


def note_clocks(folder: RunFolder, event: Event) -> None:
    """Put the clocks of an event on record."""
    fields = [name for name in ProcessClock.__struct_fields__ if name != "process"]
    folder.clocks(
        ProcessClock(process=f"worker-{clock['worker']}", **{name: clock[name] for name in fields})
        for clock in event["clocks"]
    )


def _event(line: bytes) -> Event:
    try:
        event: Event = msgspec.json.decode(line, type=dict)
    except msgspec.DecodeError as error:
        raise RehearsalError(f"the swarm's master said {line!r}, which is no event ({error})") from error
    return event
