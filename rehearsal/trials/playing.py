"""Plays a trial: stub, swarm and prober as processes, followed to their end, and a whole run folder left.

What a country would leave and a trial has not is left empty: no calls between systems, no records in a store.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec
import psutil

from chaos.links import Links
from rehearsal import plan as plans
from rehearsal.children import Child, none_may_end
from rehearsal.conductor import start_clock
from rehearsal.errors import EvidenceError, RehearsalError, SetUpError
from rehearsal.plan import Plan
from rehearsal.probing import Probing
from rehearsal.run_record import RunFolder, Worker
from rehearsal.swarm_processes import Event, Swarm, note
from rehearsal.together import together
from rehearsal.trials.clocks import StubClock
from rehearsal.trials.links import proxied
from rehearsal.trials.playbook import SYSTEM
from rehearsal.trials.trial import LINK, Trial, planned
from reports.journal import CALLS, STORED
from reports.journal_writer import StreamWriter, write_table

OVERTIME = 30.0
"""Seconds after the last arrival, over the patience, in which the last journey must have ended."""
READY_WITHIN = 30.0

OnEvent = Callable[[Event], None]
Say = Callable[[str], None]


def silent(_: object) -> None:
    """Say nothing."""


class _Port(msgspec.Struct):
    port: int


@dataclass
class Play:
    """A trial that is being played. ``t0_ns`` is the instant of T0 on ``CLOCK_MONOTONIC``.

    ``links`` is there where the trial is proxied: faults can be applied to them.
    """

    trial: Trial
    plan: Plan
    folder: RunFolder
    stub: Child
    clock: StubClock
    swarm: Swarm
    probing: Probing
    links: Links | None
    on_event: OnEvent
    t0_ns: int = 0
    _following: asyncio.Task[None] | None = field(default=None, repr=False)

    async def begin(self) -> None:
        """Set the clock: the load begins after the conductor's lead."""
        self.folder.clocks([await self.clock.measure()])
        self.t0_ns = start_clock(self.plan, self.folder)
        await self.swarm.begin(self.t0_ns)
        await self.probing.begin(self.t0_ns)
        self.folder.event("phase", phase="load")
        self._following = asyncio.create_task(self._follow())

    async def until(self, seconds: float) -> None:
        """Wait for a moment after T0; comes back earlier where the swarm has ended."""
        left = (self.t0_ns - time.monotonic_ns()) / 1e9 + seconds
        await asyncio.wait([self._swarm_ends], timeout=max(left, 0.0))

    def worker_pid(self, index: int) -> int:
        """The process id of one worker. Raises ``StopIteration`` where it does not run."""
        wanted = ("worker", str(self.folder.path), str(index))
        lines = ((child.pid, child.cmdline()) for child in psutil.Process().children())
        return next(pid for pid, line in lines if all(word in line for word in wanted))

    async def end(self) -> None:
        """Wait for the last answer, and put the rest on record. Raises :class:`EvidenceError`."""
        await self._swarm_ends
        await self.probing.end()
        self.folder.clocks([await self.clock.measure()])
        self.folder.event("phase", phase="read-stores")
        write_table(self.folder.path / "stored.arrow", STORED, [])
        self.folder.record.drained = True
        self.folder.event("phase", phase="done")

    async def cancel(self) -> None:
        """Follow it no longer."""
        if self._following is not None and not self._following.done():
            self._following.cancel()
            await asyncio.wait([self._following])

    @property
    def _swarm_ends(self) -> asyncio.Task[None]:
        if self._following is None:
            raise RehearsalError("the trial has not begun")
        return self._following

    async def _follow(self) -> None:
        trial = self.trial
        within = (self.t0_ns - time.monotonic_ns()) / 1e9 + trial.seconds + OVERTIME
        within += trial.patience * (1 + trial.retries)
        try:
            async with asyncio.timeout(within), none_may_end([self.stub]):
                await self._note_events()
        except TimeoutError:
            raise EvidenceError(f"the trial had not ended {within:.0f} s after its clock was set") from None

    async def _note_events(self) -> None:
        async for event in self.swarm.events():
            self.on_event(event)
            note(self.folder, event)
            if event["event"] == "failed":
                raise RehearsalError(f"swarm worker {event.get('worker', '?')} failed: {event['reason']}")
            if event["event"] == "finished":
                return
        raise EvidenceError("the swarm's master ended before its workers had finished")


async def conduct(trial: Trial, folder: Path, *, say: Say = silent, on_event: OnEvent = silent) -> Path:
    """Play a trial from start to end in a folder of its own, which it gives back.

    ``on_event`` hears what the swarm reports; what it raises ends the trial. Raises
    :class:`~rehearsal.errors.RehearsalError`. However it ends, no process is left and the folder is readable.
    """
    async with playing(trial, folder, say=say, on_event=on_event):
        pass
    return folder


@contextlib.asynccontextmanager
async def playing(
    trial: Trial, folder: Path, *, say: Say = silent, on_event: OnEvent = silent
) -> AsyncIterator[Play]:
    """A trial whose load is on; leaving the block waits for its end. See :func:`conduct`."""
    opened, plan = open_folder(trial, folder)
    try:
        async with contextlib.AsyncExitStack() as stack:
            play = await _set_up(trial, plan, opened, say, on_event, stack)
            await play.begin()
            yield play
            await play.end()
        opened.end("completed")
    except asyncio.CancelledError:
        opened.event("interrupted")
        opened.end("interrupted", "ended by the user")
        raise
    except BaseException as error:
        opened.end("aborted", f"{type(error).__name__}: {error}")
        raise
    finally:
        opened.close()


def open_folder(trial: Trial, path: Path) -> tuple[RunFolder, Plan]:
    """A run folder with the plan of a trial. Raises :class:`SetUpError` where it cannot be made."""
    what = planned(trial)
    try:
        (path / "logs").mkdir(parents=True)
    except OSError as error:
        raise SetUpError(
            f"{path}: the folder of a trial cannot be made ({error.strerror}); a trial needs a fresh one"
        ) from error
    folder = RunFolder(path, trial.name, datetime.now().astimezone())
    plans.write(what, path)
    count = what.plan.arrivals.count
    folder.record.workers = [
        Worker(index, planned=len(range(index, count, trial.workers))) for index in range(trial.workers)
    ]
    folder.save()
    return folder, what.plan


async def _set_up(
    trial: Trial,
    plan: Plan,
    folder: RunFolder,
    say: Say,
    on_event: OnEvent,
    stack: contextlib.AsyncExitStack,
) -> Play:
    """Everything that is there while the load lasts; ``stack`` takes it down."""
    folder.event("phase", phase="set-up")
    StreamWriter(folder.path / f"calls.{SYSTEM}.1.arrows", CALLS).close()
    stub = await Child.start(SYSTEM, _stub_command(trial, folder.path), folder.logs / f"{SYSTEM}.log")
    stack.push_async_callback(stub.stop)
    port = msgspec.json.decode(await stub.ready(READY_WITHIN), type=_Port).port
    upstream = address = f"127.0.0.1:{port}"
    links = None
    if trial.proxied:
        address, links = await stack.enter_async_context(proxied(folder, upstream, say))
    folder.targets({LINK: address})
    swarm, probing = Swarm(folder, trial.workers, trial.playbook, say=say), Probing(plan, folder)
    play = Play(trial, plan, folder, stub, StubClock(upstream), swarm, probing, links, on_event)
    for ending in (swarm.stop, probing.stop, play.cancel):
        stack.push_async_callback(ending)
    async with together() as group:
        group.create_task(swarm.start())
        group.create_task(probing.start())
    return play


def _stub_command(trial: Trial, folder: Path) -> list[str]:
    options = {
        "journal": folder,
        "system": SYSTEM,
        "distribution": trial.service.distribution,
        "mean": trial.service.mean,
        "sigma": trial.service.sigma,
        "servers": trial.servers,
        "queue": trial.queue,
        "seed": trial.seed,
        "body": trial.body,
    }
    told = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
    return ["rehearsal.calibration.stub", *told]
