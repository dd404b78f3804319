"""The country around the swarm: Toxiproxy with all links, and the mocks, up and checked, then gone again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx
import msgspec

from chaos import links as chaos_links
from chaos.errors import ChaosError
from chaos.finding import find
from chaos.links import Links
from chaos.ports import free_ports
from chaos.server import ToxiproxyServer
from mocks.system import Backlog, Health, Stored, StoredPage
from rehearsal import mock_processes, topology
from rehearsal.children import Child, stop_all
from rehearsal.errors import SetUpError
from rehearsal.plan import Plan
from rehearsal.run_record import Counters, RunFolder, Toxiproxy

CHECK_ROUNDS = 3
CHECK_WITHIN = 10.0
OPERATOR_LIMIT = 5.0
"""Seconds until a system must have answered its operator."""
AT_ONCE = 16
PAGE = 1000

Say = Callable[[str], None]


@dataclass
class Country:
    """All systems and links, running."""

    plan: Plan
    places: topology.Topology
    server: ToxiproxyServer
    links: Links
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

    async def counters(self) -> dict[str, Counters]:
        """What each station counted."""
        counted: dict[str, Counters] = {}

        async def ask(system: str) -> None:
            counted[system] = msgspec.json.decode(
                await self._ask("GET", system, "/-/counters"), type=Counters
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

    async def _everybody(self, action: Callable[[str], object]) -> None:
        async with asyncio.TaskGroup() as group:
            for system in self.places.ports:
                group.create_task(action(system))  # type: ignore[arg-type]  # every action is a coroutine function

    async def _ask(self, method: str, system: str, path: str, body: object = None) -> bytes:
        url = f"http://{topology.HOST}:{self.places.ports[system]}{path}"
        async with self._turn:
            try:
                answer = await self._operator.request(
                    method, url, content=None if body is None else msgspec.json.encode(body)
                )
            except httpx.HTTPError as error:
                raise SetUpError(
                    f"{system} does not answer its operator ({type(error).__name__}: {error})"
                ) from error
        if answer.status_code != httpx.codes.OK:
            raise SetUpError(f"{system} answered its operator {answer.status_code} on {method} {path}")
        return answer.content


@contextlib.asynccontextmanager
async def country(
    plan: Plan, folder: RunFolder, *, toxiproxy: str | None, say: Say
) -> AsyncIterator[Country]:
    """Bring everything up, check every link by one request, and take everything down at the end.

    ``toxiproxy`` is the address (host:port) of a server to be used; None finds one. Raises
    :class:`SetUpError`; whatever had come up by then is down again.
    """
    async with contextlib.AsyncExitStack() as stack:
        try:
            source = await asyncio.to_thread(find, toxiproxy, say=say)
            server = ToxiproxyServer(source, log=folder.logs / "toxiproxy.log", say=say)
            # in this thread: the server lives as long as the thread that started it
            server.start()
            stack.callback(server.stop)
            places = topology.assign(free_ports(topology.ports_needed()))
            links = Links(server.client(), _chaos_links(places), guarded=server.outlives_us)
            links.__enter__()
            stack.callback(links.__exit__, None, None, None)
        except ChaosError as error:
            raise SetUpError(str(error)) from error
        folder.record.toxiproxy = Toxiproxy(server.version, server.how, len(places.links))
        folder.save()
        say(f"Toxiproxy {server.version} ({server.how}) carries {len(places.links)} links")
        processes = await _start_mocks(plan, places, folder, stack)
        say(f"{len(plan.systems)} systems are up in {len(processes)} processes")
        operator = await stack.enter_async_context(httpx.AsyncClient(timeout=OPERATOR_LIMIT, trust_env=False))
        there = Country(plan, places, server, links, processes, operator)
        await _check(there)
        folder.event("links-checked", links=len(places.links))
        say(f"{len(places.links)} links checked: a request went through each")
        folder.targets(
            {
                name: placed.listen
                for name, placed in places.links.items()
                if placed.link.caller in (topology.CITIZENS, topology.OFFICIALS)
            }
        )
        yield there


def _chaos_links(places: topology.Topology) -> list[chaos_links.Link]:
    return [
        chaos_links.Link(placed.link.caller, placed.link.callee, placed.listen, placed.upstream)
        for placed in places.links.values()
    ]


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


async def _check(there: Country) -> None:
    """One request through every link: it must come out at the right system."""
    wrong: dict[str, str] = {}
    for _ in range(CHECK_ROUNDS):
        passages = await there.links.check("/-/health", list(wrong) or None, within=CHECK_WITHIN)
        wrong = {}
        for name, passage in passages.items():
            callee = there.places.links[name].link.callee
            if not passage.passed:
                wrong[name] = passage.error
            elif (found := _who(passage.body)) != callee:
                wrong[name] = f"it leads to {found or 'no system of ours'}"
        if not wrong:
            return
    shown = "; ".join(f"{name}: {why}" for name, why in list(wrong.items())[:5])
    raise SetUpError(f"{len(wrong)} of {len(there.places.links)} links do not carry a request: {shown}")


def _who(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=Health).system
    except msgspec.DecodeError:
        return ""
