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
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from rehearsal import plan as plans
from rehearsal.aftermath import drain, read_stores
from rehearsal.environment import Country, country
from rehearsal.errors import EvidenceError, Interrupted, RehearsalError, SetUpError
from rehearsal.fault_player import FaultPlayer
from rehearsal.faults.hands import hands
from rehearsal.following import Watch, audit, follow
from rehearsal.network import network
from rehearsal.plan import Plan, Planned
from rehearsal.probing import Probing
from rehearsal.progress import Progress, agreement
from rehearsal.run_record import RunFolder, Worker, make_folder
from rehearsal.stopping import Reason, StopConditions
from rehearsal.swarm_processes import Elsewhere, Swarm
from rehearsal.together import together
from rehearsal.turn import own_turn
from rehearsal.usage import Meter

LEAD = 3.0
"""Seconds between setting the clock and the first arrival: time for everybody to hear of it."""
READY_BEFORE = 5.0
"""Seconds before a common start at which the clock is set."""
FRESH = 60.0
"""Seconds for which a measurement of clocks is good: they may drift by 30 ms in it, as RFC 5905 allows."""


@dataclass(frozen=True)
class How:
    """What a plan leaves open.

    Attributes:
        toxiproxy: address (host:port) of a server to be used; None finds one.
        elsewhere: which of the plan's workers are started elsewhere, and where this host listens for them.
        start_at: when the first visitor shall arrive; None is as soon as everything is ready.
        beside_others: do not wait until no other rehearsal runs on this machine.
    """

    toxiproxy: str | None = None
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    start_at: datetime | None = None
    beside_others: bool = False


async def conduct(plan: Plan, folder: RunFolder, how: How, *, show: Progress) -> None:
    """Carry out a plan in a folder that :func:`open_folder` has made.

    Raises :class:`~rehearsal.errors.SetUpError`, :class:`~rehearsal.errors.Interrupted` or another
    :class:`RehearsalError`; the folder is readable all the same.
    """
    try:
        with cancelled_by_signals():
            stopped = await _run(plan, folder, how, show)
        folder.end("completed" if stopped is None else "stopped", stopped.sentence if stopped else "")
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


async def _run(plan: Plan, folder: RunFolder, how: How, show: Progress) -> Reason | None:
    """From set-up to the end; the stop condition that ended the load early, if one did."""
    async with contextlib.AsyncExitStack() as stack:
        if not how.beside_others:
            await stack.enter_async_context(own_turn(show.say))
        folder.event("phase", phase="set-up")
        stage = await _set_up(plan, folder, how, show, stack)
        there, swarm, prober = stage.country, stage.swarm, stage.prober
        player = FaultPlayer(plan.faults, there.network.links, folder, hands(there))
        await stack.enter_async_context(player)  # the last one in is the first to go: healed before all else
        async with there.processes.none_may_end():
            if how.start_at is not None:
                await _wait_for(how.start_at, swarm, show)
            t0 = start_clock(plan, folder, how.start_at)
            await tell_the_clock(stage, t0, plan.clock.start)
            folder.clocks(there.clocks())
            show.say(agreement(folder.record.clocks))
            folder.event("phase", phase="load")
            meter = Meter()
            meter.sample()
            conditions = StopConditions(plan.stop)
            async with together() as group:
                beside = [group.create_task(player.play(t0)), *audit(group, there, folder, t0, conditions)]
                stopped = await follow(plan, folder, swarm, Watch(player, show, meter, conditions))
                if stopped is not None:  # what has begun is cured below
                    beside[0].cancel()
                for task in beside[1:]:
                    task.cancel()
            folder.record.usage = meter.usage()
            await prober.end()
            folder.event("phase", phase="heal")
            await player.end()
            folder.event("phase", phase="drain")
            await drain(there, folder, show.follow)
            folder.event("phase", phase="read-stores")
            show.say(f"{await read_stores(there, folder)} records read from {len(plan.systems)} stores")
            await there.compare_clocks()
            folder.clocks(there.clocks())
        folder.event("phase", phase="done")
    return stopped


class Stage(NamedTuple):
    """Everything that is there while the load lasts."""

    country: Country
    swarm: Swarm
    prober: Probing


async def _set_up(
    plan: Plan, folder: RunFolder, how: How, show: Progress, stack: contextlib.AsyncExitStack
) -> Stage:
    """Bring everything up; ``stack`` takes it down."""
    elsewhere = how.elsewhere
    links = await stack.enter_async_context(
        network(folder, plan.country, toxiproxy=how.toxiproxy, listen=elsewhere.listen, say=show.say)
    )
    folder.targets(links.entrances())
    here = plan.arrivals.workers - elsewhere.workers
    swarm = Swarm(folder, here, elsewhere=elsewhere, say=show.say)
    stack.push_async_callback(swarm.stop)
    prober = Probing(plan, folder)
    stack.push_async_callback(prober.stop)
    async with together() as group:  # most of it is the start of interpreters: all at once is faster
        group.create_task(swarm.start())
        group.create_task(prober.start())
        there = await stack.enter_async_context(country(plan, links, folder, say=show.say))
    show.say(f"swarm of {plan.arrivals.workers} workers is ready: {plan.arrivals.count} visitors to come")
    return Stage(there, swarm, prober)


async def _wait_for(start_at: datetime, swarm: Swarm, show: Progress) -> None:
    """Wait until it is time to set the clock; what was measured long ago is measured again."""
    left = start_at.timestamp() - time.time() - READY_BEFORE
    if left > 0:
        show.say(f"everything is ready; the first visitor arrives at {start_at.isoformat()}")
        await asyncio.sleep(left)
    if left > FRESH:
        await swarm.compare_clocks()


async def tell_the_clock(stage: Stage, t0_monotonic_ns: int, start: float) -> None:
    """Tell everybody where T0 lies: first the systems, then whoever asks them, from ``start`` (seconds) on.

    A system that were told later would be asked before it knows whether it has closed. Raises
    :class:`EvidenceError`.
    """
    await stage.country.set_clock(t0_monotonic_ns)
    refuse_late_clock(t0_monotonic_ns + round(start * 1e9), time.monotonic_ns())
    await stage.prober.begin(t0_monotonic_ns)
    await stage.swarm.begin(t0_monotonic_ns)


def refuse_late_clock(first_monotonic_ns: int, now: int) -> None:
    """The systems must know of T0 before the first visitor comes. Raises :class:`EvidenceError`."""
    if (late := (now - first_monotonic_ns) / 1e9) > 0:
        raise EvidenceError(
            f"the last system was told of T0 only {late:.1f} s after the first visitor should have come: "
            f"telling all may take {LEAD:g} s, and this machine is too busy for that"
        )


def start_clock(plan: Plan, folder: RunFolder, start_at: datetime | None = None) -> int:
    """Fix where T0 lies: the first arrival may come at ``start_at``, or after the lead.

    Gives monotonic nanoseconds. Raises :class:`SetUpError` where it is too late for ``start_at``.
    """
    now, unix = time.monotonic_ns(), time.time_ns()
    first = unix + round(LEAD * 1e9) if start_at is None else round(start_at.timestamp() * 1e6) * 1000
    if (late := unix + round(LEAD * 1e9) - first) > 0:
        raise SetUpError(
            f"--start-at {start_at}: everything was ready only {late / 1e9:.1f} s after it could have been "
            "kept; leave more time for the set-up"
        )
    ahead = first - unix - round(plan.clock.start * 1e9)
    folder.record.t0_monotonic_ns = now + ahead
    folder.record.t0_unix_ns = unix + ahead
    folder.save()
    return now + ahead


__all__ = ["How", "cancelled_by_signals", "conduct", "open_folder", "start_clock"]
