"""The contract of whoever carries out the faults of one place."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Protocol, TypeVar

from rehearsal.plan.records import Fault

T = TypeVar("T")

Shown = Mapping[str, object]
"""What was read back, by link or system, as it goes into ``events.jsonl``."""


class Hand(Protocol):
    """Carries out the faults of one place. Several faults may be on at once, also on the same spot.

    All methods raise :class:`~chaos.errors.ChaosError` or :class:`~rehearsal.errors.EvidenceError`; a failure
    on one spot spares no other. A method that is cancelled leaves nothing behind that the next one, of the
    same fault, could not undo.
    """

    async def inflict(self, fault: Fault, number: int, until_ns: int) -> Shown:
        """Begin stage ``number`` of a fault (0: the fault itself), which is to be gone by ``until_ns``."""

    async def cure(self, fault: Fault) -> None:
        """Undo it, whatever has become of it; no harm if it is not, or only half, there."""

    async def let_go(self) -> None:
        """Nothing that this hand has done is left, whoever did it and whatever is remembered of it."""


async def on_each(names: Iterable[str], act: Callable[[str], Awaitable[T]]) -> dict[str, T]:
    """Do something on every spot at once; the first error is raised when all have been tried."""
    every = list(names)
    outcomes = await asyncio.gather(*map(act, every), return_exceptions=True)
    done: dict[str, T] = {}
    for name, outcome in zip(every, outcomes, strict=True):
        if isinstance(outcome, BaseException):
            raise outcome
        done[name] = outcome
    return done
