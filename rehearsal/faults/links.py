"""Faults of links: toxics, and links taken down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

from chaos.catalogue import LinkFault
from chaos.client import ProxyState
from chaos.links import Links
from rehearsal.faults.cues import stages
from rehearsal.faults.hand import Shown
from rehearsal.plan.records import Fault

T = TypeVar("T")


class LinkHand:
    """Changes links, one change after the other, in a thread.

    A thread cannot be cancelled. So there is one alone, and whoever cures after a cancellation stands behind
    the change that is still under way: a fault would otherwise come after its cure.
    """

    def __init__(self, links: Links) -> None:
        self._links = links
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="link-faults")

    async def inflict(self, fault: Fault, number: int, until_ns: int) -> Shown:
        """Put the stage in the place of the one before it; the states read back."""
        every = stages(fault)

        def change() -> dict[str, ProxyState]:
            if number:
                self._links.cure(every[number - 1].fault, fault.links)
            return self._links.apply(every[number].fault, fault.links, until=until_ns)

        states = await self._change(change)
        return {name: state.model_dump(mode="json") for name, state in states.items()}

    async def cure(self, fault: Fault) -> None:
        """Take off whatever any stage has put on."""
        whole = cast(LinkFault, fault.catalogued())
        await self._change(lambda: self._links.cure(whole, fault.links))

    async def let_go(self) -> None:
        """Heal every link."""
        await self._change(self._links.heal)

    async def _change(self, change: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, change)
