"""Trap 1: a server stands still for 5 s of 40 s. Whoever wanted an answer meanwhile waited for it."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from mocks.capacity import ServiceTime
from rehearsal.queueing import Floats, frozen
from rehearsal.trials.trial import Trial
from tests.traps.trials import Judged, freeze, uniform

pytestmark = pytest.mark.e2e

RATE, SECONDS, SERVICE = 50.0, 40.0, 0.005
FROZEN_AT, FROZEN_FOR = 15.0, 5.0
USERS = 50
"""Of the closed model that is held beside it."""


@pytest.fixture(scope="module")
def frozen_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Judged, float, float]:
    """The run, and from when to when (seconds after T0) the stub stood still."""
    trial = Trial(
        name="frozen-server",
        instants=uniform(RATE, SECONDS),
        seconds=SECONDS,
        service=ServiceTime("constant", SERVICE),
    )
    folder = tmp_path_factory.mktemp("frozen") / "run"

    start, end = asyncio.run(freeze(trial, folder, FROZEN_AT, FROZEN_FOR))
    return Judged.of(folder), start, end


def test_the_p95_is_what_the_schedule_says(frozen_run: tuple[Judged, float, float]) -> None:
    judged, start, end = frozen_run
    (row,) = judged.verdict.steps
    analytic = np.quantile(frozen(uniform(RATE, SECONDS), SERVICE, start, end), 0.95, method="higher")
    assert row.p95_interval.estimate == pytest.approx(analytic, rel=0.05)
    assert row.p95_interval.estimate == pytest.approx(3.0, rel=0.05), "the textbook's value"


def test_every_arrival_is_offered_at_its_instant_meanwhile(frozen_run: tuple[Judged, float, float]) -> None:
    judged, start, end = frozen_run
    planned, samples = round(RATE * SECONDS), judged.evidence.frames.samples
    assert judged.verdict.offered == judged.verdict.planned == planned
    assert (samples["outcome"] == "ok").all()
    inside = samples[samples["planned"].between(start, end)]
    assert len(inside) == pytest.approx(RATE * FROZEN_FOR, abs=2)
    assert inside["sent"].between(start, end + 0.02).all(), "sent when it thawed"
    assert samples["lag"].quantile(0.99) < 0.020
    assert inside["lag"].quantile(0.99) < 0.020


def test_the_run_says_that_the_server_stood_still_and_not_the_generator(
    frozen_run: tuple[Judged, float, float],
) -> None:
    """Little's law may find that it cannot count at a server that stands still."""
    broken = frozen_run[0].broken
    told = {name: each.explanation.en for name, each in broken.items()}
    assert {"mocks-had-cpu"} <= broken.keys() <= {"mocks-had-cpu", "littles-law.mocks"}, told
    assert "mocks-stub ran late" in broken["mocks-had-cpu"].explanation.en
    assert "stood still without asking for CPU: frozen" in broken["mocks-had-cpu"].explanation.en


def test_a_closed_model_would_have_seen_nothing(frozen_run: tuple[Judged, float, float]) -> None:
    """50 users who send once a second, but not before their last answer: p95 of a few ms, 10 % not sent."""
    samples = frozen_run[0].evidence.frames.samples.sort_values("arrival")
    seen = closed(samples["planned"].to_numpy(), samples["service"].to_numpy(), USERS)
    assert len(seen) == pytest.approx(1_800, abs=10)
    assert np.quantile(seen, 0.95) < 0.1


def closed(planned: Floats, service: Floats, users: int) -> Floats:
    """The service times that so many users see, who take turns with the arrivals and skip some of theirs."""
    free, seen = np.full(users, -np.inf), []
    for number, (at, took) in enumerate(zip(planned, service, strict=True)):
        user = number % users
        if at >= free[user]:
            free[user] = at + took
            seen.append(took)
    return np.array(seen)
