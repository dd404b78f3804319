"""What master and workers say to each other over Locust's own channel, besides Locust's own words.

A message is a name and a body; a body travels as plain values (msgpack, bytes allowed) and is checked when
it arrives: over a network anybody could have sent it.
"""

from __future__ import annotations

from typing import Any, Self

import msgspec

from rehearsal.swarm.clock import Reading

JOINED = "swarm-joined"
"""Worker to master: it is connected and has read its share. When all have joined, Locust places the users."""

READY = "swarm-ready"
"""Worker to master: it waits for the clock; :class:`Ready`."""

PING = "swarm-ping"
"""Master to worker: what do your clocks say? ``{"serial": n}``."""

PONG = "swarm-pong"
"""Worker to master: :class:`Pong`."""

CLOCK = "swarm-clock"
"""Master to worker: :class:`Clock`; the arrivals begin."""

STOP = "swarm-stop"
"""Master to workers: cut the journeys under way, write everything, report."""

FINISHED = "swarm-finished"
"""Worker to master: its last :class:`~rehearsal.swarm.progress.Progress`; its files are closed, and at the
master."""

FAILED = "swarm-failed"
"""Worker to master: ``{"worker": number, "reason": why it cannot go on}``; FINISHED follows."""

REPORT = "swarm"
"""The key of the :class:`~rehearsal.swarm.progress.Progress` in Locust's report from worker to master."""

HELLO = "swarm-hello"
"""A worker that was started elsewhere, to the master: :class:`Hello`."""

PLACE = "swarm-place"
"""Master to such a worker: :class:`Place`."""

REFUSED = "swarm-refused"
"""Master to such a worker: ``{"reason": why there is no place for it}``."""

WANT = "swarm-want"
"""Such a worker to the master: :class:`Want`."""

PIECE = "swarm-piece"
"""Master to such a worker: :class:`Piece`."""

SHIP = "swarm-ship"
"""Such a worker to the master: :class:`Ship`."""

SHIPPED = "swarm-shipped"
"""Master to such a worker: :class:`Shipped`."""


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a message."""

    def pack(self) -> dict[str, Any]:
        """As it travels."""
        packed: dict[str, Any] = msgspec.to_builtins(self, builtin_types=(bytes,))
        return packed

    @classmethod
    def unpack(cls, data: object) -> Self:
        """The reverse of :meth:`pack`. Raises ``msgspec.ValidationError``."""
        return msgspec.convert(data, cls, builtin_types=(bytes,))


class Ready(Body, frozen=True):
    """A worker and its share: how many arrivals, of which schedule (:func:`rehearsal.arrivals.digest`)."""

    worker: int
    planned: int
    host: str
    sha256: str


class Pong(Body, frozen=True):
    """The worker's clocks when a ping came and when its answer left."""

    serial: int
    received: Reading
    sent: Reading


class Clock(Body, frozen=True):
    """T0 on the worker's own monotonic clock, and what to subtract from that clock to get the conductor's."""

    t0_monotonic_ns: int
    offset_ns: int


class Hello(Body, frozen=True):
    """A worker that asks for a place: its host, and what it runs (:mod:`rehearsal.swarm.software`)."""

    host: str
    software: dict[str, str]


class Place(Body, frozen=True):
    """Number ``worker`` of ``workers`` in a run, and the sizes in bytes of the files that it needs."""

    run: str
    worker: int
    workers: int
    files: dict[str, int]


class Want(Body, frozen=True):
    """A file of the run from a byte on."""

    file: str
    offset: int


class Piece(Body, frozen=True):
    """Bytes of a file of the run, from ``offset`` on."""

    file: str
    offset: int
    content: bytes


class Ship(Body, frozen=True):
    """Bytes of a file that a worker writes, from ``offset`` on; with ``whole`` they are all of it."""

    file: str
    offset: int
    content: bytes
    whole: bool = False


class Shipped(Body, frozen=True):
    """The master holds the first ``size`` bytes of a file.

    ``checksum`` is the CRC-32 of a file that came whole, which tells its versions apart.
    """

    file: str
    size: int
    checksum: int = 0
