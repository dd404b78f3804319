"""A sweep from its start to its end: the country up where it is an own one, everything examined, put down."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec

import fixtures
from mocks.gaps import Gap
from rehearsal.conductor import cancelled_by_signals
from rehearsal.errors import Interrupted
from rehearsal.plan import Plan
from rehearsal.readiness import folders
from rehearsal.readiness.checks import Own, chosen, stages
from rehearsal.readiness.desk import Desk
from rehearsal.readiness.own_country import own_country
from rehearsal.readiness.sweep import Kept, sweep
from rehearsal.readiness.target import Target
from rehearsal.readiness.transport import PoolForEachHost
from rehearsal.turn import own_turn
from reports.readiness.building import build, read_cells
from reports.readiness.model import PAGE, Sweep

ANSWER_WITHIN = 20.0
"""Seconds until a system must have answered."""


@dataclass(frozen=True)
class How:
    """How a sweep is made; ``target`` is None for an own country, which lacks what ``gaps`` say."""

    target: Target | None
    gaps: Sequence[Gap]
    only: tuple[str, ...]
    rate: float
    at_once: int
    beside_others: bool


@dataclass(frozen=True)
class Show:
    """What a person sees: steps, and where it stands."""

    say: Callable[[str], None]
    follow: Callable[[str], None]


async def carry_out(record: Sweep, folder: Path, how: How, plan: Plan, show: Show) -> Sweep:
    """Make a sweep in a folder, or go on with it; gives the record of its end.

    Raises :class:`~rehearsal.errors.Interrupted` or another :class:`~rehearsal.errors.RehearsalError`; what
    was examined until then is in the folder.
    """
    begun = time.monotonic()
    kept = Kept(folder, read_cells(folder))
    desk: Desk | None = None

    def noted(**changes: object) -> Sweep:
        seconds = record.seconds + time.monotonic() - begun
        requests = record.requests + (desk.requests if desk else 0)
        return msgspec.structs.replace(record, requests=requests, seconds=round(seconds, 1), **changes)

    try:
        with cancelled_by_signals():
            async with (
                _country(how, plan, folder, show) as (target, own),
                httpx.AsyncClient(
                    timeout=ANSWER_WITHIN,
                    trust_env=False,
                    transport=PoolForEachHost(),
                ) as client,
            ):
                desk = Desk(target, client, rate=how.rate, at_once=how.at_once)
                todo = chosen(stages(record.moment, target.seed, own), how.only)
                await sweep(todo, fixtures.provinces(), desk, kept, show.follow)
        ended = noted(ended="completed")
        folders.save(folder, ended)
    except asyncio.CancelledError:
        folders.save(folder, noted(ended="interrupted"))
        so_far = build(folder)
        told = [so_far.sentence.en, *(note.en for note in so_far.notes), str(folder / PAGE)]
        raise Interrupted("\n  ".join(told)) from None
    finally:
        kept.close()
    return ended


@contextlib.asynccontextmanager
async def _country(
    how: How, plan: Plan, folder: Path, show: Show
) -> AsyncIterator[tuple[Target, Own | None]]:
    if how.target is not None:
        yield how.target, None
        return
    async with contextlib.AsyncExitStack() as stack:
        if not how.beside_others:
            await stack.enter_async_context(own_turn(show.say))
        there = await stack.enter_async_context(own_country(plan, folders.life(folder), how.gaps, show.say))
        yield there.target, there
