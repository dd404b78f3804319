"""What the swarm reports is shown and put on record, and may end the run early."""

from __future__ import annotations

import io
import re
import time

import pytest

from rehearsal import following
from rehearsal.errors import EvidenceError, RehearsalError
from rehearsal.fault_player import FaultPlayer
from rehearsal.following import Watch
from rehearsal.plan import Plan, Planned, make_plan
from rehearsal.plan.records import Stop
from rehearsal.progress import Progress
from rehearsal.run_record import ProcessClock, RunFolder, Worker
from rehearsal.stopping import StopConditions
from rehearsal.swarm_processes import Event, Swarm
from rehearsal.usage import Meter
from tests.rehearsal.conftest import events
from tests.rehearsal.examples import scenario
from tests.rehearsal.fakes import FakeLinks, ScriptedSwarm, Time
from tests.rehearsal.test_conductor import record


@pytest.fixture(scope="module")
def planned() -> Planned:
    return make_plan(scenario(), 2)


def finished(crashed: int = 0) -> Event:
    clocks = [clock(worker, drift_ns=7) for worker in (0, 1)]
    return {
        "event": "finished",
        "workers": [{"worker": 1, "planned": 5, "crashed": crashed}],
        "clocks": clocks,
    }


def clock(worker: int, drift_ns: int = 0) -> Event:
    return {
        "worker": worker, "host": "b", "offset_ns": 100, "uncertainty_ns": 9, "drift_ns": drift_ns,
        "wall_offset_ns": 3,
    }  # fmt: skip


LOST: Event = {"event": "worker-lost", "worker": 0, "host": "b", "last_heard_monotonic_ns": 2_500_000_000}


async def follow(plan: Plan, folder: RunFolder, swarm: Swarm, stop: Stop | None = None) -> str:
    """What was shown."""
    player = FaultPlayer([], FakeLinks([], Time()), folder)
    folder.record.workers = [Worker(0, planned=5), Worker(1, planned=5)]
    folder.record.t0_monotonic_ns = 1_000_000_000
    show = Progress(plan, stream := io.StringIO())
    await following.follow(plan, folder, swarm, Watch(player, show, Meter(), StopConditions(stop or Stop())))
    return stream.getvalue()


async def test_a_worker_that_is_lost_ends_nothing_and_is_on_record(plan: Plan, folder: RunFolder) -> None:
    shown = await follow(plan, folder, ScriptedSwarm(LOST, finished()))
    assert "worker 0 on b is lost, last heard at T0+1.5 s" in shown
    workers = record(folder.path)["workers"]
    assert [(worker["finished"], worker["lost_at"], worker["host"]) for worker in workers] == [
        (False, 2_500_000_000, "b"),
        (True, 0, ""),
    ]
    lost, _ = events(folder)
    assert LOST.items() <= lost.items()
    assert [event["event"] for event in events(folder)] == ["worker-lost", "swarm-finished"]


async def test_a_worker_that_comes_back_was_not_lost(plan: Plan, folder: RunFolder) -> None:
    shown = await follow(plan, folder, ScriptedSwarm(LOST, {"event": "worker-back", "worker": 0}, finished()))
    assert "worker 0 is back" in shown
    assert [worker["lost_at"] for worker in record(folder.path)["workers"]] == [0, 0]


async def test_the_clocks_of_the_workers_are_on_record_with_their_drift(
    plan: Plan, folder: RunFolder
) -> None:
    folder.clocks([ProcessClock("worker-1", "b", 100, 9), ProcessClock("mocks-x", "a", 0, 5)])
    await follow(plan, folder, ScriptedSwarm(finished()))
    clocks = {clock["process"]: clock for clock in record(folder.path)["clocks"]}
    assert list(clocks) == ["mocks-x", "worker-0", "worker-1"]
    assert (clocks["worker-1"]["drift_ns"], clocks["mocks-x"]["drift_ns"]) == (7, 0)


@pytest.mark.parametrize(
    ("swarm", "error", "message"),
    [
        pytest.param(
            ScriptedSwarm({"event": "failed", "worker": 1, "reason": "disk full"}),
            RehearsalError,
            "swarm worker 1 failed: disk full",
            id="a worker failed",
        ),
        pytest.param(ScriptedSwarm(), EvidenceError, "ended before its workers", id="the master is gone"),
        pytest.param(ScriptedSwarm(finished(3)), RehearsalError, "3 journeys failed in their own", id="bug"),
        pytest.param(ScriptedSwarm(hangs=True), EvidenceError, "had not ended", id="it never ends"),
    ],
)
async def test_a_swarm_that_does_not_end_well_ends_the_run(
    plan: Plan,
    folder: RunFolder,
    monkeypatch: pytest.MonkeyPatch,
    swarm: Swarm,
    error: type[RehearsalError],
    message: str,
) -> None:
    passed = (time.monotonic_ns() - 1_000_000_000) / 1e9  # since the T0 of follow()
    monkeypatch.setattr(following, "OVERTIME", passed - plan.clock.end + 0.1)
    with pytest.raises(error, match=re.escape(message)):
        await follow(plan, folder, swarm)


def progress(failed: int = 0, unknown: int = 0) -> Event:
    return {
        "event": "progress", "t": 3.0, "requests": 500, "started": 40, "planned": 154, "in_flight": 7,
        "failed": failed, "unknown": unknown, "lag_p99_ms": 1.0,
    }  # fmt: skip


async def test_a_used_up_error_budget_cuts_the_swarm_once_and_is_on_record(
    plan: Plan, folder: RunFolder
) -> None:
    swarm = ScriptedSwarm(progress(8, 2), progress(8, 3), progress(30, 9), finished())
    shown = await follow(plan, folder, swarm, Stop(error_budget=2, bad_answers_allowed=10))
    assert swarm.was_cut
    assert "STOPPED (error-budget): 11 answers failed or never came; 10 are 2 times" in shown
    stopped = [event for event in events(folder) if event["event"] == "stopped"]
    assert [(event["condition"], event["reason"][:10]) for event in stopped] == [
        ("error-budget", "11 answers")
    ]
    assert record(folder.path)["stopped_at"] > 0


async def test_without_a_condition_any_number_of_failures_goes_on(plan: Plan, folder: RunFolder) -> None:
    swarm = ScriptedSwarm(progress(400, 99), finished())
    await follow(plan, folder, swarm)
    assert not swarm.was_cut
    assert record(folder.path)["stopped_at"] == 0


def test_a_breach_of_the_ledger_ends_the_run_at_the_next_report() -> None:
    conditions = StopConditions(Stop(ledger_breach=True))
    assert conditions.met_by(progress(400)) is None
    conditions.breaches += ["dossier 7 is gone", "dossier 8 is gone"]
    reason = conditions.met_by(progress())
    assert reason is not None
    assert (reason.condition, reason.sentence) == ("ledger", "dossier 7 is gone and 1 more")
