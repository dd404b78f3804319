"""The files of a worker on another host, copied to the master's run folder while they grow.

Go-back-N, as in a TCP without windows of time: the worker sends piece after piece, at most :data:`WINDOW`
bytes ahead of what was acknowledged; the master takes a piece only where it joins on to what it has, and
acknowledges how much that is. So a piece that was lost, came twice or came late does no harm, and what the
master holds is at any instant a beginning of each file. When a host dies, only what it had not yet sent is
missing: the last flush.
"""

from __future__ import annotations

import os
import struct
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rehearsal.errors import RehearsalError
from rehearsal.swarm.messages import Ship, Shipped
from reports.files import write_whole

PIECE = 1 << 16
"""Bytes of a message. A larger one would keep the worker from sending requests for longer."""
WINDOW = 8 * PIECE
"""Bytes of a file that may be on their way: with a round trip of 50 ms, 10 MB/s."""
RESEND_AFTER = 3.0
"""Seconds without an acknowledgement after which pieces are sent again."""

_CHECKED = struct.Struct("<3q")
"""One record of a ``.crc`` file: offset, length and checksum of some bytes of the stream beside it."""


def streams(worker: int) -> tuple[str, ...]:
    """The Arrow streams that a worker writes; each has a ``.crc`` file beside it."""
    return (f"samples.{worker}.arrows", f"visits.{worker}.arrows", f"pulse.worker-{worker}.arrows")


def intents(worker: int) -> str:
    """The intents that a worker writes line by line."""
    return f"intents.{worker}.jsonl"


def counts(worker: int) -> str:
    """The counts of a worker, written over and over again."""
    return f"counts.{worker}.i64"


def growing(worker: int) -> tuple[str, ...]:
    """Every file of a worker that only grows."""
    return (*streams(worker), *(f"{name}.crc" for name in streams(worker)), intents(worker))


@dataclass
class _Growing:
    """What the master has of a file, and what is on its way."""

    path: Path
    beside: _Growing | None = None  # the stream whose checksums this file holds
    acknowledged: int = 0
    sent: int = 0
    moved: float = 0.0  # when something was last sent from rest, or acknowledged

    def size(self) -> int:
        """Bytes that may be sent: checksums only of what the master has, or it would seem damaged there."""
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return 0
        return size if self.beside is None else self._covered(size, self.beside.acknowledged)

    def _covered(self, size: int, held: int) -> int:
        covered = self.acknowledged - self.acknowledged % _CHECKED.size
        with self.path.open("rb") as file:
            file.seek(covered)
            records = file.read(size - covered)
        for offset, length, _ in _CHECKED.iter_unpack(records[: len(records) - len(records) % _CHECKED.size]):
            if offset + length > held:
                break
            covered += _CHECKED.size
        return covered

    def next(self, now: float) -> Ship | None:
        """The next piece to send, if there is one and the window has room."""
        if self.sent > self.acknowledged and now - self.moved > RESEND_AFTER:
            self.sent, self.moved = self.acknowledged, now
        length = min(self.size() - self.sent, PIECE, self.acknowledged + WINDOW - self.sent)
        if length <= 0:
            return None
        with self.path.open("rb") as file:
            file.seek(self.sent)
            content = file.read(length)
        if self.sent == self.acknowledged:
            self.moved = now
        piece = Ship(self.path.name, self.sent, content)
        self.sent += len(content)
        return piece

    def take(self, shipped: Shipped, now: float) -> None:
        """The master has so much."""
        if self.acknowledged < shipped.size <= self.sent:
            self.acknowledged, self.moved = shipped.size, now

    def complete(self) -> bool:
        return self.acknowledged == (self.path.stat().st_size if self.path.exists() else 0)


@dataclass
class _Rewritten:
    """A small file that goes whole each time it has changed."""

    path: Path
    acknowledged: bytes = b""
    sent: bytes = b""
    moved: float = 0.0

    def next(self, now: float) -> Ship | None:
        content = self._content()
        waits = content == self.sent and now - self.moved <= RESEND_AFTER
        if content == self.acknowledged or waits:
            return None
        self.sent, self.moved = content, now
        return Ship(self.path.name, 0, content, whole=True)

    def take(self, shipped: Shipped, _now: float) -> None:
        if shipped.checksum == zlib.crc32(self.sent):
            self.acknowledged = self.sent

    def complete(self) -> bool:
        return self.acknowledged == self._content()

    def _content(self) -> bytes:
        return self.path.read_bytes() if self.path.exists() else b""


class Shipper:
    """The worker's side: :meth:`step` now and then, :meth:`on_shipped` for each acknowledgement.

    ``send`` hands one message to the channel; ``now`` counts in seconds.
    """

    def __init__(
        self,
        folder: Path,
        worker: int,
        send: Callable[[Ship], None],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._send = send
        self._now = now
        self._files: dict[str, _Growing | _Rewritten] = {}
        for name in streams(worker):
            self._files[name] = stream = _Growing(folder / name)
            self._files[f"{name}.crc"] = _Growing(folder / f"{name}.crc", beside=stream)
        self._files[intents(worker)] = _Growing(folder / intents(worker))
        self._files[counts(worker)] = _Rewritten(folder / counts(worker))

    def step(self) -> None:
        """Send what is new, as far as the window allows. Raises :class:`OSError`."""
        for file in self._files.values():
            while (piece := file.next(self._now())) is not None:
                self._send(piece)

    def on_shipped(self, shipped: Shipped) -> None:
        """The master has acknowledged; goes on with that file."""
        if (file := self._files.get(shipped.file)) is not None:
            file.take(shipped, self._now())
            while (piece := file.next(self._now())) is not None:
                self._send(piece)

    @property
    def missing(self) -> list[str]:
        """Files that the master does not hold to their last byte."""
        return [name for name, file in self._files.items() if not file.complete()]


@dataclass
class Depot:
    """The master's side, for one worker: keeps in ``folder`` what comes, nothing but its own files."""

    folder: Path
    worker: int
    _open: dict[str, int] = field(default_factory=dict)
    _held: dict[str, int] = field(default_factory=dict)

    def take(self, ship: Ship) -> Shipped:
        """Keep a piece if it joins on; what is held now.

        Raises :class:`RehearsalError` for a file that no such worker writes, or that cannot be written here.
        """
        try:
            if ship.whole and ship.file == counts(self.worker):
                return self._replace(ship)
            if not ship.whole and ship.file in growing(self.worker):
                return self._append(ship)
        except OSError as error:
            raise RehearsalError(f"{ship.file} of worker {self.worker}: cannot be kept: {error}") from error
        legal = ", ".join((*growing(self.worker), counts(self.worker)))
        raise RehearsalError(f'worker {self.worker} sent "{ship.file}": legal are {legal}')

    def close(self) -> None:
        """Close all files."""
        while self._open:
            os.close(self._open.popitem()[1])

    def _append(self, ship: Ship) -> Shipped:
        held = self._held.get(ship.file, 0)
        if 0 <= ship.offset <= held:
            if ship.file not in self._open:
                path = self.folder / ship.file
                self._open[ship.file] = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            written = os.pwrite(self._open[ship.file], ship.content, ship.offset)
            held = self._held[ship.file] = max(held, ship.offset + written)
        return Shipped(ship.file, held)

    def _replace(self, ship: Ship) -> Shipped:
        write_whole(self.folder / ship.file, ship.content)
        return Shipped(ship.file, len(ship.content), zlib.crc32(ship.content))
