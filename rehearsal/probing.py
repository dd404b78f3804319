"""The prober of a run, where its plan wants one."""

from __future__ import annotations

import asyncio
import contextlib

from rehearsal.plan import Plan
from rehearsal.prober.process import Prober
from rehearsal.run_record import RunFolder

LAST_ANSWER = 10.0
"""Seconds beyond a visitor's patience that the last probe may take to be written down."""


class Probing:
    """Nothing at all where the plan has no probes."""

    def __init__(self, plan: Plan, folder: RunFolder) -> None:
        self._prober = Prober(folder) if plan.probes else None
        self._within = plan.visitors.patience + LAST_ANSWER

    async def start(self) -> None:
        """Start the prober and wait until it is ready. Raises :class:`SetUpError`."""
        if self._prober is not None:
            await self._prober.start()

    async def begin(self, t0_monotonic_ns: int) -> None:
        """Give it the clock."""
        if self._prober is not None:
            await self._prober.begin(t0_monotonic_ns)

    async def end(self) -> None:
        """After the last visitor: wait for its last answer, and stop it where none comes.

        A prober that died is no end of the run: the reports miss its evidence.
        """
        if self._prober is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._within):
                    await self._prober.wait()
            await self._prober.stop()

    async def stop(self) -> None:
        """End it, if it still runs."""
        if self._prober is not None:
            await self._prober.stop()
