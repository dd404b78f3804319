"""Connections that visitors leave behind, for those who come after them.

A real visitor comes through a mobile operator's gateway or a content network, which keep connections to the
portal open; the swarm stands for those. It also keeps the instrument honest: Toxiproxy accepts the
connections of a link one after the other and dials the system in between, so that some hundred new ones per
second through one link would measure the proxy. Nobody ever waits for a connection: where none is idle, a
new one is opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from rehearsal.swarm.targets import Target


class Closable(Protocol):
    """A connection, as far as the pool is concerned."""

    def close(self) -> None:
        """Close it."""


W = TypeVar("W", bound=Closable)


class Pool(Generic[W]):
    """Idle connections by link; the one left last is taken first, so those that are not needed grow old."""

    def __init__(self, connect: Callable[[Target], W]) -> None:
        self._connect = connect
        self._idle: defaultdict[str, list[W]] = defaultdict(list)

    def take(self, target: Target) -> W:
        """A connection for one visitor alone. It connects, or finds out that it is stale, when it is used."""
        idle = self._idle[target.link]
        return idle.pop() if idle else self._connect(target)

    def leave(self, link: str, connection: W) -> None:
        """The visitor has gone; no exchange is under way on the connection."""
        self._idle[link].append(connection)

    def close(self) -> None:
        """Close what is idle."""
        for idle in self._idle.values():
            for connection in idle:
                connection.close()
        self._idle.clear()
