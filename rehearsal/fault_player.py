"""Plays the plan's faults at their instants; whatever was begun is cured, come what may.

Each cue is carried out in a task of its own: a change that takes its time delays no other. What may not
happen at once waits in the hand of its place (:mod:`rehearsal.faults`), in the order of the cues.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Self

from chaos.errors import ChaosError
from chaos.links import Links
from rehearsal.errors import EvidenceError, RehearsalError
from rehearsal.faults.cues import Cue, cues, stages
from rehearsal.faults.hand import Hand
from rehearsal.faults.links import LinkHand
from rehearsal.plan.records import Fault
from rehearsal.run_record import RunFolder
from rehearsal.together import together

PROOF_WITHIN = 5.0
"""Seconds in which a request must have gone through each link that was healed."""
PROOFS = 2
"""Tries of a proof: a fault may have begun on a link between the look at the others and the request."""
ANSWERED = 200


class FaultPlayer:
    """Walks over the cues on the plan's clock. ``hands`` are those of the places other than links.

    ``active`` are the faults that are on, by name. As a context it ends with :meth:`end`.
    """

    def __init__(
        self,
        faults: Iterable[Fault],
        links: Links,
        folder: RunFolder,
        hands: Mapping[str, Hand] | None = None,
    ) -> None:
        self._faults = {fault.name: fault for fault in faults}
        self._links = links
        self._folder = folder
        self._hands: dict[str, Hand] = {"link": LinkHand(links), **(hands or {})}
        self._t0 = 0
        self._unproved: dict[str, int] = {}  # name of a fault to the instant of its cure
        self._cured = asyncio.Condition()
        self.active: set[str] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.end()
        except EvidenceError:
            if not isinstance(error, RehearsalError):  # else it is the cause, and what is to be told
                raise

    async def play(self, t0_monotonic_ns: int) -> None:
        """Do everything at its instant. Raises :class:`EvidenceError` for what could not be done."""
        self._t0 = t0_monotonic_ns
        async with together() as group:
            for cue in cues(self._faults.values()):
                await asyncio.sleep((self._instant(cue.at) - time.monotonic_ns()) / 1e9)
                group.create_task(self._perform(cue))

    async def end(self) -> None:
        """Cure whatever is still on, and prove it; then nothing of any fault is left.

        Raises :class:`EvidenceError`, after everything has been tried.
        """
        on = [self._faults[name] for name in sorted(self.active)]
        # where a cure fails its hand tries once more below, and says so if it cannot
        await asyncio.gather(*map(self._take_off, on), return_exceptions=True)
        problems = [
            problem for problem in await asyncio.gather(*map(_let_go, self._hands.items())) if problem
        ]
        if problems:
            raise EvidenceError("; ".join(problems))
        self._unproved |= dict.fromkeys(self.active, time.monotonic_ns())
        self.active.clear()
        await asyncio.gather(*(self._prove(self._faults[name]) for name in sorted(self._unproved)))

    async def _perform(self, cue: Cue) -> None:
        fault = self._faults[cue.name]
        match cue.action:
            case "cure":
                await self._take_off(fault)
                await self._prove(fault)
            case "inflict":
                self.active.add(fault.name)  # before it is tried: half of a fault must be cured as well
                shown = await self._put_on(fault, 0)
                self._folder.event("fault-applied", **_where(fault), state=shown)
            case "stage":
                await self._put_on(fault, cue.number)
                self._folder.event("fault-stage", fault=fault.name, stage=cue.number, of=len(stages(fault)))

    async def _put_on(self, fault: Fault, number: int) -> Mapping[str, object]:
        try:
            return await self._hands[fault.place].inflict(fault, number, self._instant(fault.end))
        except (ChaosError, EvidenceError) as error:
            raise EvidenceError(f"fault {fault.name} could not be inflicted: {error}") from error

    async def _take_off(self, fault: Fault) -> None:
        try:
            await self._hands[fault.place].cure(fault)
        except (ChaosError, EvidenceError) as error:
            self._folder.event("fault-not-cured", fault=fault.name, reason=str(error))
            raise EvidenceError(f"fault {fault.name} could not be cured: {error}") from error
        self._unproved[fault.name] = time.monotonic_ns()
        self.active.discard(fault.name)
        async with self._cured:
            self._cured.notify_all()

    async def _prove(self, fault: Fault) -> None:
        """See a request through each of its links, as soon as no other fault is in the way of it."""
        left = list(fault.links)
        for _ in range(PROOFS):
            async with self._cured:
                await self._cured.wait_for(lambda: not any(self._in_the_way(fault)))
            passages = await self._links.check("/-/health", left, within=PROOF_WITHIN)
            left = [name for name in left if passages[name].status != ANSWERED]
            if not left:
                break
        healed = self._unproved.pop(fault.name)
        self._folder.event(
            "fault-healed",
            **_where(fault),
            healed=healed,
            late=round((healed - self._instant(fault.end)) / 1e9, 3),
            proved=[name for name in fault.links if name not in left],
        )

    def _in_the_way(self, fault: Fault) -> Iterator[str]:
        """Faults that are on and may keep a request from passing; switches let the operator's pass."""
        mine = set(fault.links)
        for name in self.active - {fault.name}:
            other = self._faults[name]
            if other.place != "system" and not mine.isdisjoint(other.links):
                yield name

    def _instant(self, seconds: float) -> int:
        """A moment of the plan on the monotonic clock, in nanoseconds."""
        return self._t0 + round(seconds * 1e9)


def _where(fault: Fault) -> dict[str, object]:
    return {"fault": fault.name, "place": fault.place, "systems": fault.systems, "links": fault.links}


async def _let_go(hand: tuple[str, Hand]) -> str:
    """What is left; "" where nothing is."""
    place, it = hand
    try:
        await it.let_go()
    except (ChaosError, EvidenceError) as error:
        return f"the {place}s could not be healed: {error}"
    return ""
