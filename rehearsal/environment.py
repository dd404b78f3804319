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

from mocks.operator import (
    Backlog,
    Clock,
    ClockReading,
    CountersReport,
    Health,
    Stored,
    StoredPage,
    Switch,
    SwitchSet,
)
from rehearsal import mock_processes, topology
from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.mock_lives import MockProcesses
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
    """All systems, running on their network. Whoever does not answer is an :class:`EvidenceError`.

    A system whose process a fault has taken down, or made to stand still, is away: it is not asked.
    """

    plan: Plan
    network: Network
    processes: MockProcesses
    _operator: httpx.AsyncClient
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _t0: int = 0
    _clocks: dict[str, Estimate] = field(default_factory=dict)  # by process, before the load
    _drifts: dict[str, int] = field(default_factory=dict)

    async def set_clock(self, t0_monotonic_ns: int) -> None:
        """Measure the clock of every process of mocks, and tell every system where T0 lies on it."""
        self._t0 = t0_monotonic_ns
        self._clocks = await self._measure()
        self.processes.t0.update(
            {process: t0_monotonic_ns + there.correction for process, there in self._clocks.items()}
        )
        await self._everybody(self.remind)

    async def remind(self, system: str) -> None:
        """Tell a system where T0 lies: it has forgotten, if its process was started again."""
        await self._tell(system, self._t0 + self._correction(system))

    async def compare_clocks(self) -> None:
        """Measure the clocks once more, after the load: what has changed is their drift."""
        now = await self._measure()
        self._drifts = {name: there.offset - self._clocks[name].offset for name, there in now.items()}

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
        for system, process in self.processes.of_system.items():
            if process in measured or self.is_away(system):
                continue
            # one after the other: what runs beside an exchange makes its round trip longer
            t0 = self._t0 + self._correction(system)
            exchanges = [await self._exchange(system, t0) for _ in range(EXCHANGES)]
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

    def _correction(self, system: str) -> int:
        """What the clock of its process is ahead of ours, in nanoseconds; 0 before it was measured."""
        there = self._clocks.get(self.processes.of_system[system])
        return 0 if there is None else there.correction

    def is_away(self, system: str) -> bool:
        """Whether a fault has its process down or standing still."""
        return self.processes.is_away(self.processes.of_system[system])

    async def switch(self, system: str, switches: list[Switch]) -> list[Switch]:
        """Switch these faults of the system on, and all others off; gives what is on, read back.

        Their ``until_monotonic_ns`` is on our clock.
        """
        ahead = self._correction(system)
        theirs = [
            msgspec.structs.replace(each, until_monotonic_ns=each.until_monotonic_ns + ahead)
            for each in switches
        ]
        await self._ask("PUT", system, "/-/switches", SwitchSet(theirs))
        there = msgspec.json.decode(await self._ask("GET", system, "/-/switches"), type=SwitchSet)
        return there.switches

    async def backlog(self) -> dict[str, int]:
        """What keeps each system from being at rest; systems at rest are left out.

        A system that is away counts as one: what waits in it cannot be known.
        """
        waiting: dict[str, int] = {}

        async def ask(system: str) -> None:
            backlog = msgspec.json.decode(await self._ask("GET", system, "/-/backlog"), type=Backlog)
            if backlog.undelivered + backlog.open:
                waiting[system] = backlog.undelivered + backlog.open

        away = await self._present(ask)
        waiting |= dict.fromkeys(away, 1)
        return dict(sorted(waiting.items()))

    async def counters(self) -> dict[str, CountersReport]:
        """What each station counted; none of a system that was started again, for its station forgot.

        Reports take the figures of such a system from the journals of all its lives.
        """
        counted: dict[str, CountersReport] = {}

        async def ask(system: str) -> None:
            if self.processes.lives(self.processes.of_system[system]) > 1:
                return
            counted[system] = msgspec.json.decode(
                await self._ask("GET", system, "/-/counters"), type=CountersReport
            )

        await self._present(ask)
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

    async def _present(self, action: Callable[[str], Coroutine[Any, Any, None]]) -> list[str]:
        """Do something with every system that is there, and gives those that are not."""
        away: list[str] = []

        async def try_it(system: str) -> None:
            if not self.is_away(system):
                try:
                    await action(system)
                except EvidenceError:
                    if not self.is_away(system):  # else it went while it was asked
                        raise
                else:
                    return
            away.append(system)

        await self._everybody(try_it)
        return away

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
        configs = mock_processes.configurations(plan, network.places, folder.path)
        processes = MockProcesses(configs, folder, plan.alone)
        stack.push_async_callback(processes.stop)
        await processes.start()
        say(f"{len(plan.systems)} systems are up in {len(processes)} processes")
        operator = await stack.enter_async_context(httpx.AsyncClient(timeout=OPERATOR_LIMIT, trust_env=False))
        await _check(network)
        folder.event("links-checked", links=len(network.places.links))
        say(f"{len(network.places.links)} links checked: a request went through each")
        yield Country(plan, network, processes, operator)


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
