"""The master's side of workers that were started elsewhere: their places, their files, what they write. Pure
but for files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rehearsal.errors import RehearsalError
from rehearsal.swarm.messages import Hello, Piece, Place, Ship, Shipped, Want
from rehearsal.swarm.shipping import Depot
from rehearsal.swarm.software import differences, software

FILES = ("plan.json", "targets.json", "arrivals.arrow")
"""What a worker needs of a run folder."""
PIECE = 1 << 18
"""Bytes of a message on the way to a worker, which does nothing else yet."""


class Refused(RehearsalError):  # noqa: N818 - what a worker is, not a mistake of ours
    """There is no place for a worker."""


class OtherSoftware(Refused):
    """A worker that would not offer the same load."""


class Reception:
    """Gives out the places of ``places`` and keeps what their holders write, all by name of connection."""

    def __init__(self, folder: Path, workers: int, places: range) -> None:
        self._folder = folder
        self._workers = workers
        self._free = list(places)
        self._hosts: dict[str, str] = {}
        self._depots: dict[str, Depot] = {}

    @property
    def holders(self) -> Mapping[str, int]:
        """The place of each connection that has one."""
        return {client: depot.worker for client, depot in self._depots.items()}

    def hello(self, client: str, hello: Hello) -> Place:
        """Give a worker a place; the same one where it asks again. Raises :class:`Refused`."""
        if client not in self._depots:
            if not self._free:
                raise Refused(f"all {self._workers} workers of this run are there")
            if different := differences(software(), hello.software):
                raise OtherSoftware(f"a worker on {hello.host} runs other software: {different}")
            self._depots[client] = Depot(self._folder, self._free.pop(0))
        files = {name: (self._folder / name).stat().st_size for name in FILES}
        run = "/".join(self._folder.resolve().parts[-2:])
        return Place(run, self._depots[client].worker, self._workers, files)

    def leave(self, client: str) -> int:
        """A worker is gone before the run began: its place, which is free again."""
        depot = self._depots.pop(client)
        depot.close()
        self._free = sorted([*self._free, depot.worker])
        return depot.worker

    def want(self, client: str, want: Want) -> Piece:
        """A piece of one of the files that a worker needs. Raises :class:`Refused`."""
        if client not in self._depots or want.file not in FILES or want.offset < 0:
            raise Refused(f'"{want.file}" from byte {want.offset}: legal are {", ".join(FILES)}')
        with (self._folder / want.file).open("rb") as file:
            file.seek(want.offset)
            return Piece(want.file, want.offset, file.read(PIECE))

    def ship(self, client: str, ship: Ship) -> Shipped:
        """Keep what a worker wrote. Raises :class:`RehearsalError`."""
        if client not in self._depots:
            raise Refused(f'"{ship.file}" came from somebody who has no place in this run')
        return self._depots[client].take(ship)

    def close(self) -> None:
        """Close all files."""
        for depot in self._depots.values():
            depot.close()
