"""Where everything listens: pure, from ports that somebody found free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from rehearsal.topology.kinds import Extent
from rehearsal.topology.systems import CITIZENS, OFFICIALS, Link, links, systems

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class PlacedLink:
    """A link with its place: callers connect to ``listen``, which passes on to ``upstream`` (host:port)."""

    link: Link
    listen: str
    upstream: str

    @property
    def name(self) -> str:
        """The name of the link."""
        return self.link.name


@dataclass(frozen=True)
class Topology:
    """Where everything listens. ``ports`` by system name, ``links`` by link name."""

    ports: Mapping[str, int]
    links: Mapping[str, PlacedLink]

    def peers(self, caller: str) -> dict[str, str]:
        """For each system that ``caller`` may call: the address (host:port) of the link towards it."""
        return {
            placed.link.callee: placed.listen
            for placed in self.links.values()
            if placed.link.caller == caller
        }


def ports_needed(extent: Extent = "core") -> int:
    """How many ports :func:`assign` takes: one for each system and each link."""
    return len(systems(extent)) + len(links(extent))


def assign(ports: Iterable[int], extent: Extent = "core", *, entrance: str = HOST) -> Topology:
    """Give each system and each link one of ``ports``, in order.

    The links of citizens and officials begin at the address ``entrance``, all others on loopback.

    Raises ``ValueError`` where there are too few ports or one comes twice.
    """
    needed = ports_needed(extent)
    given = list(islice(ports, needed))
    if len(given) < needed:
        raise ValueError(f"{needed} ports are needed, and only {len(given)} were given")
    if len(set(given)) < needed:
        twice = next(port for port in given if given.count(port) > 1)
        raise ValueError(f"port {twice} was given twice")
    of_system = {system.name: port for system, port in zip(systems(extent), given, strict=False)}
    of_link = given[len(of_system) :]
    begin = {CITIZENS: entrance, OFFICIALS: entrance}
    return Topology(
        ports=MappingProxyType(of_system),
        links=MappingProxyType(
            {
                link.name: PlacedLink(
                    link, f"{begin.get(link.caller, HOST)}:{port}", f"{HOST}:{of_system[link.callee]}"
                )
                for link, port in zip(links(extent), of_link, strict=True)
            }
        ),
    )
