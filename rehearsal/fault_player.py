"""Plays the plan's faults on the links at their instants; whatever was begun is cured, come what may."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from chaos.errors import ChaosError
from chaos.links import Links
from rehearsal.errors import RehearsalError
from rehearsal.plan.records import Fault
from rehearsal.run_record import RunFolder

PROOF_WITHIN = 5.0
"""Seconds in which a request must have gone through each link that was healed."""


@dataclass(frozen=True, slots=True, order=True)
class Cue:
    """Something to do at an instant, in seconds after T0. Cures come before faults of the same instant."""

    at: float
    action: Literal["cure", "inflict"]
    name: str


def cues(faults: Iterable[Fault]) -> list[Cue]:
    """All that is to be done, in the order of time."""
    heap: list[Cue] = []
    for fault in faults:
        heapq.heappush(heap, Cue(fault.start, "inflict", fault.name))
        heapq.heappush(heap, Cue(fault.end, "cure", fault.name))
    return [heapq.heappop(heap) for _ in range(len(heap))]


class FaultPlayer:
    """Walks over the cues on the plan's clock."""

    def __init__(self, faults: Iterable[Fault], links: Links, folder: RunFolder) -> None:
        self._faults = {fault.name: fault for fault in faults}
        self._links = links
        self._folder = folder
        self.active: set[str] = set()

    async def play(self, t0_monotonic_ns: int) -> None:
        """Do everything at its instant. Raises :class:`RehearsalError` where Toxiproxy would not."""
        for cue in cues(self._faults.values()):
            await asyncio.sleep(t0_monotonic_ns / 1e9 + cue.at - time.monotonic())
            fault = self._faults[cue.name]
            if cue.action == "inflict":
                await self._inflict(fault)
            else:
                await self._cure(fault)

    async def _inflict(self, fault: Fault) -> None:
        self.active.add(fault.name)  # before it is tried: half of a fault must be cured as well
        try:
            states = await asyncio.to_thread(self._links.apply, fault.catalogued(), fault.links)
        except ChaosError as error:
            raise RehearsalError(f"fault {fault.name} could not be inflicted: {error}") from error
        shown = {name: state.model_dump(mode="json") for name, state in states.items()}
        self._folder.event("fault-applied", fault=fault.name, links=fault.links, state=shown)

    async def _cure(self, fault: Fault) -> None:
        try:
            await asyncio.to_thread(self._links.cure, fault.catalogued(), fault.links)
        except ChaosError as error:
            raise RehearsalError(f"fault {fault.name} could not be cured: {error}") from error
        self.active.discard(fault.name)
        healed = time.monotonic_ns()
        passages = await self._links.check("/-/health", fault.links, within=PROOF_WITHIN)
        proved = [name for name, passage in passages.items() if passage.passed]
        self._folder.event("fault-healed", fault=fault.name, links=fault.links, healed=healed, proved=proved)

    async def end(self) -> None:
        """Cure whatever is still on, then see that every link is whole. Raises :class:`RehearsalError`."""
        for name in sorted(self.active):
            await self._cure(self._faults[name])
        try:
            await asyncio.to_thread(self._links.heal)
        except ChaosError as error:
            raise RehearsalError(f"the links could not be healed: {error}") from error
