"""However a run ends, its folder says so, and whoever asked hears it as one error."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from rehearsal import conductor
from rehearsal.conductor import (
    LEAD,
    READY_BEFORE,
    How,
    cancelled_by_signals,
    conduct,
    open_folder,
    refuse_late_clock,
    start_clock,
    tell_the_clock,
)
from rehearsal.errors import EvidenceError, Interrupted, RehearsalError, SetUpError
from rehearsal.plan import Plan, Planned, make_plan
from rehearsal.progress import Progress
from rehearsal.run_record import RunFolder
from tests.rehearsal.conftest import events
from tests.rehearsal.examples import scenario
from tests.rehearsal.fakes import ScriptedSwarm


@pytest.fixture(scope="module")
def planned() -> Planned:
    return make_plan(scenario(), 2)


def record(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "run.json").read_bytes())
    return found


def test_a_fresh_run_folder_holds_the_plan_and_each_workers_share(planned: Planned, tmp_path: Path) -> None:
    folder = open_folder(planned, tmp_path)
    assert (tmp_path / "latest").resolve() == folder.path.resolve()
    assert json.loads((folder.path / "plan.json").read_text())["scenario"]["name"] == "evening"
    assert (folder.path / "arrivals.arrow").stat().st_size > 0
    shares = [worker["planned"] for worker in record(folder.path)["workers"]]
    assert len(shares) == 2
    assert sum(shares) == planned.plan.arrivals.count
    assert max(shares) - min(shares) <= 1
    folder.close()


@pytest.mark.parametrize(
    ("failure", "raised", "ended", "reason"),
    [
        pytest.param(SetUpError("no port"), SetUpError, "aborted", "no port", id="set-up"),
        pytest.param(EvidenceError("mocks died"), EvidenceError, "aborted", "mocks died", id="evidence"),
        pytest.param(RehearsalError("worker 1"), RehearsalError, "aborted", "worker 1", id="ours"),
        pytest.param(KeyError("x"), KeyError, "aborted", "KeyError: 'x'", id="not foreseen"),
        pytest.param(
            asyncio.CancelledError(), Interrupted, "interrupted", "ended by the user", id="interrupted"
        ),
    ],
)
async def test_an_early_end_is_on_record_and_its_error_names_the_folder(
    planned: Planned,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    raised: type[Exception],
    ended: str,
    reason: str,
) -> None:
    async def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(conductor, "_run", fail)
    folder = open_folder(planned, tmp_path)
    with pytest.raises(raised) as caught:
        await conduct(planned.plan, folder, How(), show=Progress(planned.plan, quiet=True))
    if isinstance(caught.value, RehearsalError):
        assert str(folder.path) in str(caught.value)
    assert (record(folder.path)["ended"], record(folder.path)["reason"]) == (ended, reason)
    assert events(folder)[-1]["event"] == {"aborted": "failed", "interrupted": "interrupted"}[ended]


async def test_the_first_signal_cancels_and_a_second_does_not_disturb_the_clean_up() -> None:
    healed = asyncio.Event()

    async def work() -> None:
        with cancelled_by_signals():
            try:
                os.kill(os.getpid(), signal.SIGINT)
                await asyncio.Event().wait()
            finally:
                os.kill(os.getpid(), signal.SIGINT)
                os.kill(os.getpid(), signal.SIGTERM)
                for _ in range(5):
                    await asyncio.sleep(0)
                healed.set()

    task = asyncio.create_task(work())
    with suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
    assert healed.is_set()


def test_the_clock_starts_so_that_the_first_arrival_is_still_to_come(plan: Plan, folder: RunFolder) -> None:
    before = time.monotonic_ns()
    t0 = start_clock(plan, folder)
    after = time.monotonic_ns()
    ahead = round((LEAD - plan.clock.start) * 1e9)
    assert before + ahead <= t0 <= after + ahead
    noted = record(folder.path)
    assert noted["t0_monotonic_ns"] == t0
    assert noted["t0_unix_ns"] - time.time_ns() == pytest.approx(t0 - time.monotonic_ns(), abs=1e9)


def test_a_common_start_puts_the_first_arrival_at_its_moment(plan: Plan, folder: RunFolder) -> None:
    start_at = datetime.fromtimestamp(1_900_000_000.25, UTC)
    start_clock(plan, folder, start_at)
    first = record(folder.path)["t0_unix_ns"] + round(plan.clock.start * 1e9)
    assert first == 1_900_000_000_250_000_000


@pytest.mark.parametrize("ahead", [-60.0, LEAD - 0.5])
def test_a_common_start_that_was_missed_is_a_set_up_error(
    plan: Plan, folder: RunFolder, ahead: float
) -> None:
    start_at = datetime.now(UTC) + timedelta(seconds=ahead)
    with pytest.raises(SetUpError, match=r"--start-at .* leave more time"):
        start_clock(plan, folder, start_at)
    assert record(folder.path)["t0_monotonic_ns"] == 0


@pytest.mark.parametrize(
    ("ahead", "slept", "compared"),
    [
        pytest.param(READY_BEFORE - 1, [], 0, id="it is time already"),
        pytest.param(READY_BEFORE + 30, [30], 0, id="soon"),
        pytest.param(READY_BEFORE + 3600, [3600], 1, id="an hour later clocks have drifted"),
    ],
)
async def test_until_a_common_start_everybody_waits(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, ahead: float, slept: list[float], compared: int
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    swarm = ScriptedSwarm()
    monkeypatch.setattr(asyncio, "sleep", sleep)
    start_at = datetime.now(UTC) + timedelta(seconds=ahead)
    await conductor._wait_for(start_at, swarm, Progress(plan, quiet=True))
    assert waits == [pytest.approx(seconds, abs=1.0) for seconds in slept]
    assert swarm.compared == compared


class Listener:
    """A part of the stage that notes when it was told of T0."""

    def __init__(self, name: str, told: list[tuple[str, int]]) -> None:
        self._name, self._told = name, told

    async def begin(self, t0_monotonic_ns: int) -> None:
        await asyncio.sleep(0)  # who does not wait for its end goes on here
        self._told.append((self._name, t0_monotonic_ns))

    set_clock = begin


def stage(told: list[tuple[str, int]]) -> Any:
    return conductor.Stage(*(cast(Any, Listener(name, told)) for name in ("country", "swarm", "prober")))


async def test_whoever_asks_hears_of_t0_after_those_who_answer() -> None:
    told: list[tuple[str, int]] = []
    t0 = time.monotonic_ns() + 60 * 10**9
    await tell_the_clock(stage(told), t0, -20.0)
    assert told == [("country", t0), ("prober", t0), ("swarm", t0)]


async def test_nobody_begins_where_the_systems_heard_of_t0_too_late() -> None:
    told: list[tuple[str, int]] = []
    t0 = time.monotonic_ns() + 10 * 10**9
    with pytest.raises(EvidenceError, match="this machine is too busy"):
        await tell_the_clock(stage(told), t0, -20.0)
    assert told == [("country", t0)]


def test_systems_must_hear_of_t0_before_the_first_visitor_comes() -> None:
    refuse_late_clock(2_000_000_000, 1_999_999_999)
    with pytest.raises(EvidenceError, match=r"told of T0 only 1\.5 s after the first visitor"):
        refuse_late_clock(2_000_000_000, 3_500_000_000)
