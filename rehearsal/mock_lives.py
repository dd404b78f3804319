"""The processes of mocks while a run lasts: started, watched, taken down and brought back by its faults."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable

import msgspec
import psutil

from mocks.config import ProcessConfig
from rehearsal import mock_processes
from rehearsal.children import Child, none_may_end, stop_all
from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.run_record import RunFolder

READY_WITHIN = 60.0
STOPPED_WITHIN = 2.0
"""Seconds until a process that was told to stand still does, on a machine without CPU to spare."""
LOOK_EVERY = 0.005


class MockProcesses:
    """All processes of mocks, by name. ``alone`` are those that faults of the plan may befall.

    A process that a fault has taken down, or that stands still, is *away*. A new life of a process has the
    configuration, the stores and the ports of the one before, and journals of its own.
    """

    def __init__(self, configs: Iterable[ProcessConfig], folder: RunFolder, alone: Collection[str]) -> None:
        self._configs = {config.process: config for config in configs}
        self._folder = folder
        self._alone = alone
        self._running: dict[str, Child] = {}
        self._down: set[str] = set()
        self._still: set[str] = set()
        self._lives: dict[str, int] = {}
        self._watch: Callable[[Child], None] = lambda _: None
        self.t0: dict[str, int] = {}
        """Where T0 lies on the clock of each process, once that is fixed: its next life must know at once."""
        self.of_system = {
            system.name: config.process for config in self._configs.values() for system in config.systems
        }
        """The process that each system runs in."""

    def __len__(self) -> int:
        return len(self._configs)

    def is_away(self, process: str) -> bool:
        """Whether a fault has it down or standing still."""
        return process in self._down or process in self._still

    def lives(self, process: str) -> int:
        """How often it was started."""
        return self._lives.get(process, 0)

    async def start(self) -> None:
        """Start all and wait until they are ready. Raises :class:`SetUpError`."""
        for process in self._configs:
            await self._spawn(process)
        await asyncio.gather(*(child.ready(READY_WITHIN) for child in self._running.values()))

    async def stop(self) -> None:
        """End all that run, in whatever state they are."""
        await stop_all(list(self._running.values()))

    @contextlib.asynccontextmanager
    async def none_may_end(self) -> AsyncIterator[None]:
        """While this lasts, the end of a process that no fault has ended is an :class:`EvidenceError`."""
        async with none_may_end(self._running.values()) as also:
            self._watch = also
            try:
                yield
            finally:
                self._watch = lambda _: None

    async def kill(self, process: str, fault: str) -> int:
        """SIGKILL; its process id."""
        child = self._dismiss(process)
        child.send(signal.SIGKILL)
        await self._end_of(process, fault)
        return child.pid

    def ask_to_end(self, process: str) -> int:
        """SIGTERM; its process id. :meth:`bring_back` waits for its end."""
        child = self._dismiss(process)
        child.send(signal.SIGTERM)
        return child.pid

    async def freeze(self, process: str) -> int:
        """SIGSTOP, and wait until it stands still; its process id. Raises :class:`EvidenceError`."""
        child = self._running[process]
        self._still.add(process)
        child.send(signal.SIGSTOP)
        deadline = time.monotonic() + STOPPED_WITHIN
        while not _stands_still(child.pid):
            if time.monotonic() > deadline:
                raise EvidenceError(f"process {child.name} does not stand still")
            await asyncio.sleep(LOOK_EVERY)
        return child.pid

    async def bring_back(self, process: str, fault: str) -> bool:
        """Let it go on, or start it again; whether it is a new life. Still away then: see :meth:`is_back`.

        Raises :class:`EvidenceError` where it does not come up.
        """
        if process in self._still:
            self._running[process].send(signal.SIGCONT)
        if process not in self._down:
            return False
        await self._end_of(process, fault)
        try:
            child = await self._spawn(process)
            await child.ready(READY_WITHIN)
        except SetUpError as error:
            raise EvidenceError(str(error)) from error
        self._watch(child)
        self._folder.event("process-started", process=f"mocks-{process}", fault=fault)
        return True

    def is_back(self, process: str) -> None:
        """It serves as before."""
        self._down.discard(process)
        self._still.discard(process)

    async def _spawn(self, process: str) -> Child:
        t0 = self.t0.get(process, 0)
        config = msgspec.structs.replace(self._configs[process], t0_monotonic_ns=t0)
        path = mock_processes.write(config, self._folder.path)
        log = self._folder.logs / f"mocks.{process}.log"
        child = await Child.start(
            f"mocks {process}",
            ["mocks", str(path)],
            log,
            # where it stands still when we die, it would not hear anything else
            dies_by=signal.SIGKILL if process in self._alone else signal.SIGTERM,
        )
        self._running[process] = child
        self._lives[process] = self.lives(process) + 1
        return child

    def _dismiss(self, process: str) -> Child:
        child = self._running[process]
        child.dismissed = True
        self._down.add(process)
        return child

    async def _end_of(self, process: str, fault: str) -> None:
        """Wait for the end of a life, and note it once."""
        if (child := self._running.get(process)) is None:
            return
        await child.stop()
        if self._running.pop(process, None) is not None:
            self._folder.event("process-ended", process=f"mocks-{process}", status=child.status, fault=fault)


def _stands_still(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    return False
