"""The swarm as the conductor sees it: a master and its workers, which report in JSON lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from rehearsal.children import Child, stop_all
from rehearsal.errors import RehearsalError, SetUpError
from rehearsal.run_record import RunFolder

READY_WITHIN = 60.0
MODULE = "rehearsal.swarm"

Event = dict[str, Any]


class Swarm:
    """Master and workers of one run."""

    def __init__(self, folder: RunFolder, workers: int) -> None:
        self._folder = folder
        self._count = workers
        self._master: Child | None = None
        self._workers: list[Child] = []

    async def start(self) -> None:
        """Start everybody and wait until all workers are ready. Raises :class:`SetUpError`."""
        run = ["--run", str(self._folder.path), "--workers", str(self._count)]
        logs = self._folder.logs
        self._master = await Child.start(
            "swarm master", [MODULE, "master", *run, "--port", "0"], logs / "swarm.master.log"
        )
        listening = _event(await self._master.ready(READY_WITHIN))
        for index in range(self._count):
            arguments = [MODULE, "worker", *run, "--index", str(index), "--port", str(listening["port"])]
            self._workers.append(
                await Child.start(f"swarm worker {index}", arguments, logs / f"swarm.worker.{index}.log")
            )
        try:
            async with asyncio.timeout(READY_WITHIN):
                async for event in self.events():
                    if event["event"] == "ready":
                        return
                    if event["event"] == "failed":
                        raise SetUpError(f"the swarm did not come up: {event['reason']}")
        except TimeoutError:
            raise SetUpError(
                f"the swarm was not ready within {READY_WITHIN:g} s{self._last_words()}"
            ) from None
        raise SetUpError(f"the swarm ended before it was ready{self._last_words()}")

    async def begin(self, t0_monotonic_ns: int) -> None:
        """Give the workers the clock: they start."""
        if self._master is None:
            raise RehearsalError("the swarm has not been started")
        await self._master.tell(msgspec.json.encode({"t0_monotonic_ns": t0_monotonic_ns}))

    async def events(self) -> AsyncIterator[Event]:
        """What the master reports, until it ends."""
        if self._master is None:
            raise RehearsalError("the swarm has not been started")
        while line := await self._master.line():
            yield _event(line)

    async def stop(self) -> None:
        """End whoever still runs; the workers write down what they have."""
        if self._master is not None:
            await self._master.stop()
        await stop_all(self._workers)

    def _last_words(self) -> str:
        return next((words for child in self._workers if (words := child.last_words())), "")


def _event(line: bytes) -> Event:
    try:
        event: Event = msgspec.json.decode(line, type=dict)
    except msgspec.DecodeError as error:
        raise RehearsalError(f"the swarm's master said {line!r}, which is no event ({error})") from error
    return event
