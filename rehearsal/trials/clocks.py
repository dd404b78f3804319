"""The stub's clock against ours: the evidence that a run has of its mocks, of a trial's only system."""

from __future__ import annotations

import socket

import httpx
import msgspec

from mocks.operator import ClockReading
from rehearsal.errors import EvidenceError
from rehearsal.run_record import ProcessClock
from rehearsal.swarm.clock import Estimate, Exchange, Reading, estimate, read
from rehearsal.trials.playbook import SYSTEM

EXCHANGES = 8
WITHIN = 5.0


class StubClock:
    """Measured before the load and after it; the difference is its drift."""

    def __init__(self, address: str) -> None:
        self._url = f"http://{address}/-/clock"
        self._first: Estimate | None = None

    async def measure(self) -> ProcessClock:
        """Measure it now. Raises :class:`EvidenceError` where the stub does not say what it reads."""
        try:
            async with httpx.AsyncClient(timeout=WITHIN) as client:
                found = estimate([await self._exchange(client) for _ in range(EXCHANGES)])
        except (httpx.HTTPError, msgspec.MsgspecError) as error:
            raise EvidenceError(
                f"the stub's clock cannot be measured: {error or type(error).__name__}"
            ) from error
        if found is None:
            raise EvidenceError("the stub's clock was not measured")
        first = self._first = self._first or found
        return ProcessClock(
            process=f"mocks-{SYSTEM}",
            host=socket.gethostname(),
            offset_ns=first.offset,
            uncertainty_ns=first.uncertainty,
            drift_ns=found.offset - first.offset,
            wall_offset_ns=first.day_offset,
        )

    async def _exchange(self, client: httpx.AsyncClient) -> Exchange:
        sent = read()
        answer = await client.put(self._url)
        heard = read()
        there = msgspec.json.decode(answer.content, type=ClockReading)
        service = there.answered_monotonic_ns - there.received_monotonic_ns
        return Exchange(
            sent,
            Reading(there.received_monotonic_ns, there.received_unix_ns),
            Reading(there.answered_monotonic_ns, there.received_unix_ns + service),
            heard,
        )
