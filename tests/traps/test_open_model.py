"""Traps 2 and 6: neither slow answers nor the client's own plumbing have a say in when requests are sent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mocks.capacity import ServiceTime
from rehearsal.trials.trial import Trial
from tests.traps.trials import PATIENT, played, uniform

pytestmark = pytest.mark.e2e


def test_slow_answers_do_not_make_fewer_arrivals(tmp_path: Path) -> None:
    """Trap 2, closed-model pause. 50 users who pause half a second between answers that take a second send
    33 requests a second, not the 100 that were asked for."""
    rate, seconds = 100.0, 5.5
    trial = Trial(
        name="closed-model-pause",
        instants=uniform(rate, seconds),
        seconds=seconds,
        service=ServiceTime("constant", 1.0),
        validity=PATIENT,
    )
    judged = played(trial, tmp_path / "run")
    judged.believed()
    sent = np.sort(judged.evidence.frames.samples["sent"].to_numpy())
    assert (len(sent) - 1) / (sent[-1] - sent[0]) == pytest.approx(rate, rel=0.005)
    (row,) = judged.verdict.steps
    assert row.count == rate * seconds
    assert row.p50 == pytest.approx(1.0, abs=0.03)


def test_no_request_waits_for_a_connection(tmp_path: Path) -> None:
    """Trap 6, connection-pool queue. Ten connections carry 500 requests a second of 20 ms: at 600 the queue
    before them grows for as long as the test lasts, and passes for the server's."""
    rate, seconds, service = 600.0, 5.5, 0.020
    trial = Trial(
        name="connection-pool-queue",
        rate=rate,
        seconds=seconds,
        service=ServiceTime("constant", service),
        validity=PATIENT,
        seed=6,
    )
    judged = played(trial, tmp_path / "run")
    judged.believed()
    samples = judged.evidence.frames.samples
    assert len(samples) == judged.verdict.planned == pytest.approx(rate * seconds, rel=0.1)
    assert (samples["outcome"] == "ok").all()
    (row,) = judged.verdict.steps
    assert row.p50 is not None
    assert service <= row.p50 < 0.025
    halves = [part.median() for _, part in samples.groupby(samples["planned"] > seconds / 2)["response"]]
    assert halves[1] == pytest.approx(halves[0], abs=0.005), "a queue grew"
