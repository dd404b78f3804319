"""Traps 3 and 4: a generator that cannot keep up, or loses a part of itself, must not blame the country."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from mocks.capacity import ServiceTime
from rehearsal.trials.playing import playing
from rehearsal.trials.trial import Trial
from reports.instrument.accounts import missing_arrivals, request_accounts
from tests.traps.trials import PATIENT, PLAYBOOK_NAME, Judged, played, uniform

pytestmark = pytest.mark.e2e

SERVICE = 0.003


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Trap 3: each visit keeps the event loop of the only worker for 3 ms. 1,000 of them come in the first
    second, then as many as it can just carry, so that it stays two seconds behind."""
    trial = Trial(
        name="busy-client",
        instants=[*uniform(1000.0, 1.0), *(1.0 + at for at in uniform(330.0, 5.5))],
        seconds=6.5,
        warm_up=1.0,
        service=ServiceTime("constant", SERVICE),
        playbook=PLAYBOOK_NAME,
        journey="burn",
        probes=20.0,
        within=0.1,
    )
    return played(trial, tmp_path_factory.mktemp("busy") / "run")


def test_an_independent_client_sees_the_true_times(busy: Judged) -> None:
    probes = busy.evidence.frames.probes
    (row,) = busy.verdict.steps
    assert (probes["status"] == 200).all()
    assert SERVICE <= probes["service"].median() < 0.015
    assert row.p50_interval.estimate is not None
    assert row.p50_interval.estimate > 10 * probes["service"].median(), "the client was not busy enough"


def test_a_busy_generator_is_named_and_the_country_is_not(busy: Judged) -> None:
    verdict, broken = busy.verdict, busy.broken
    assert verdict.outcome == verdict.validity.outcome == "inconclusive"
    assert {"generator-lag", "swarm-punctual", "prober-agrees.get"} <= broken.keys()
    assert "worker-0 ran late" in broken["swarm-punctual"].explanation.en
    # on a machine that is busy with other things the worker may be ready to run, and not get the CPU
    causes = ("its own event loop was busy", "the machine had no CPU for it")
    assert any(cause in broken["swarm-punctual"].explanation.en for cause in causes)
    assert "slower answers: the difference is its own" in broken["prober-agrees.get"].explanation.en
    assert {"swarm", "worker-0"} <= {place for each in broken.values() for place in each.where}
    assert verdict.causes[0].kind == "validity"


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Judged, float]:
    """Trap 4: one of two workers is killed in the middle; when, in seconds after T0."""
    trial = Trial(
        name="killed-worker",
        rate=200.0,
        seconds=6.0,
        workers=2,
        service=ServiceTime("constant", 0.05),
        validity=PATIENT,
        seed=4,
    )
    folder = tmp_path_factory.mktemp("killed") / "run"

    async def play() -> float:
        async with playing(trial, folder) as on:
            await on.until(3.3)
            os.kill(worker(folder, 1), signal.SIGKILL)
            return (time.monotonic_ns() - on.t0_ns) / 1e9

    at = asyncio.run(play())
    return Judged.of(folder), at


def worker(folder: Path, index: int) -> int:
    """The process of a worker of the run in this folder."""
    wanted = {"rehearsal.swarm", "worker", str(folder), str(index)}
    (found,) = [each for each in psutil.Process().children() if wanted <= set(each.cmdline())]
    return found.pid


def test_the_run_says_which_worker_was_lost_and_when(killed: tuple[Judged, float]) -> None:
    judged, at = killed
    assert judged.verdict.outcome == "inconclusive"
    lost = judged.broken["workers-finished"]
    assert lost.where == ["worker 1"]
    assert "1 of 2 workers finished. Worker 1 on " in lost.explanation.en
    (told,) = [each for each in judged.evidence.run.record.workers if not each.finished]
    assert told.worker == 1
    assert judged.evidence.run.seconds(told.lost_at) == pytest.approx(at, abs=1.5)


def test_arrivals_that_were_not_offered_are_counted(killed: tuple[Judged, float]) -> None:
    judged, at = killed
    arrivals = judged.evidence.frames.arrivals
    mine = arrivals[arrivals["arrival"] % 2 == 1]
    missing = missing_arrivals(judged.evidence)
    assert list(missing) == [1]
    assert missing[1].never_offered == pytest.approx((mine["planned"] > at).sum(), abs=3)
    explained = judged.broken["workers-finished"].explanation.en
    assert f"{missing[1].never_offered} of its {len(mine)} arrivals were never offered" in explained
    assert judged.verdict.offered < 0.995 * judged.verdict.planned
    assert judged.broken["arrivals-offered"].outcome == "missed"


def test_requests_without_a_sample_are_counted_and_are_about_a_second(killed: tuple[Judged, float]) -> None:
    judged, at = killed
    samples, accounts = judged.evidence.frames.samples, request_accounts(judged.evidence)
    assert accounts[0].balanced
    lost = accounts[1]
    assert 0 < lost.lost < 1.6 * 100.0, "more than about a second of 100 requests a second"
    last = samples.loc[samples["arrival"] % 2 == 1, "done"].max()
    assert at - last < 1.6
    assert "requests-accounted" in judged.broken
