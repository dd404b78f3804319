"""Durable records: group commit, atomic, and errors reach exactly those who wait for them."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mocks.store import LAZY, Committer, Database, Drop, Put, Store, Write
from tests.virtual_time import VirtualTime

NAME = "process.sqlite"


class Counting(Database):
    """Counts transactions, and refuses what is of the kind ``bad``."""

    transactions = 0

    def commit(self, writes: list[Write]) -> None:
        self.transactions += 1
        super().commit([Write(each.system, tuple(map(_spoiled, each.changes)), each.done) for each in writes])


def _spoiled(change: Put | Drop) -> Put | Drop:
    if change.kind != "bad":
        return change
    return Put(change.kind, change.key, None)  # type: ignore[arg-type]  # a NOT NULL column refuses it


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Counting]:
    opened = Counting(tmp_path / NAME)
    yield opened
    opened.close()


@pytest.fixture
async def committer(database: Counting) -> AsyncIterator[Committer]:
    started = Committer(database)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def store(committer: Committer) -> Store:
    return Store("a", committer)


def reopened(folder: Path, system: str = "a") -> dict[str, bytes]:
    again = Database(folder / NAME)
    try:
        return dict(again.load(system, "k"))
    finally:
        again.close()


def busy(database: Database) -> Committer:
    """A committer whose thread is still busy with an earlier batch."""
    committer = Committer(database)
    committer._loop = asyncio.get_running_loop()
    return committer


async def test_what_was_written_is_there_when_opened_anew(store: Store, tmp_path: Path) -> None:
    await store.write(Put("k", "b", b"2"), Put("k", "a", b"1"), Put("other", "a", b"x"))
    await store.write(Put("k", "b", b"3"), Drop("other", "a"))
    assert list(store.load("k")) == [("a", b"1"), ("b", b"3")]
    assert list(store.keys("k")) == ["a", "b"]
    assert list(store.keys("other")) == []
    assert reopened(tmp_path) == {"a": b"1", "b": b"3"}


async def test_each_system_has_records_of_its_own(committer: Committer, tmp_path: Path) -> None:
    north, south = Store("north", committer), Store("south", committer)
    await asyncio.gather(north.write(Put("k", "a", b"1")), south.write(Put("k", "a", b"2")))
    await north.write(Drop("k", "a"))
    assert list(north.load("k")) == []
    assert list(south.load("k")) == [("a", b"2")]
    assert reopened(tmp_path, "south") == {"a": b"2"}


async def test_commits_are_synced(database: Database) -> None:
    connection = database._connection  # what a reader of the file cannot see: how it is written
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


async def test_writes_that_wait_together_are_one_transaction(database: Counting, tmp_path: Path) -> None:
    committer = busy(database)
    stores = [Store(name, committer) for name in ("a", "b")]
    writes = [
        asyncio.ensure_future(store.write(Put("k", str(n), b"x"))) for n in range(50) for store in stores
    ]
    await asyncio.sleep(0)
    assert database.transactions == 0
    committer.start()
    await asyncio.gather(*writes)
    assert database.transactions == 1
    committer.stop()
    assert [len(reopened(tmp_path, name)) for name in ("a", "b")] == [50, 50]


async def test_a_write_is_all_or_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await store.write(Put("k", "a", b"1"), Put("bad", "x", b""))
    assert reopened(tmp_path) == {}


async def test_an_error_reaches_its_own_waiter_and_nobody_else(database: Counting, tmp_path: Path) -> None:
    committer = busy(database)
    writes = [
        asyncio.ensure_future(Store(system, committer).write(change))
        for system, change in (
            ("a", Put("k", "a", b"1")),
            ("other", Put("bad", "x", b"")),
            ("a", Put("k", "b", b"2")),
        )
    ]
    await asyncio.sleep(0)
    committer.start()
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(each) for each in outcomes] == [type(None), sqlite3.IntegrityError, type(None)]
    await Store("a", committer).write(Put("k", "c", b"3"))
    committer.stop()
    assert reopened(tmp_path) == {"a": b"1", "b": b"2", "c": b"3"}


async def test_what_still_waits_is_committed_at_the_end(
    committer: Committer, store: Store, tmp_path: Path
) -> None:
    done = [committer.submit("a", (Put("k", str(n), b"x"),)) for n in range(20)]
    store.drop("k", "7")
    committer.stop()
    assert sorted(reopened(tmp_path)) == sorted(str(n) for n in range(20) if n != 7)
    await asyncio.gather(*done)


async def test_a_waiter_that_was_cancelled_harms_nobody(store: Store, tmp_path: Path) -> None:
    cancelled = asyncio.ensure_future(store.write(Put("k", "a", b"1")))
    await asyncio.sleep(0)
    cancelled.cancel()
    await store.write(Put("k", "b", b"2"))
    assert reopened(tmp_path) == {"a": b"1", "b": b"2"}


async def test_what_is_dropped_lazily_costs_no_commit_of_its_own(
    database: Counting, store: Store, tmp_path: Path
) -> None:
    await store.write(Put("k", "a", b"1"), Put("k", "b", b"2"))
    store.drop("k", "a")
    store.drop("k", "b")
    assert reopened(tmp_path) == {"a": b"1", "b": b"2"}, "kept back"
    await store.write(Put("k", "b", b"3"))
    assert reopened(tmp_path) == {"b": b"3"}, "in the order in which it was asked for"
    assert database.transactions == 2


def test_what_is_dropped_lazily_is_gone_before_long_by_itself(tmp_path: Path) -> None:
    with VirtualTime() as time:
        database = Database(tmp_path / NAME)
        committer = Committer(database)

        async def drop() -> None:
            committer._loop = asyncio.get_running_loop()  # the thread takes no part in virtual time
            Store("a", committer).drop("k", "a")

        time.run(drop())
        time.advance(LAZY / 2)
        assert committer._waiting.empty()
        time.advance(LAZY)
        assert committer._waiting.get_nowait() == Write("a", (Drop("k", "a"),))
        database.close()


async def test_a_lazy_change_that_the_disk_refuses_is_logged(
    committer: Committer, caplog: pytest.LogCaptureFixture
) -> None:
    committer.submit_lazily("a", (Put("bad", "x", b""),))
    with caplog.at_level(logging.ERROR):
        committer.stop()
        await asyncio.sleep(0)
    assert "a: 1 changes were not kept" in caplog.text


def test_a_committer_that_was_not_started_says_so(tmp_path: Path) -> None:
    database = Database(tmp_path / NAME)
    with pytest.raises(RuntimeError, match="not been started"):
        Committer(database).submit("a", ())
    database.close()
