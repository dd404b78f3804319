"""After the last visitor: wait until the country is at rest, then read every store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from rehearsal.environment import Country
from rehearsal.run_record import RunFolder
from reports.journal import STORED
from reports.journal_writer import write_table

LOOK_EVERY = 1.0
STILL = 6.0
"""Seconds. A backlog that has not changed for this long will not change any more."""


async def drain(
    there: Country,
    folder: RunFolder,
    show: Callable[[str], None],
    *,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Wait until nothing is on its way any more, nothing moves any more, or the plan's limit has passed.

    What is left is not an error here: it is written down, and the reports say whose it is. ``now`` and
    ``sleep`` count in seconds; tests give their own.
    """
    began = now()
    limit = there.plan.clock.drain_limit
    last: dict[str, int] = {}
    changed = began
    while True:
        backlog = await there.backlog()
        at = now()
        if backlog != last:
            last, changed = backlog, at
            folder.event("backlog", systems=backlog)
        if not backlog or at - began >= limit or at - changed >= STILL:
            break
        show(
            f"draining: {sum(backlog.values())} messages and dossiers on their way at {len(backlog)} systems"
        )
        await sleep(LOOK_EVERY)
    folder.record.drained = not last
    folder.record.backlog = last
    folder.record.drain_seconds = round(now() - began, 3)
    folder.save()


async def read_stores(there: Country, folder: RunFolder) -> int:
    """Write ``stored.arrow`` and the counters; gives the number of records."""
    records = await there.stored()
    rows = [tuple(getattr(record, name) for name in STORED.names) for record in records]
    write_table(folder.path / "stored.arrow", STORED, rows)
    folder.record.counters = await there.counters()
    folder.save()
    return len(rows)
