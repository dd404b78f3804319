"""One province of the in-memory country, and a desk that asks it: the real mocks, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec

import fixtures
from mocks.gaps import Gap
from mocks.operator import Stored, StoredPage
from rehearsal.readiness.checks import stages
from rehearsal.readiness.desk import Desk
from rehearsal.readiness.sweep import Kept, sweep
from rehearsal.readiness.target import Target
from reports.readiness.building import read_cells
from reports.readiness.model import Cell, Moment
from tests.mocks.country import SEED, Country
from tests.mocks.platform import standing

PROVINCE = fixtures.province("15")
"""Lào Cai, merged from 10 and 15; its documents go to the one after it."""
NATIONAL = (
    "national-portal",
    "vneid",
    "population",
    "procedures",
    "payment",
    "unit-catalogue",
    "agency-codes",
    "fee-catalogue",
    "information-portal",
    "hotline",
    "signatures",
    "emc",
    "civil-status",
    "document-axis",
    "postal",
    "national-data-centre",
)
OF_PROVINCE = ("lgsp", "case", "sso", "accounts", "documents")
SYSTEMS = frozenset(
    [*NATIONAL, *(f"{kind}-15" for kind in OF_PROVINCE), "portal-10", "portal-15", "documents-19"]
)


Spoil = Callable[[httpx.Request, Callable[[], Awaitable[httpx.Response]]], Awaitable[httpx.Response]]
"""Answers a request in the place of the country, which it may ask as well."""


def target(systems: Iterable[str] = SYSTEMS) -> Target:
    """The systems as the in-memory country is asked: their names are their hosts."""
    return Target("", {name: f"http://{name}" for name in systems}, SEED)


def client_of(country: Country, spoil: Spoil | None = None) -> httpx.AsyncClient:
    """Hands every request to the mock that it is for, or to whoever spoils it."""

    async def handle(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        headers = dict(request.headers)
        content = await request.aread()

        async def honest() -> httpx.Response:
            return await country.ask(request.url.host, request.method, path, content=content, headers=headers)

        return await (honest() if spoil is None else spoil(request, honest))

    return httpx.AsyncClient(transport=httpx.MockTransport(handle))


class InMemory:
    """The country as a sweep's own one: its clock is set, its stores are read."""

    def __init__(self, country: Country) -> None:
        self.country = country

    async def stand_before_t0(self) -> None:
        """T0 is an hour ahead."""
        await self._set_clock(3600)

    async def pass_t0(self) -> None:
        """T0 is now."""
        await self._set_clock(0)

    async def stored(self, system: str) -> list[Stored]:
        """Everything that a system holds."""
        answer = await self.country.ask(system, "GET", "/-/stored?limit=100000")
        return msgspec.json.decode(answer.content, type=StoredPage).records

    async def _set_clock(self, seconds: int) -> None:
        body = msgspec.json.encode({"t0_monotonic_ns": self.country.time.now_ns + seconds * 10**9})
        for name in self.country.configs:
            await self.country.ask(name, "PUT", "/-/clock", content=body)


@contextmanager
def province(folder: Path, gaps: Sequence[Gap] = ()) -> Iterator[Country]:
    """The systems of the province and of the nation, running."""
    with standing(folder, *sorted(SYSTEMS), gaps=gaps) as country:
        yield country


def swept(
    country: Country, folder: Path, moment: Moment = "across", spoil: Spoil | None = None
) -> list[Cell]:
    """Everything that a sweep of the province sees."""

    async def run() -> None:
        async with client_of(country, spoil) as client:
            desk = Desk(target(), client, rate=2000, at_once=50)
            await sweep(stages(moment, SEED, InMemory(country)), [PROVINCE], desk, kept, lambda _: None)

    kept = Kept(folder)
    try:
        country.time.run(asyncio.wait_for(run(), 600))
    finally:
        kept.close()
    return read_cells(folder)
