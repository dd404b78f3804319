"""So many countries at once, one judged while the next comes up, and once more where there was no verdict."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal.errors import SetUpError
from rehearsal.selftest.rows import Row, Task
from rehearsal.selftest.running import Made, carry_out
from tests.rehearsal.selftest.examples import CLEAN, Makes, planted, report
from tests.virtual_time import VirtualTime

UP, JUDGED = 20.0, 5.0
TASKS = [Task(f"clean-{number}", "selftest", number) for number in range(4)]


class Slowly:
    """Every country is up for 20 s, every judgement takes 5 s."""

    def __init__(self, folder: Path) -> None:
        self._report = report(folder)
        self.up = self.most_up = 0

    async def __call__(self, _task: Task, country_is_gone: Callable[[], None]) -> Made:
        self.up += 1
        self.most_up = max(self.most_up, self.up)
        await asyncio.sleep(UP)
        self.up -= 1
        country_is_gone()
        country_is_gone()  # is said as often as it is seen
        await asyncio.sleep(JUDGED)
        return Made(self._report)


@pytest.mark.parametrize(
    ("at_once", "seconds"), [(1, 4 * UP + JUDGED), (2, 2 * UP + JUDGED), (9, UP + JUDGED)]
)
def test_one_is_judged_while_the_next_comes_up(tmp_path: Path, at_once: int, seconds: float) -> None:
    rows: list[Row] = []
    with VirtualTime() as time:
        make = Slowly(tmp_path)
        since = time.now_ns
        time.run(
            carry_out(
                TASKS,
                make,
                at_once=at_once,
                began=lambda _task, _attempt: None,
                ended=lambda _task, row: rows.append(row),
                now=lambda: time.now_ns / 1e9,
            )
        )
        assert (time.now_ns - since) / 1e9 == pytest.approx(seconds)
    assert make.most_up == min(at_once, len(TASKS))
    assert {row.name for row in rows} == {task.name for task in TASKS}
    assert {row.seconds for row in rows} == {UP + JUDGED}, "without the waiting for a place"


async def made(makes: Makes, *tasks: Task) -> tuple[list[Row], list[tuple[str, int]]]:
    rows: list[Row] = []
    begun: list[tuple[str, int]] = []
    await carry_out(
        tasks,
        makes,
        at_once=1,
        began=lambda task, attempt: begun.append((task.name, attempt)),
        ended=lambda _task, row: rows.append(row),
    )
    return rows, begun


async def test_a_run_without_a_verdict_is_made_once_more_behind_the_others(tmp_path: Path) -> None:
    makes = Makes(tmp_path, {"clean-01": [None, {}]})
    rows, begun = await made(makes, CLEAN, planted())
    assert begun == [("clean-01", 1), ("loses-acknowledged", 1), ("clean-01", 2)]
    assert [(row.name, row.outcome, row.attempts) for row in rows] == [
        ("loses-acknowledged", "missed", 1),
        ("clean-01", "met", 2),
    ]


@pytest.mark.parametrize("shown", [None, {"broken": ["generator-lag"]}], ids=["no verdict", "inconclusive"])
async def test_twice_without_a_verdict_is_told_as_it_is(
    tmp_path: Path, shown: dict[str, list[str]] | None
) -> None:
    rows, begun = await made(Makes(tmp_path, {"clean-01": [shown]}), CLEAN)
    assert begun == [("clean-01", 1), ("clean-01", 2)]
    (row,) = rows
    assert not row.conclusive
    assert row.attempts == 2
    assert row.explanation == ("generator-lag broke." if shown else "exit code 4: port 20001 is taken")


async def test_a_verdict_is_never_asked_for_twice(tmp_path: Path) -> None:
    makes = Makes(tmp_path, {"clean-01": [{"missed": ["no-dossier-lost"]}, {}]})
    (row,), _ = await made(makes, CLEAN)
    assert row.false_alarm, "a false alarm is one, also where another run would have raised none"
    assert makes.made == ["clean-01"]


async def test_a_report_that_cannot_be_read_is_no_verdict(tmp_path: Path) -> None:
    async def make(_task: Task, _gone: Callable[[], None]) -> Made:
        return Made(tmp_path)

    rows: list[Row] = []
    await carry_out([CLEAN], make, at_once=1, began=lambda *_: None, ended=lambda _, row: rows.append(row))
    assert (rows[0].outcome, rows[0].attempts) == ("failed", 2)
    assert "report.json" in rows[0].explanation


async def test_what_nobody_foresaw_ends_the_others(tmp_path: Path) -> None:
    ended = asyncio.Event()

    async def make(task: Task, country_is_gone: Callable[[], None]) -> Made:
        if task is TASKS[0]:
            raise SetUpError("process clean-0 cannot be started")
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return Made(None)

    with pytest.raises(SetUpError, match="cannot be started"):
        await carry_out(TASKS[:2], make, at_once=2, began=lambda *_: None, ended=lambda *_: None)
    assert ended.is_set()
