"""Runs one plan from start to end, in one process, and leaves a run folder that can be judged anywhere.

::

    set up ─► clock ─► load: the swarm offers, faults play ─► heal ─► drain ─► read stores ─► take down
       └──────────────── Ctrl-C or a failure, at any point ─────────────► heal, take down

Whatever happens, links are healed and removed, processes ended, and ``run.json`` says how the run ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rehearsal import plan as plans
from rehearsal.aftermath import drain, read_stores
from rehearsal.children import none_may_end
from rehearsal.environment import Country, country
from rehearsal.errors import EvidenceError, Interrupted, RehearsalError
from rehearsal.fault_player import FaultPlayer
from rehearsal.network import network
from rehearsal.plan import Plan, Planned
from rehearsal.progress import Progress
from rehearsal.run_record import RunFolder, Worker, make_folder
from rehearsal.swarm_processes import Event, Swarm
from rehearsal.together import together

LEAD = 1.0
"""Seconds between setting the clock and the first arrival: time for everybody to hear of it."""
OVERTIME = 90.0
"""Seconds after the last arrival in which the last journey must have ended."""


async def conduct(plan: Plan, folder: RunFolder, *, toxiproxy: str | None, show: Progress) -> None:
    """Carry out a plan in a folder that :func:`open_folder` has made.

    ``toxiproxy`` is the address (host:port) of a server to be used, None finds one. Raises
    :class:`~rehearsal.errors.SetUpError`, :class:`~rehearsal.errors.Interrupted` or another
    :class:`RehearsalError`; the folder is readable all the same.
    """
    try:
        with cancelled_by_signals():
            await _run(plan, folder, toxiproxy, show)
        folder.end("completed")
    except asyncio.CancelledError:
        folder.event("interrupted")
        folder.end("interrupted", "ended by the user")
        raise Interrupted(f"interrupted; all links are healed. What was seen is in {folder.path}") from None
    except RehearsalError as error:
        folder.end("aborted", str(error))
        raise type(error)(f"{error}\n  run folder: {folder.path}") from error
    except Exception as error:
        folder.end("aborted", f"{type(error).__name__}: {error}")
        raise
    finally:
        folder.close()


def open_folder(planned: Planned, runs: Path) -> RunFolder:
    """A new run folder that holds the plan; ``<runs>/latest`` points at it. Raises :class:`SetUpError`."""
    plan = planned.plan
    started = datetime.now().astimezone()
    folder = RunFolder(make_folder(runs, plan.scenario.name, started), plan.scenario.name, started)
    plans.write(planned, folder.path)
    workers = plan.arrivals.workers
    folder.record.workers = [
        Worker(index, planned=len(range(index, plan.arrivals.count, workers))) for index in range(workers)
    ]
    folder.save()
    return folder


@contextlib.contextmanager
def cancelled_by_signals() -> Iterator[None]:
    """The first Ctrl-C (or SIGTERM) cancels the running task; further ones do not disturb its clean-up."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    asked = False

    def cancel() -> None:
        nonlocal asked
        if not asked and task is not None:
            asked = True
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, cancel)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _run(plan: Plan, folder: RunFolder, toxiproxy: str | None, show: Progress) -> None:
    async with contextlib.AsyncExitStack() as stack:
        folder.event("phase", phase="set-up")
        there, swarm = await _set_up(plan, folder, toxiproxy, show, stack)
        player = FaultPlayer(plan.faults, there.network.links, folder)
        stack.push_async_callback(player.end)  # the last one in is the first to go: healed before all else
        t0 = start_clock(plan, folder)
        await there.set_clock(t0)
        await swarm.begin(t0)
        folder.event("phase", phase="load")
        async with none_may_end(there.processes):
            async with together() as group:
                group.create_task(player.play(t0))
                group.create_task(_follow(plan, folder, swarm, player, show))
            folder.event("phase", phase="heal")
            await player.end()
            folder.event("phase", phase="drain")
            await drain(there, folder, show.follow)
            folder.event("phase", phase="read-stores")
            show.say(f"{await read_stores(there, folder)} records read from {len(plan.systems)} stores")
        folder.event("phase", phase="done")


async def _set_up(
    plan: Plan,
    folder: RunFolder,
    toxiproxy: str | None,
    show: Progress,
    stack: contextlib.AsyncExitStack,
) -> tuple[Country, Swarm]:
    """Everything that is there while the load lasts; ``stack`` takes it down."""
    links = await stack.enter_async_context(network(folder, toxiproxy=toxiproxy, say=show.say))
    folder.targets(links.entrances())
    swarm = Swarm(folder, plan.arrivals.workers)
    stack.push_async_callback(swarm.stop)
    async with together() as group:  # most of it is the start of interpreters: all at once is faster
        group.create_task(swarm.start())
        there = await stack.enter_async_context(country(plan, links, folder, say=show.say))
    show.say(f"swarm of {plan.arrivals.workers} workers is ready: {plan.arrivals.count} visitors to come")
    return there, swarm


def start_clock(plan: Plan, folder: RunFolder) -> int:
    """Fix where T0 lies: the first arrival may come after the lead. Gives monotonic nanoseconds."""
    now, unix = time.monotonic_ns(), time.time_ns()
    ahead = round((LEAD - plan.clock.start) * 1e9)
    folder.record.t0_monotonic_ns = now + ahead
    folder.record.t0_unix_ns = unix + ahead
    folder.save()
    return now + ahead


async def _follow(plan: Plan, folder: RunFolder, swarm: Swarm, player: FaultPlayer, show: Progress) -> None:
    """Take note of what the swarm reports until it has finished, not longer than :data:`OVERTIME` allows."""
    within = LEAD + plan.clock.end - plan.clock.start + OVERTIME
    try:
        async with asyncio.timeout(within):
            finished = await _note_events(folder, swarm, player, show)
    except TimeoutError:
        raise EvidenceError(f"the swarm had not ended {OVERTIME:g} s after the last arrival") from None
    if not finished:
        raise EvidenceError("the swarm's master ended before its workers had finished")


async def _note_events(folder: RunFolder, swarm: Swarm, player: FaultPlayer, show: Progress) -> bool:
    finished = False
    async for event in swarm.events():
        match event["event"]:
            case "progress":
                show.load(event, player.active)
            case "failed":
                raise RehearsalError(f"swarm worker {event.get('worker', '?')} failed: {event['reason']}")
            case "worker-lost" | "worker-back":
                show.say(f"{event['event']}: {event['worker']}")
                folder.event(event["event"], worker=event["worker"])
            case "finished":
                finished = True
                _note_workers(folder, event)
            case _:
                pass
    return finished


def _note_workers(folder: RunFolder, finished: Event) -> None:
    folder.event("swarm-finished", workers=finished["workers"])
    for report in finished["workers"]:
        folder.record.workers[report["worker"]].finished = True
    folder.save()
    crashed = sum(report["crashed"] for report in finished["workers"])
    if crashed:
        raise RehearsalError(f"{crashed} journeys failed in their own code; see {folder.logs}/swarm.*.log")


__all__ = ["cancelled_by_signals", "conduct", "open_folder", "start_clock"]
