"""One rehearsal at a time on a machine: of two that share its cores, each would measure the other as well."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

LOCK = Path(tempfile.gettempdir()) / f"cutover-rehearsal-{os.getuid()}.lock"
"""Held by whoever rehearses; the kernel lets it go when that process ends, however it ends."""
LOOK_EVERY = 0.5


@contextlib.asynccontextmanager
async def own_turn(
    say: Callable[[str], None],
    lock: Path = LOCK,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[None]:
    """Wait until no other rehearsal of this user runs here; then none begins while this lasts."""
    held = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not take(held):
            say("another rehearsal runs on this machine: waiting for its end (--beside-others does not)")
            while not take(held):
                await sleep(LOOK_EVERY)
        yield
    finally:
        os.close(held)


def take(held: int) -> bool:
    """Take the lock of an open file, unless somebody else has it; closing the file lets it go."""
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
