"""Plays the plan's faults on the links at their instants; whatever was begun is cured, come what may."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from chaos.errors import ChaosError
from chaos.links import Links
from rehearsal.errors import EvidenceError
from rehearsal.plan.records import Fault
from rehearsal.run_record import RunFolder

PROOF_WITHIN = 5.0
"""Seconds in which a request must have gone through each link that was healed."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, order=True)
class Cue:
    """Something to do at an instant, in seconds after T0. Cures come before faults of the same instant."""

    at: float
    action: Literal["cure", "inflict"]
    name: str


def cues(faults: Iterable[Fault]) -> list[Cue]:
    """All that is to be done, in the order of time."""
    return sorted(
        cue
        for fault in faults
        for cue in (Cue(fault.start, "inflict", fault.name), Cue(fault.end, "cure", fault.name))
    )


class FaultPlayer:
    """Walks over the cues on the plan's clock.

    ``now`` gives nanoseconds of the monotonic clock, ``sleep`` waits for seconds; tests give their own.
    """

    def __init__(
        self,
        faults: Iterable[Fault],
        links: Links,
        folder: RunFolder,
        *,
        now: Callable[[], int] = time.monotonic_ns,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._faults = {fault.name: fault for fault in faults}
        self._links = links
        self._folder = folder
        self._now = now
        self._sleep = sleep
        self._changing: asyncio.Future[Any] | None = None
        self.active: set[str] = set()

    async def play(self, t0_monotonic_ns: int) -> None:
        """Do everything at its instant. Raises :class:`EvidenceError` where Toxiproxy would not."""
        for cue in cues(self._faults.values()):
            await self._sleep((t0_monotonic_ns - self._now()) / 1e9 + cue.at)
            fault = self._faults[cue.name]
            if cue.action == "inflict":
                await self._inflict(fault)
            else:
                await self._cure(fault)

    async def end(self) -> None:
        """Cure whatever is still on, then see that every link is whole. Raises :class:`EvidenceError`."""
        if self._changing is not None:
            await asyncio.wait([self._changing])
        for name in sorted(self.active):
            try:
                await self._cure(self._faults[name])
            except EvidenceError:
                continue  # healing tries once more, and says so if it cannot
        try:
            await self._change(self._links.heal)
        except ChaosError as error:
            raise EvidenceError(f"the links could not be healed: {error}") from error

    async def _inflict(self, fault: Fault) -> None:
        self.active.add(fault.name)  # before it is tried: half of a fault must be cured as well
        try:
            states = await self._change(lambda: self._links.apply(fault.catalogued(), fault.links))
        except ChaosError as error:
            raise EvidenceError(f"fault {fault.name} could not be inflicted: {error}") from error
        shown = {name: state.model_dump(mode="json") for name, state in states.items()}
        self._folder.event("fault-applied", fault=fault.name, links=fault.links, state=shown)

    async def _cure(self, fault: Fault) -> None:
        try:
            await self._change(lambda: self._links.cure(fault.catalogued(), fault.links))
        except ChaosError as error:
            raise EvidenceError(f"fault {fault.name} could not be cured: {error}") from error
        self.active.discard(fault.name)
        healed = self._now()
        passages = await self._links.check("/-/health", fault.links, within=PROOF_WITHIN)
        proved = [name for name, passage in passages.items() if passage.passed]
        self._folder.event("fault-healed", fault=fault.name, links=fault.links, healed=healed, proved=proved)

    async def _change(self, change: Callable[[], Result]) -> Result:
        """Change links in a thread.

        A thread cannot be cancelled: :meth:`end` waits for it, or a fault would come after its cure.
        """
        self._changing = changing = asyncio.ensure_future(asyncio.to_thread(change))
        return await asyncio.shield(changing)
