"""Durable records: what has been acknowledged survives ``kill -9``.

SQLite in WAL mode with ``synchronous=FULL``: a commit returns after the log is on disk. One thread per
process commits for all its stores and takes whatever is waiting as one batch (group commit), so that the
cost of a sync is shared by everybody who waits for it.

::

    handler ── put() ──► waiting list ──► committer thread: BEGIN … COMMIT per store ──► handler goes on
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Put:
    """Insert or replace one record."""

    kind: str
    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Drop:
    """Remove one record."""

    kind: str
    key: str


Change = Put | Drop


@dataclass(frozen=True, slots=True)
class Write:
    """Changes that belong together, and the future that is done when they are on disk."""

    changes: tuple[Change, ...]
    done: asyncio.Future[None]


Tell = Callable[[list[Write], Exception | None], None]
"""Hears how a commit went: the writes in it, and the error where it failed."""


class Committer:
    """The thread that commits. ``start`` needs a running event loop; ``stop`` commits what still waits."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[tuple[Store, Write] | None]
        self._waiting = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to commit, answering to the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def stop(self) -> None:
        """Commit what is waiting, then end the thread."""
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def submit(self, store: Store, changes: tuple[Change, ...]) -> asyncio.Future[None]:
        """Queue changes to one store; the future is done when they are on disk, all or none."""
        if self._loop is None:
            raise RuntimeError("the committer has not been started")
        future: asyncio.Future[None] = self._loop.create_future()
        self._waiting.put((store, Write(changes, future)))
        return future

    def _run(self) -> None:
        stopping = False
        while not stopping:
            batch = [self._waiting.get()]
            while True:
                try:
                    batch.append(self._waiting.get_nowait())
                except queue.Empty:
                    break
            stopping = None in batch
            by_store: dict[Store, list[Write]] = {}
            for item in batch:
                if item is not None:
                    by_store.setdefault(item[0], []).append(item[1])
            for store, group in by_store.items():
                commit_group(store, group, self._answer)

    def _answer(self, writes: list[Write], error: Exception | None) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(answer, writes, error)


def commit_group(store: Store, group: list[Write], tell: Tell) -> None:
    """Commit writes that wait for the same store as one transaction.

    Where one of them spoils it, each is committed alone, so that only the spoiler's waiter hears of it.
    """
    try:
        store.commit(change for write in group for change in write.changes)
    except Exception as error:
        if len(group) == 1:
            tell(group, error)
            return
        for write in group:
            commit_group(store, [write], tell)
    else:
        tell(group, None)


def answer(writes: list[Write], error: Exception | None) -> None:
    """Wake those who wait for the writes; runs on the event loop."""
    for write in writes:
        if write.done.done():  # its waiter was cancelled
            continue
        if error is None:
            write.done.set_result(None)
        else:
            write.done.set_exception(error)


class Store:
    """The records of one system: (kind, key) → body."""

    def __init__(self, path: Path, committer: Committer) -> None:
        self._committer = committer
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS record"
            " (kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, key))"
        )

    async def write(self, *changes: Change) -> None:
        """Make the changes durable, all or none. Raises ``sqlite3.Error`` where the disk refuses them."""
        await self._committer.submit(self, changes)

    def load(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """All records of a kind, by key. Used at start, before the first write."""
        yield from self._connection.execute(
            "SELECT key, body FROM record WHERE kind = ? ORDER BY key", (kind,)
        )

    def keys(self, kind: str) -> Iterator[str]:
        """The keys of a kind, without their bodies."""
        for (key,) in self._connection.execute("SELECT key FROM record WHERE kind = ? ORDER BY key", (kind,)):
            yield key

    def commit(self, changes: Iterable[Change]) -> None:
        """One transaction; runs on the committer's thread."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for change in changes:
                if isinstance(change, Put):
                    self._connection.execute(
                        "INSERT OR REPLACE INTO record VALUES (?, ?, ?)",
                        (change.kind, change.key, change.body),
                    )
                else:
                    self._connection.execute(
                        "DELETE FROM record WHERE kind = ? AND key = ?", (change.kind, change.key)
                    )
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk may have rolled it back already
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the file; nothing may be waiting."""
        self._connection.close()
