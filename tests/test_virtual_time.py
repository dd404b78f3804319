"""The virtual clock is gone when its block is left, however it is left."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.virtual_time import VirtualTime

REAL = time.monotonic, time.monotonic_ns


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
def test_an_error_leaves_the_clocks_of_the_machine_behind(error: type[BaseException]) -> None:
    async def fail() -> None:
        raise error

    async def work() -> None:
        async with (
            asyncio.TaskGroup() as group
        ):  # hears of it in the turn after the interrupt, and raises again
            group.create_task(fail())

    with pytest.raises((error, BaseExceptionGroup)), VirtualTime() as virtual:
        virtual.run(work())
    assert (time.monotonic, time.monotonic_ns) == REAL
