"""Calibrates: one worker against the stub, first for its accuracy, then for the rate at which it loses it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np

from mocks.capacity import ServiceTime
from rehearsal import plan as plans
from rehearsal.calibration.comparing import Accuracy, accuracies, compare
from rehearsal.calibration.record import Calibration, Fingerprint
from rehearsal.calibration.staircase import STARVED, Stair, Staircase
from rehearsal.errors import EvidenceError
from rehearsal.trials.playing import conduct
from rehearsal.trials.trial import Trial

SERVICE = ServiceTime("exponential", 0.005)
LOW_RATE, LOW_SECONDS = 320.0, 10.0
"""Enough for a 99.9th percentile (2,995 requests), far from any limit."""
WARM_UP = 1.0
START = 2000.0

Say = Callable[[str], None]


async def calibrate(folder: Path, seconds: float, *, start: float = START, say: Say) -> Calibration:
    """Calibrate with trials in ``folder``; ``seconds`` is the length of a stair.

    Raises :class:`EvidenceError` where the generator is honest at no rate, :class:`SetUpError`.
    """
    accuracy = await _accuracy(folder / "accuracy", say)
    staircase = Staircase(start)
    while (rate := staircase.rate) is not None:
        trial = Trial(
            name=f"stair-{len(staircase.tried) + 1}",
            rate=rate,
            seconds=WARM_UP + seconds,
            warm_up=WARM_UP,
            service=SERVICE,
            seed=len(staircase.tried) + 1,
        )
        await conduct(trial, folder / trial.name)
        stair = seen(folder / trial.name, trial)
        staircase.note(stair)
        broken = "; ".join(stair.breaches())
        starved = (
            f"; without a processor for {stair.starved:.0%} of the time" if stair.starved > STARVED else ""
        )
        say(f"{rate:6,.0f} requests/s: {broken or f'honest, lag p99 {stair.lag_p99 * 1e3:.3g} ms'}{starved}")
    held, broke = staircase.held, staircase.broke
    if held is None:
        raise EvidenceError(
            "the generator is honest at no rate on this machine; is it busy with something else? "
            + "; ".join(broke.breaches() if broke else [])
        )
    return Calibration(
        machine=Fingerprint.here(),
        when=datetime.now().astimezone().isoformat(timespec="seconds"),
        requests_per_second=round(held.rate),
        at_least=broke is None or broke.stub_was_the_limit,
        limit=_limit(broke),
        accuracy=accuracy,
        stairs=staircase.tried,
    )


def _limit(broke: Stair | None) -> str:
    """What stood in the way of a higher rate."""
    if broke is None:
        return "nothing was tried"
    reasons = broke.breaches()
    if broke.stub_was_the_limit:
        reasons.insert(
            0, f"the stub lacked the CPU (it answered late: p99 {broke.tardiness_p99 * 1e3:.3g} ms)"
        )
    if broke.starved > STARVED:
        reasons.append(
            f"the worker was ready to run and had no processor for {broke.starved:.0%} of the time, so a "
            "quieter machine, or one with more processors, allows more"
        )
    return "; ".join(reasons)


async def _accuracy(folder: Path, say: Say) -> list[Accuracy]:
    trial = Trial(
        name="accuracy", rate=LOW_RATE, seconds=WARM_UP + LOW_SECONDS, warm_up=WARM_UP, service=SERVICE
    )
    say(f"accuracy at {LOW_RATE:,.0f} requests/s, {LOW_SECONDS:.0f} s")
    await conduct(trial, folder)
    return accuracies(compare(folder, WARM_UP), SERVICE)


def seen(folder: Path, trial: Trial) -> Stair:
    """What was seen on one stair."""
    compared = compare(folder, trial.warm_up)
    lag, true, measured, tardiness = (
        float(np.quantile(each, 0.99))
        for each in (compared.lag, compared.true, compared.measured, compared.tardiness)
    )
    count = plans.read(folder).arrivals.count
    return Stair(trial.rate, count, compared.sent, lag, true, measured, tardiness, compared.starved)
