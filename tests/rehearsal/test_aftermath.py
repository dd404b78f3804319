"""The drain ends when the country is at rest, when nothing moves, or at the limit; then stores are read."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import pytest
from pyarrow import ipc

from mocks.operator import CountersReport, Stored
from rehearsal.aftermath import LOOK_EVERY, STILL, drain, read_stores
from rehearsal.environment import Country
from rehearsal.plan import Plan
from rehearsal.run_record import RunFolder
from reports.journal import STORED
from tests.rehearsal.conftest import events
from tests.rehearsal.fakes import Time


class Scripted(Country):
    """A country that has the backlogs of a script, and these records."""

    def __init__(
        self, plan: Plan, backlogs: Iterable[dict[str, int]], records: Iterable[Stored] = ()
    ) -> None:
        self.plan = plan
        self._backlogs: Iterator[dict[str, int]] = iter(backlogs)
        self._records = list(records)

    async def backlog(self) -> dict[str, int]:
        return next(self._backlogs)

    async def stored(self) -> list[Stored]:
        return self._records

    async def counters(self) -> dict[str, CountersReport]:
        return {"vneid": CountersReport(10, 8, 2, 0.5, 3)}


LIMIT = 20.0  # the drain limit of the plan


@pytest.mark.parametrize(
    ("backlogs", "drained", "left", "seconds"),
    [
        pytest.param([{}], True, {}, 0.0, id="at rest at once"),
        pytest.param([{"a": 3}, {"a": 1}, {}], True, {}, 2 * LOOK_EVERY, id="at rest in the end"),
        pytest.param(itertools.repeat({"a": 3}), False, {"a": 3}, STILL, id="nothing moves"),
        pytest.param(
            ({"a": n} for n in itertools.count(1000, -1)),
            False,
            {"a": 980},
            LIMIT,
            id="too slow for the limit",
        ),
        pytest.param(
            itertools.chain([{"a": 2}] * 5, itertools.repeat({"a": 1})),
            False,
            {"a": 1},
            5 + STILL,
            id="stands still after it moved",
        ),
    ],
)
async def test_when_the_drain_ends(
    plan: Plan,
    folder: RunFolder,
    backlogs: Iterable[dict[str, int]],
    drained: bool,
    left: dict[str, int],
    seconds: float,
) -> None:
    time = Time()
    await drain(Scripted(plan, backlogs), folder, lambda _: None, now=time.now, sleep=time.sleep)
    record = folder.record
    assert (record.drained, record.backlog, record.drain_seconds) == (drained, left, seconds)


async def test_only_changes_of_the_backlog_are_noted_and_every_look_is_shown(
    plan: Plan, folder: RunFolder
) -> None:
    time, shown = Time(), list[str]()
    there = Scripted(plan, [{"a": 3, "b": 1}, {"a": 3, "b": 1}, {"a": 1}, {}])
    await drain(there, folder, shown.append, now=time.now, sleep=time.sleep)
    assert [event["systems"] for event in events(folder)] == [{"a": 3, "b": 1}, {"a": 1}, {}]
    assert shown == [
        "draining: 4 messages and dossiers on their way at 2 systems",
        "draining: 4 messages and dossiers on their way at 2 systems",
        "draining: 1 messages and dossiers on their way at 1 systems",
    ]


async def test_stores_are_written_in_the_journals_columns_with_the_counters(
    plan: Plan, folder: RunFolder
) -> None:
    records = [
        Stored("case-15", "dossier", "H38-1", intent="i-1", province="15", status=10, history="1,2", at=7),
        Stored("payment", "charge", "c-1", intent="i-2", dossier="H38-1", amount=50_000, at=9),
    ]
    assert await read_stores(Scripted(plan, [], records), folder) == 2
    table = ipc.open_file(folder.path / "stored.arrow").read_all()
    assert table.schema.names == STORED.names
    assert table.column("record").to_pylist() == ["H38-1", "c-1"]
    assert table.column("amount").to_pylist() == [0, 50_000]
    assert folder.record.counters["vneid"].refused == 2
