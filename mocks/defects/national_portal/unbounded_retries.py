"""A call to another system that fails is made again until it succeeds, however long that takes.

No backoff, no breaker, nobody who gives up: the callers of one outage all knock together.
"""

from __future__ import annotations

import asyncio
from typing import Any

from mocks.caller import Caller, CallFailed
from mocks.config import SystemConfig
from mocks.context import Context
from mocks.systems.national_portal import NationalPortal

AT_ONCE = 0.05
"""Seconds until the next try: what a hasty loop takes, and little enough to be a storm."""


class InsistentCaller(Caller):
    """Calls again for ever where no answer came, or one that says that the callee is in trouble."""

    def __init__(self, patient: Caller) -> None:
        self._patient = patient

    async def call(self, *args: Any, attempt: int = 1, **options: Any) -> bytes:
        """See :meth:`mocks.caller.Caller.call`; ends with an answer only."""
        while True:
            try:
                return await self._patient.call(*args, attempt=attempt, **options)
            except CallFailed as failure:
                if 0 < failure.status < 500:
                    raise
            attempt += 1
            await asyncio.sleep(AT_ONCE)


class UnboundedRetries(NationalPortal):
    """Never takes no for an answer."""

    def __init__(self, config: SystemConfig, context: Context) -> None:
        super().__init__(config, context)
        self.caller = InsistentCaller(context.caller)
