"""Faults of processes: killed, frozen, or restarted, and then there again as they were told to be."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import cast

from chaos.catalogue import ProcessFault
from rehearsal.faults.hand import Shown, on_each
from rehearsal.mock_lives import MockProcesses
from rehearsal.plan.records import Fault

Welcome = Callable[[str], Awaitable[object]]
"""Tells a system, by name, something that it has forgotten or missed."""


class ProcessHand:
    """Each system that is hit runs in a process of its own, which bears its name.

    ``remind`` is called for a system that has begun a new life, ``catch_up`` for every one that is back.
    """

    def __init__(self, processes: MockProcesses, *, remind: Welcome, catch_up: Welcome) -> None:
        self._processes = processes
        self._remind = remind
        self._catch_up = catch_up
        self._turn: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._restarting: set[asyncio.Task[None]] = set()
        self._hit: dict[str, str] = {}  # system to the last fault of its process

    async def inflict(self, fault: Fault, number: int, until_ns: int) -> Shown:  # noqa: ARG002 - no stages
        """Begin; the process ids. A restart goes on when this has returned, and :meth:`cure` waits for it."""
        begin = cast(ProcessFault, fault.catalogued()).begin
        self._hit |= dict.fromkeys(fault.systems, fault.name)

        async def on(system: str) -> int:
            async with self._turn[system]:
                match begin:
                    case "kill":
                        return await self._processes.kill(system, fault.name)
                    case "freeze":
                        return await self._processes.freeze(system)
                    case "restart":
                        pid = self._processes.ask_to_end(system)
            restarting = asyncio.create_task(self._back(system))
            self._restarting.add(restarting)
            restarting.add_done_callback(self._restarted)
            return pid

        return await on_each(fault.systems, on)

    async def cure(self, fault: Fault) -> None:
        """Bring back whoever is away; all of them serve then."""
        await on_each(fault.systems, self._back)

    async def let_go(self) -> None:
        """Bring back everybody."""
        await on_each(self._hit, self._back)

    async def _back(self, system: str) -> None:
        async with self._turn[system]:
            if not self._processes.is_away(system):
                return
            if await self._processes.bring_back(system, self._hit[system]):
                await self._remind(system)
            self._processes.is_back(system)
            await self._catch_up(system)

    def _restarted(self, task: asyncio.Task[None]) -> None:
        """What went wrong will go wrong again at the cure, which then says so."""
        self._restarting.discard(task)
        if not task.cancelled():
            task.exception()
