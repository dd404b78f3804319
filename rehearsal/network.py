"""The network of the country: a port for everybody, and one Toxiproxy proxy for every link."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from chaos import links as chaos_links
from chaos.errors import ChaosError
from chaos.finding import find
from chaos.links import Links
from chaos.ports import free_ports
from chaos.server import ToxiproxyServer
from rehearsal import topology
from rehearsal.errors import SetUpError
from rehearsal.run_record import RunFolder, Toxiproxy

Say = Callable[[str], None]


@dataclass(frozen=True)
class Network:
    """Where everybody is, and the links between them, in place."""

    places: topology.Topology
    links: Links

    def entrances(self) -> dict[str, str]:
        """Where the links of citizens and officials begin: host:port by the name of the link."""
        outside = (topology.CITIZENS, topology.OFFICIALS)
        return {
            name: placed.listen for name, placed in self.places.links.items() if placed.link.caller in outside
        }


@contextlib.asynccontextmanager
async def network(
    folder: RunFolder,
    extent: topology.Extent = "core",
    *,
    toxiproxy: str | None,
    listen: str = topology.HOST,
    say: Say,
) -> AsyncIterator[Network]:
    """Bring Toxiproxy and all links up, and take them down at the end.

    ``toxiproxy`` is the address (host:port) of a server to be used; None finds one. ``listen`` is the address
    of this host on which citizens and officials reach it; all other links stay on loopback. Raises
    :class:`SetUpError`; nothing of ours is left then.
    """
    with contextlib.ExitStack() as stack:
        try:
            source = await asyncio.to_thread(find, toxiproxy, say=say)
            server = ToxiproxyServer(source, log=folder.logs / "toxiproxy.log", say=say)
            # in this thread: the server lives as long as the thread that started it
            server.start()
            stack.callback(server.stop)
            ports = free_ports(topology.ports_needed(extent), also=listen)
            places = topology.assign(ports, extent, entrance=listen)
            links = Links(server.client(), _chaos_links(places), guarded=server.outlives_us)
            stack.enter_context(_in_place(links, say))
        except ChaosError as error:
            raise SetUpError(str(error)) from error
        folder.record.toxiproxy = Toxiproxy(server.version, server.how, len(places.links))
        folder.save()
        say(f"Toxiproxy {server.version} ({server.how}) carries {len(places.links)} links")
        yield Network(places, links)


@contextlib.contextmanager
def _in_place(links: Links, say: Say) -> Iterator[None]:
    """The links, removed at the end; what ended a run is told rather than that it left links behind."""
    links.__enter__()
    try:
        yield
    except BaseException:
        try:
            links.__exit__(None, None, None)
        except ChaosError as error:
            say(f"the links could not be taken down: {error}")
        raise
    try:
        links.__exit__(None, None, None)
    except ChaosError as error:
        raise SetUpError(f"the links could not be taken down: {error}") from error


def _chaos_links(places: topology.Topology) -> list[chaos_links.Link]:
    return [
        chaos_links.Link(placed.link.caller, placed.link.callee, placed.listen, placed.upstream)
        for placed in places.links.values()
    ]
