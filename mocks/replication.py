"""Shipping one system's changes to a second site: every commit, in its order, numbered without a gap.

The stream is taken where changes become durable: the store of the first site gives each change of a dossier a
number and keeps the numbered entry in the same commit. So whatever was acknowledged is in the stream, whoever
changed it. An entry is dropped when the second site has it on disk::

    write(changes) ──► one commit: changes and entries ──► ship: entries in order ──► taken by the second site
                                                            ▲          │ failed
                                                            └ backoff ◄┘

A commit that the disk refused leaves its numbers behind; they are shipped as entries without a dossier.

A second site that has lost entries, because its disk was exchanged or it was put back from a copy, stands
before the oldest entry that is left. It is given everything anew, in parts, and the stream goes on there.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec

from mocks.caller import CallFailed
from mocks.dossiers import Dossiers, Held
from mocks.resilience import Backoff
from mocks.store import Change, Committer, Drop, Put, Store

ENTRY, NUMBER = "replica", "replica-number"
GIVEN, SHIPPED = "head", "shipped"
HEARTBEAT = 1.0
"""Seconds after which the second site hears where the first one is, though nothing has changed."""
BATCH = 100


class Entry(msgspec.Struct, frozen=True):
    """One change: a dossier as it is now; its code alone where it was removed; neither: nothing changed."""

    number: int
    code: str = ""
    held: Held | None = None


class Part(msgspec.Struct, frozen=True):
    """One part of everything that the first site holds, the ``place``-th from 0.

    With the ``last`` one, whatever came in none of them is no longer held; the entries go on after ``base``.
    """

    base: int
    place: int
    last: bool
    held: list[Held] = []


class Batch(msgspec.Struct, frozen=True):
    """Entries in order, or a part of everything, and the newest number at the first site."""

    head: int
    entries: list[Entry] = []
    part: Part | None = None


class Position(msgspec.Struct, frozen=True):
    """The number of the newest entry that the second site has applied."""

    applied: int


Everything = Callable[[], Sequence[Held]]
"""All dossiers of the first site as they are now."""
Send = Callable[[Batch, int], Awaitable[Position]]
"""Sends a batch (batch, attempt); raises :class:`CallFailed`."""


class Stream(Protocol):
    """Numbered entries that wait, those up to ``floor`` no more; ``changed``: there are new ones."""

    head: int
    floor: int
    changed: asyncio.Event

    def batch(self, applied: int) -> Batch:
        """The entries that follow a number, as far as their commits have ended."""

    def shipped(self, applied: int) -> None:
        """The second site has everything up to this number on disk."""


class ReplicatedStore(Store):
    """A store whose changes of dossiers are numbered and kept until they are shipped."""

    def __init__(self, system: str, committer: Committer) -> None:
        super().__init__(system, committer)
        kept = (msgspec.msgpack.decode(body, type=Entry) for _, body in self.load(ENTRY))
        self._entries = {each.number: each for each in kept}
        numbers = {key: int(body) for key, body in self.load(NUMBER)}
        self._given, self.floor = numbers.get(GIVEN, 0), numbers.get(SHIPPED, 0)
        self._kept = self.head = self._given
        self.changed = asyncio.Event()

    async def write(self, *changes: Change) -> None:
        """Make the changes durable, all or none, and with them their place in the stream."""
        entries = [self._entry(each) for each in changes if each.kind == Dossiers.KIND]
        if not entries:
            await super().write(*changes)
            return
        puts = [Put(ENTRY, _key(each.number), msgspec.msgpack.encode(each)) for each in entries]
        kept = entries[-1].number
        puts.append(Put(NUMBER, GIVEN, str(kept).encode()))
        try:
            await super().write(*changes, *puts)
        except Exception:
            entries, kept = [Entry(each.number) for each in entries], 0
            raise
        finally:  # also for a writer that was cancelled: its commit goes on without it
            self._accept(entries, kept)

    def _accept(self, entries: list[Entry], kept: int) -> None:
        """Advance the head over commits that have ended, as far as a number is on disk.

        A number beyond that would be given again after a kill, and the second site must not have heard of it.
        """
        self._entries.update((each.number, each) for each in entries)
        self._kept = max(self._kept, kept)
        while self.head < self._kept and self.head + 1 in self._entries:
            self.head += 1
        self.changed.set()

    def _entry(self, change: Change) -> Entry:
        self._given += 1
        if isinstance(change, Put):
            return Entry(self._given, change.key, msgspec.msgpack.decode(change.body, type=Held))
        return Entry(self._given, change.key)

    def waiting(self) -> int:
        """How many entries the second site has not taken."""
        return sum(number <= self.head for number in self._entries)

    def batch(self, applied: int) -> Batch:
        """The entries that follow a number, as far as their commits have ended."""
        numbers = range(applied + 1, min(self.head, applied + BATCH) + 1)
        # one that an earlier life of the process left behind without an entry had come to nothing
        return Batch(self.head, [self._entries.get(number) or Entry(number) for number in numbers])

    def shipped(self, applied: int) -> None:
        """The second site has everything up to this number on disk."""
        numbers = [number for number in self._entries if number <= applied]
        for number in numbers:
            del self._entries[number]
        if applied > self.floor:
            self.floor = applied
            # with them, so that nobody takes what is missing after a kill for what has come to nothing
            self.write_lazily(
                Put(NUMBER, SHIPPED, str(applied).encode()), *(Drop(ENTRY, _key(each)) for each in numbers)
            )


async def ship(
    store: Stream, everything: Everything, send: Send, rng: random.Random, backoff: Backoff
) -> None:
    """Send the stream of a store to the second site, forever; where that stands, it says itself."""
    applied: int | None = None
    failures = 0
    while True:
        if applied is not None and not store.batch(applied).entries:
            store.changed.clear()
            with contextlib.suppress(TimeoutError):  # nothing has changed: the second site hears that, too
                async with asyncio.timeout(HEARTBEAT):
                    await store.changed.wait()
        batch = Batch(store.head) if applied is None else store.batch(applied)
        try:
            position = await send(batch, failures + 1)
            if position.applied < store.floor:
                position = await _refill(store, everything(), send)
        except CallFailed:
            failures += 1
            applied = None  # the next one asks where it stands, and risks no batch
            await asyncio.sleep(backoff.pause(failures, rng))
            continue
        failures = 0
        applied = position.applied
        store.shipped(applied)


async def _refill(store: Stream, everything: Sequence[Held], send: Send) -> Position:
    """Give the second site everything. Raises :class:`CallFailed`; then it has to be begun anew.

    What changes meanwhile is in the entries after ``base``, and follows.
    """
    base = store.head
    places = range(max(1, -(-len(everything) // BATCH)))
    for place in places:
        held = list(everything[place * BATCH : (place + 1) * BATCH])
        part = Part(base, place, last=place == places[-1], held=held)
        position = await send(Batch(store.head, part=part), 1)
    if position.applied < base:
        raise CallFailed("second site", "protocol")
    return position


def _key(number: int) -> str:
    return f"{number:012d}"
