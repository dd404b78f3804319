"""Follows the swarm while the load lasts: what it reports is shown, recorded, and may end the run early."""

from __future__ import annotations

import asyncio
import time
from typing import NamedTuple

import httpx

from rehearsal import topology
from rehearsal.auditor import Acknowledgements, Auditor, at_portal
from rehearsal.environment import Country
from rehearsal.errors import EvidenceError, RehearsalError
from rehearsal.fault_player import FaultPlayer
from rehearsal.plan import Plan
from rehearsal.progress import Progress
from rehearsal.run_record import RunFolder
from rehearsal.stopping import Reason, StopConditions
from rehearsal.swarm_processes import Event, Swarm, note
from rehearsal.usage import Meter

OVERTIME = 90.0
"""Seconds after the last arrival in which the last journey must have ended."""
AUDIT_WITHIN = 2.0
"""Seconds until the national portal must have answered the auditor."""


class Watch(NamedTuple):
    """What looks on while the load lasts."""

    player: FaultPlayer
    show: Progress
    meter: Meter
    conditions: StopConditions


def audit(
    group: asyncio.TaskGroup, there: Country, folder: RunFolder, t0: int, conditions: StopConditions
) -> list[asyncio.Task[None]]:
    """The auditor at work, where the plan wants one."""
    if not conditions.stop.ledger_breach:
        return []
    portal = f"{topology.HOST}:{there.network.places.ports[topology.Kind.NATIONAL_PORTAL.value]}"

    async def ask() -> None:
        async with httpx.AsyncClient(timeout=AUDIT_WITHIN, trust_env=False) as client:
            found = at_portal(client, portal)
            await Auditor(Acknowledgements(folder.path), found, t0, conditions.breaches.append).run()

    return [group.create_task(ask())]


async def follow(plan: Plan, folder: RunFolder, swarm: Swarm, watch: Watch) -> Reason | None:
    """Take note of what the swarm reports until it has finished, not longer than :data:`OVERTIME` allows."""
    to_come = (folder.record.t0_monotonic_ns - time.monotonic_ns()) / 1e9
    within = to_come + plan.clock.end + OVERTIME
    try:
        async with asyncio.timeout(within):
            finished, stopped = await _note_events(folder, swarm, watch)
    except TimeoutError:
        raise EvidenceError(f"the swarm had not ended {OVERTIME:g} s after the last arrival") from None
    if not finished:
        raise EvidenceError("the swarm's master ended before its workers had finished")
    return stopped


async def _note_events(folder: RunFolder, swarm: Swarm, watch: Watch) -> tuple[bool, Reason | None]:
    """Whether the workers came to their end, and why they were told to, where a stop condition did."""
    finished, stopped = False, None
    async for event in swarm.events():
        match event["event"]:
            case "progress":
                watch.show.load(event, watch.player.active)
                watch.meter.sample()
                if stopped is None and (stopped := watch.conditions.met_by(event)) is not None:
                    await _stop(folder, swarm, stopped, watch.show)
            case "failed":
                raise RehearsalError(f"swarm worker {event.get('worker', '?')} failed: {event['reason']}")
            case "worker-lost":
                heard = (event["last_heard_monotonic_ns"] - folder.record.t0_monotonic_ns) / 1e9
                watch.show.say(
                    f"worker {event['worker']} on {event['host']} is lost, last heard at T0{heard:+.1f} s; "
                    "the run goes on without its share and cannot be conclusive"
                )
            case "worker-back":
                watch.show.say(f"worker {event['worker']} is back")
            case "finished":
                finished = True
            case _:
                pass
        note(folder, event)
        if finished:
            _complain_of_crashes(folder, event)
    return finished, stopped


async def _stop(folder: RunFolder, swarm: Swarm, why: Reason, show: Progress) -> None:
    """End the load before its time; what was seen until then is the evidence."""
    folder.record.stopped_at = time.monotonic_ns()
    folder.event("stopped", condition=why.condition, reason=why.sentence)
    folder.save()
    show.say(f"STOPPED ({why.condition}): {why.sentence}")
    await swarm.cut()


def _complain_of_crashes(folder: RunFolder, finished: Event) -> None:
    crashed = sum(report["crashed"] for report in finished["workers"])
    if crashed:
        raise RehearsalError(f"{crashed} journeys failed in their own code; see {folder.logs}/swarm.*.log")
