"""Durable records: group commit, atomic, and errors reach exactly those who wait for them."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from mocks.store import Change, Committer, Drop, Put, Store


class Counting(Store):
    """Counts transactions, and refuses what is of the kind ``bad``."""

    transactions = 0

    def commit(self, changes: Iterable[Change]) -> None:
        wanted = list(changes)
        self.transactions += 1
        super().commit([Put(each.kind, each.key, None) if each.kind == "bad" else each for each in wanted])  # type: ignore[arg-type]  # a NOT NULL column refuses it


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Counting]:
    committer = Committer()
    committer.start()
    opened = Counting(tmp_path / "a.sqlite", committer)
    yield opened
    committer.stop()
    opened.close()


def reopened(tmp_path: Path) -> dict[str, bytes]:
    again = Store(tmp_path / "a.sqlite", Committer())
    try:
        return dict(again.load("k"))
    finally:
        again.close()


async def test_what_was_written_is_there_when_opened_anew(store: Store, tmp_path: Path) -> None:
    await store.write(Put("k", "b", b"2"), Put("k", "a", b"1"), Put("other", "a", b"x"))
    await store.write(Put("k", "b", b"3"), Drop("other", "a"))
    assert list(store.load("k")) == [("a", b"1"), ("b", b"3")]
    assert list(store.keys("k")) == ["a", "b"]
    assert list(store.keys("other")) == []
    assert reopened(tmp_path) == {"a": b"1", "b": b"3"}


async def test_commits_are_synced(tmp_path: Path, store: Store) -> None:
    connection = store._connection  # what a reader of the file cannot see: how it is written
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


async def test_writes_that_wait_together_are_one_transaction(tmp_path: Path) -> None:
    committer = Committer()
    store = Counting(tmp_path / "a.sqlite", committer)
    committer._loop = asyncio.get_running_loop()  # as if the thread were busy with an earlier batch
    writes = [asyncio.ensure_future(store.write(Put("k", str(n), b"x"))) for n in range(50)]
    await asyncio.sleep(0)
    assert store.transactions == 0
    committer.start()
    await asyncio.gather(*writes)
    assert store.transactions == 1
    committer.stop()
    store.close()
    assert len(reopened(tmp_path)) == 50


async def test_a_write_is_all_or_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await store.write(Put("k", "a", b"1"), Put("bad", "x", b""))
    assert reopened(tmp_path) == {}


async def test_an_error_reaches_its_own_waiter_and_nobody_else(tmp_path: Path) -> None:
    committer = Committer()
    store = Counting(tmp_path / "a.sqlite", committer)
    committer._loop = asyncio.get_running_loop()
    writes = [
        asyncio.ensure_future(store.write(change))
        for change in (Put("k", "a", b"1"), Put("bad", "x", b""), Put("k", "b", b"2"))
    ]
    await asyncio.sleep(0)
    committer.start()
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(each) for each in outcomes] == [type(None), sqlite3.IntegrityError, type(None)]
    await store.write(Put("k", "c", b"3"))
    committer.stop()
    store.close()
    assert reopened(tmp_path) == {"a": b"1", "b": b"2", "c": b"3"}


async def test_what_still_waits_is_committed_at_the_end(tmp_path: Path) -> None:
    committer = Committer()
    committer.start()
    store = Store(tmp_path / "a.sqlite", committer)
    done = [committer.submit(store, (Put("k", str(n), b"x"),)) for n in range(20)]
    committer.stop()
    store.close()
    assert len(reopened(tmp_path)) == 20
    await asyncio.gather(*done)


async def test_a_waiter_that_was_cancelled_harms_nobody(store: Store, tmp_path: Path) -> None:
    cancelled = asyncio.ensure_future(store.write(Put("k", "a", b"1")))
    await asyncio.sleep(0)
    cancelled.cancel()
    await store.write(Put("k", "b", b"2"))
    assert reopened(tmp_path) == {"a": b"1", "b": b"2"}


def test_a_committer_that_was_not_started_says_so(tmp_path: Path) -> None:
    committer = Committer()
    store = Store(tmp_path / "a.sqlite", committer)
    with pytest.raises(RuntimeError, match="not been started"):
        committer.submit(store, ())
    store.close()
