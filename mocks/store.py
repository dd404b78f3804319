"""Durable records: what has been acknowledged survives ``kill -9``.

SQLite in WAL mode with ``synchronous=FULL``: a commit returns after the log is on disk. The systems of a
process share one database, each with records of its own, and one thread commits for all of them: it takes
whatever is waiting as one transaction (group commit), so that the cost of a sync is shared by everybody who
waits for it.

::

    handler ── write() ──► waiting list ──► committer thread: BEGIN … COMMIT ──► handler goes on
    outbox ─── drop() ──► kept back, goes along with the next commit or after LAZY seconds
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_LOG = logging.getLogger(__name__)

LAZY = 0.25
"""Seconds for which a change that nobody waits for is kept back at most."""


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
    """Changes to the records of one system that belong together, and who waits until they are on disk."""

    system: str
    changes: tuple[Change, ...]
    done: asyncio.Future[None] | None = None


Tell = Callable[[list[Write], Exception | None], None]
"""Hears how a commit went: the writes in it, and the error where it failed."""


class Database:
    """The records of all systems of a process: (system, kind, key) → body."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS record (system TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,"
            " body BLOB NOT NULL, PRIMARY KEY (system, kind, key))"
        )

    def commit(self, writes: list[Write]) -> None:
        """One transaction; runs on the committer's thread. Raises ``sqlite3.Error``, and leaves no trace."""
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            for write in writes:
                for change in write.changes:
                    if isinstance(change, Put):
                        execute(
                            "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)",
                            (write.system, change.kind, change.key, change.body),
                        )
                    else:
                        execute(
                            "DELETE FROM record WHERE system = ? AND kind = ? AND key = ?",
                            (write.system, change.kind, change.key),
                        )
            execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk may have rolled it back already
                execute("ROLLBACK")
            raise

    def load(self, system: str, kind: str) -> Iterator[tuple[str, bytes]]:
        """The records of one system and kind, by key."""
        yield from self._connection.execute(
            "SELECT key, body FROM record WHERE system = ? AND kind = ? ORDER BY key", (system, kind)
        )

    def keys(self, system: str, kind: str) -> Iterator[str]:
        """The keys of one system and kind, without their bodies."""
        for (key,) in self._connection.execute(
            "SELECT key FROM record WHERE system = ? AND kind = ? ORDER BY key", (system, kind)
        ):
            yield key

    def close(self) -> None:
        """Close the file; nothing may be waiting."""
        self._connection.close()


class Committer:
    """The thread that commits. ``start`` needs a running event loop; ``stop`` commits what still waits."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._waiting: queue.SimpleQueue[Write | None] = queue.SimpleQueue()
        self._lazy: list[Write] = []
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to commit, answering to the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def stop(self) -> None:
        """Commit what is waiting, then end the thread."""
        if self._thread.is_alive():
            self._hand_over()
            self._waiting.put(None)
            self._thread.join()

    def submit(self, system: str, changes: tuple[Change, ...]) -> asyncio.Future[None]:
        """Queue changes to one system; the future is done when they are on disk, all or none."""
        done: asyncio.Future[None] = self._running().create_future()
        self._hand_over()
        self._waiting.put(Write(system, changes, done))
        return done

    def submit_lazily(self, system: str, changes: tuple[Change, ...]) -> None:
        """Queue changes that nobody waits for: before any that are submitted later, within :data:`LAZY`."""
        if not self._lazy:
            self._running().call_later(LAZY, self._hand_over)
        self._lazy.append(Write(system, changes))

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise RuntimeError("the committer has not been started")
        return self._loop

    def _hand_over(self) -> None:
        lazy, self._lazy = self._lazy, []
        for write in lazy:
            self._waiting.put(write)

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
            commit_group(self.database, [each for each in batch if each is not None], self._answer)

    def _answer(self, writes: list[Write], error: Exception | None) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(answer, writes, error)


def commit_group(database: Database, group: list[Write], tell: Tell) -> None:
    """Commit writes that wait together as one transaction.

    Where one of them spoils it, each is committed alone, so that only the spoiler's waiter hears of it.
    """
    if not group:
        return
    try:
        database.commit(group)
    except Exception as error:
        if len(group) == 1:
            tell(group, error)
            return
        for write in group:
            commit_group(database, [write], tell)
    else:
        tell(group, None)


def answer(writes: list[Write], error: Exception | None) -> None:
    """Wake those who wait for the writes; runs on the event loop."""
    for write in writes:
        if write.done is None:
            if error is not None:
                _LOG.error("%s: %d changes were not kept", write.system, len(write.changes), exc_info=error)
        elif write.done.done():  # its waiter was cancelled
            continue
        elif error is None:
            write.done.set_result(None)
        else:
            write.done.set_exception(error)


class Store:
    """The records of one system: (kind, key) → body."""

    def __init__(self, system: str, committer: Committer) -> None:
        self._system = system
        self._committer = committer

    async def write(self, *changes: Change) -> None:
        """Make the changes durable, all or none. Raises ``sqlite3.Error`` where the disk refuses them."""
        await self._committer.submit(self._system, changes)

    def drop(self, kind: str, *keys: str) -> None:
        """Remove records whose return after a kill would do no harm: nobody waits for the disk."""
        self.write_lazily(*(Drop(kind, key) for key in keys))

    def write_lazily(self, *changes: Change) -> None:
        """Make changes, all or none, whose loss in a kill would do no harm: nobody waits for the disk."""
        self._committer.submit_lazily(self._system, changes)

    def load(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """All records of a kind, by key. Used at start, before the first write."""
        return self._committer.database.load(self._system, kind)

    def keys(self, kind: str) -> Iterator[str]:
        """The keys of a kind, without their bodies."""
        return self._committer.database.keys(self._system, kind)
