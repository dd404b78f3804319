"""The country around the swarm: the systems on their network, up and checked, then gone again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from mocks.operator import Backlog, CountersReport, Health, Stored, StoredPage
from rehearsal import mock_processes, topology
from rehearsal.children import Child, stop_all
from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.network import Network, Say
from rehearsal.plan import Plan
from rehearsal.run_record import RunFolder
from rehearsal.together import together

CHECK_ROUNDS = 3
CHECK_WITHIN = 10.0
OPERATOR_LIMIT = 5.0
"""Seconds until a system must have answered its operator."""
AT_ONCE = 16
PAGE = 1000


@dataclass
class Country:
    """All systems, running on their network. Whoever does not answer is an :class:`EvidenceError`."""

    plan: Plan
    network: Network
    processes: list[Child]
    _operator: httpx.AsyncClient
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def set_clock(self, t0_monotonic_ns: int) -> None:
        """Tell every system where T0 lies."""

        async def tell(system: str) -> None:
            await self._ask("PUT", system, "/-/clock", {"t0_monotonic_ns": t0_monotonic_ns})

        await self._everybody(tell)

    async def backlog(self) -> dict[str, int]:
        """What keeps each system from being at rest; systems at rest are left out."""
        waiting: dict[str, int] = {}

        async def ask(system: str) -> None:
            backlog = msgspec.json.decode(await self._ask("GET", system, "/-/backlog"), type=Backlog)
            if backlog.undelivered + backlog.open:
                waiting[system] = backlog.undelivered + backlog.open

        await self._everybody(ask)
        return dict(sorted(waiting.items()))

    async def counters(self) -> dict[str, CountersReport]:
        """What each station counted."""
        counted: dict[str, CountersReport] = {}

        async def ask(system: str) -> None:
            counted[system] = msgspec.json.decode(
                await self._ask("GET", system, "/-/counters"), type=CountersReport
            )

        await self._everybody(ask)
        return dict(sorted(counted.items()))

    async def stored(self) -> list[Stored]:
        """Every record in every store, by system."""
        by_system: dict[str, list[Stored]] = {}

        async def read(system: str) -> None:
            records: list[Stored] = []
            following = 0
            while following >= 0:
                answer = await self._ask("GET", system, f"/-/stored?offset={following}&limit={PAGE}")
                page = msgspec.json.decode(answer, type=StoredPage)
                records += page.records
                following = page.next
            by_system[system] = records

        await self._everybody(read)
        return [record for system in sorted(by_system) for record in by_system[system]]

    async def _everybody(self, action: Callable[[str], Coroutine[Any, Any, None]]) -> None:
        async with together() as group:
            for system in self.network.places.ports:
                group.create_task(action(system))

    async def _ask(self, method: str, system: str, path: str, body: object = None) -> bytes:
        url = f"http://{topology.HOST}:{self.network.places.ports[system]}{path}"
        async with self._turn:
            try:
                answer = await self._operator.request(
                    method, url, content=None if body is None else msgspec.json.encode(body)
                )
            except httpx.HTTPError as error:
                raise EvidenceError(
                    f"{system} does not answer its operator ({type(error).__name__}: {error})"
                ) from error
        if answer.status_code != httpx.codes.OK:
            raise EvidenceError(f"{system} answered its operator {answer.status_code} on {method} {path}")
        return answer.content


@contextlib.asynccontextmanager
async def country(plan: Plan, network: Network, folder: RunFolder, *, say: Say) -> AsyncIterator[Country]:
    """Bring all systems up, check every link by one request, and take them down at the end.

    Raises :class:`SetUpError`; whatever had come up by then is down again.
    """
    async with contextlib.AsyncExitStack() as stack:
        processes = await _start_mocks(plan, network.places, folder, stack)
        say(f"{len(plan.systems)} systems are up in {len(processes)} processes")
        operator = await stack.enter_async_context(httpx.AsyncClient(timeout=OPERATOR_LIMIT, trust_env=False))
        await _check(network)
        folder.event("links-checked", links=len(network.places.links))
        say(f"{len(network.places.links)} links checked: a request went through each")
        yield Country(plan, network, processes, operator)


async def _start_mocks(
    plan: Plan, places: topology.Topology, folder: RunFolder, stack: contextlib.AsyncExitStack
) -> list[Child]:
    configs = mock_processes.configurations(plan, places, folder.path)
    children: list[Child] = []
    stack.push_async_callback(stop_all, children)
    for config in configs:
        path = mock_processes.write(config, folder.path)
        log = folder.logs / f"mocks.{config.process}.log"
        children.append(await Child.start(f"mocks {config.process}", ["mocks", str(path)], log))
    await asyncio.gather(*(child.ready(mock_processes.READY_WITHIN) for child in children))
    return children


async def _check(network: Network) -> None:
    """One request through every link: it must come out at the right system."""
    wrong: dict[str, str] = {}
    for _ in range(CHECK_ROUNDS):
        passages = await network.links.check("/-/health", list(wrong) or None, within=CHECK_WITHIN)
        wrong = {}
        for name, passage in passages.items():
            callee = network.places.links[name].link.callee
            if not passage.passed:
                wrong[name] = passage.error
            elif (found := _who(passage.body)) != callee:
                wrong[name] = f"it leads to {found or 'no system of ours'}"
        if not wrong:
            return
    shown = "; ".join(f"{name}: {why}" for name, why in list(wrong.items())[:5])
    raise SetUpError(f"{len(wrong)} of {len(network.places.links)} links do not carry a request: {shown}")


def _who(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=Health).system
    except msgspec.DecodeError:
        return ""
