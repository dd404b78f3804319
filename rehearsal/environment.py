"""The country around the swarm: the systems on their network, up and checked, then gone again."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from mocks.operator import Backlog, Clock, ClockReading, CountersReport, Health, Stored, StoredPage
from rehearsal import mock_processes, topology
from rehearsal.children import Child, stop_all
from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.network import Network, Say
from rehearsal.plan import Plan
from rehearsal.run_record import ProcessClock, RunFolder
from rehearsal.swarm.clock import Estimate, Exchange, Reading, estimate, read
from rehearsal.together import together

CHECK_ROUNDS = 3
CHECK_WITHIN = 10.0
OPERATOR_LIMIT = 5.0
"""Seconds until a system must have answered its operator."""
AT_ONCE = 16
PAGE = 1000
EXCHANGES = 8
"""Exchanges of timestamps with a process, of which the one with the shortest round trip counts."""


@dataclass
class Country:
    """All systems, running on their network. Whoever does not answer is an :class:`EvidenceError`."""

    plan: Plan
    network: Network
    processes: list[Child]
    _operator: httpx.AsyncClient
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _t0: int = 0
    _clocks: dict[str, Estimate] = field(default_factory=dict)  # by process, before the load
    _drifts: dict[str, int] = field(default_factory=dict)

    async def set_clock(self, t0_monotonic_ns: int) -> None:
        """Measure the clock of every process of mocks, and tell every system where T0 lies on it."""
        self._t0 = t0_monotonic_ns
        self._clocks = await self._measure()

        async def tell(system: str) -> None:
            there = self._clocks[self._process_of()[system]]
            await self._tell(system, t0_monotonic_ns + there.correction)

        await self._everybody(tell)

    async def compare_clocks(self) -> None:
        """Measure the clocks once more, after the load: what has changed is their drift."""
        now = await self._measure()
        self._drifts = {name: now[name].offset - there.offset for name, there in self._clocks.items()}

    def clocks(self) -> list[ProcessClock]:
        """The clocks of the processes of mocks; empty before :meth:`set_clock`."""
        host = socket.gethostname()  # mocks run beside the conductor
        return [
            ProcessClock(
                process=f"mocks-{name}",
                host=host,
                offset_ns=there.offset,
                uncertainty_ns=there.uncertainty,
                drift_ns=self._drifts.get(name, 0),
                wall_offset_ns=there.day_offset,
            )
            for name, there in sorted(self._clocks.items())
        ]

    async def _measure(self) -> dict[str, Estimate]:
        """The clock of each process, by one of its systems: they share it."""
        measured: dict[str, Estimate] = {}
        for system, process in self._process_of().items():
            if process in measured:
                continue
            # one after the other: what runs beside an exchange makes its round trip longer
            correction = self._clocks[process].correction if process in self._clocks else 0
            exchanges = [await self._exchange(system, self._t0 + correction) for _ in range(EXCHANGES)]
            if (best := estimate(exchanges)) is not None:
                measured[process] = best
        return measured

    async def _exchange(self, system: str, t0_monotonic_ns: int) -> Exchange:
        sent = read()
        there = await self._tell(system, t0_monotonic_ns)
        heard = read()
        service = there.answered_monotonic_ns - there.received_monotonic_ns
        return Exchange(
            sent,
            Reading(there.received_monotonic_ns, there.received_unix_ns),
            Reading(there.answered_monotonic_ns, there.received_unix_ns + service),
            heard,
        )

    async def _tell(self, system: str, t0_monotonic_ns: int) -> ClockReading:
        answer = await self._ask("PUT", system, "/-/clock", Clock(t0_monotonic_ns))
        try:
            return msgspec.json.decode(answer, type=ClockReading)
        except msgspec.DecodeError as error:
            raise EvidenceError(f"{system} does not say what its clock reads ({error})") from error

    def _process_of(self) -> dict[str, str]:
        """The process of mocks that runs each system."""
        return {each.name: mock_processes.group(each) for each in self.plan.systems}

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
