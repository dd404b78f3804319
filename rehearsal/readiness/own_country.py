"""The mocks of the whole country, started for a sweep: every system, no swarm, no proxies, no faults."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import httpx
import msgspec

from chaos.errors import ChaosError
from chaos.ports import free_ports
from mocks.config import ProcessConfig
from mocks.gaps import Gap
from mocks.operator import Clock, Stored, StoredPage
from rehearsal import mock_processes, topology
from rehearsal.errors import EvidenceError, SetUpError
from rehearsal.mock_lives import MockProcesses
from rehearsal.plan import Plan, make_plan
from rehearsal.readiness.target import Target
from rehearsal.run_record import RunFolder
from rehearsal.scenario import load
from rehearsal.standing import FAR_NS
from rehearsal.together import together

SCENARIO = Path(__file__).with_name("readiness.toml")
AT_ONCE = 16
OPERATOR_LIMIT = 10.0
PAGE = 2000


class OwnCountry:
    """A running country. Whoever does not answer its operator is an :class:`EvidenceError`."""

    def __init__(self, target: Target, operator: httpx.AsyncClient) -> None:
        self.target = target
        self._operator = operator
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def stand_before_t0(self) -> None:
        """T0 is far ahead."""
        await self._set_clock(time.monotonic_ns() + FAR_NS)

    async def pass_t0(self) -> None:
        """T0 is now."""
        await self._set_clock(time.monotonic_ns())

    async def stored(self, system: str) -> list[Stored]:
        """Everything that a system holds."""
        records: list[Stored] = []
        following = 0
        while following >= 0:
            content = await self._ask("GET", system, f"/-/stored?offset={following}&limit={PAGE}")
            page = msgspec.json.decode(content, type=StoredPage)
            records += page.records
            following = page.next
        return records

    async def _set_clock(self, t0: int) -> None:
        async with together() as group:
            for system in self.target.addresses:
                group.create_task(self._ask("PUT", system, "/-/clock", Clock(t0)))

    async def _ask(self, method: str, system: str, path: str, body: object = None) -> bytes:
        content = None if body is None else msgspec.json.encode(body)
        async with self._turn:
            try:
                answer = await self._operator.request(
                    method, self.target.addresses[system] + path, content=content
                )
            except httpx.HTTPError as error:
                raise EvidenceError(f"{system} does not answer its operator ({error!r})") from error
        if not answer.is_success:
            raise EvidenceError(f"{system} answered its operator {answer.status_code} on {method} {path}")
        return answer.content


def country_plan(scenario: Path = SCENARIO) -> Plan:
    """The plan that says which systems there are and what each can carry."""
    return make_plan(load(scenario), 1).plan


@contextlib.asynccontextmanager
async def own_country(
    plan: Plan, path: Path, gaps: Sequence[Gap], say: Callable[[str], None]
) -> AsyncIterator[OwnCountry]:
    """The systems of a plan, up; they lack what ``gaps`` say. At the end they are down.

    ``path`` is a folder for their stores, journals and logs. Raises :class:`SetUpError`.
    """
    try:
        (path / "logs").mkdir(parents=True)
    except OSError as error:
        raise SetUpError(f"{path}: cannot be made ({error.strerror})") from error
    folder = RunFolder(path, plan.scenario.name, datetime.now().astimezone())
    places = _without_proxies(plan)
    processes = MockProcesses(_configured(plan, places, path, gaps), folder, ())
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(folder.close)
        stack.push_async_callback(processes.stop)
        await processes.start()
        say(f"{len(plan.systems)} systems are up in {len(processes)} processes")
        operator = await stack.enter_async_context(httpx.AsyncClient(timeout=OPERATOR_LIMIT, trust_env=False))
        addresses = {name: f"http://{topology.HOST}:{port}" for name, port in places.ports.items()}
        await stack.enter_async_context(processes.none_may_end())
        yield OwnCountry(Target("", MappingProxyType(addresses), plan.scenario.seed), operator)
        folder.end("completed")


def _configured(
    plan: Plan, places: topology.Topology, path: Path, gaps: Sequence[Gap]
) -> list[ProcessConfig]:
    configs = mock_processes.configurations(plan, places, path)
    return [msgspec.structs.replace(config, gaps=list(gaps)) for config in configs]


def _without_proxies(plan: Plan) -> topology.Topology:
    """Every system on a port of its own, and every link straight to it."""
    try:
        ports = free_ports(len(plan.systems))
    except ChaosError as error:
        raise SetUpError(str(error)) from error
    of_system = {system.name: port for system, port in zip(plan.systems, ports, strict=True)}
    links = {}
    for link in plan.links:
        there = f"{topology.HOST}:{of_system[link.callee]}"
        links[link.name] = topology.PlacedLink(topology.Link(link.caller, link.callee), there, there)
    return topology.Topology(MappingProxyType(of_system), MappingProxyType(links))
