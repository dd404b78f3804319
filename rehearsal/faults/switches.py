"""Faults of systems: the switches by which a system misbehaves, as its operator tells it to."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from typing import Protocol, cast

import msgspec

from chaos.catalogue import SystemFault
from mocks.operator import Switch, SwitchKind
from rehearsal.errors import EvidenceError
from rehearsal.faults.hand import Shown, on_each
from rehearsal.plan.records import Fault

GRACE_NS = 5_000_000_000
"""A switch takes itself off so long after its planned end, should nobody come to do it."""


class Operator(Protocol):
    """What is asked of a system's operator."""

    def is_away(self, system: str) -> bool:
        """Whether its process is down or stands still, because of a fault."""

    async def switch(self, system: str, switches: list[Switch]) -> list[Switch]:
        """These are on, and no others; gives those that are, read back. Raises :class:`EvidenceError`."""


class SwitchHand:
    """Knows which switches are to be on at each system, and says the whole set at every change.

    A system that is away is told when it is back (:meth:`again`).
    """

    def __init__(self, operator: Operator) -> None:
        self._operator = operator
        self._wanted: defaultdict[str, dict[str, Switch]] = defaultdict(dict)  # by system, then by fault
        self._turn: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def inflict(self, fault: Fault, number: int, until_ns: int) -> Shown:  # noqa: ARG002 - no stages
        """Switch it on; the switches read back."""
        told = cast(SystemFault, fault.catalogued()).switch()
        switch = Switch(
            name=fault.name,
            kind=cast(SwitchKind, told.kind),
            until_monotonic_ns=until_ns + GRACE_NS,
            status=told.status,
            share=told.share,
            spread=told.spread,
        )
        for system in fault.systems:
            self._wanted[system][fault.name] = switch
        return await on_each(fault.systems, self.again)

    async def cure(self, fault: Fault) -> None:
        """Switch it off."""
        for system in fault.systems:
            self._wanted[system].pop(fault.name, None)
        await on_each(fault.systems, self.again)

    async def let_go(self) -> None:
        """Switch everything off."""
        for wanted in self._wanted.values():
            wanted.clear()
        await on_each(self._wanted, self.again)

    async def again(self, system: str) -> list[object]:
        """Tell a system what is to be on; what is, read back. Nothing where it is away."""
        # a request cannot be taken back: whoever speaks next has to wait until it is over
        return await asyncio.shield(asyncio.ensure_future(self._tell(system)))

    async def _tell(self, system: str) -> list[object]:
        async with self._turn[system]:
            if system not in self._wanted or self._operator.is_away(system):
                return []
            now = time.monotonic_ns()
            wanted = [each for each in self._wanted[system].values() if each.until_monotonic_ns > now]
            try:
                there = await self._operator.switch(system, wanted)
            except EvidenceError:
                if self._operator.is_away(system):
                    return []
                raise
            if _names(there) != _names(wanted):
                raise EvidenceError(f"{system} was to have {_names(wanted)} on, and has {_names(there)}")
            return cast(list[object], msgspec.to_builtins(there))


def _names(switches: list[Switch]) -> str:
    return ", ".join(sorted(each.name for each in switches)) or "no switch"
