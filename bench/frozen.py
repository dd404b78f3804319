"""A target that stands still, and a generator that must not: what is offered meanwhile, and how late.

``python -m bench.frozen --rate 2000 --pages 4`` stops the stub (SIGSTOP) for some seconds in the middle of a
trial, lets it go on, and prints one JSON object: the share of the planned arrivals that was offered; the
generator's lag over the whole trial, while the stub stood still, and in the second after; the p95 of first
pages beside what follows from the schedule (:func:`rehearsal.queueing.frozen`). Times are seconds.
``caught_up`` is what the stub needed to answer those who had waited; the schedule's figure knows nothing of
it. Requests that the stub could not take up (its system keeps 4,096 connections waiting) are told by their
error.

The rate is in requests, as ``rehearse calibrate`` tells it; a visit reads ``--pages`` of them with pauses.
Every visit that waits keeps a connection: at one page each, rate × frozen seconds descriptors are needed.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from mocks.capacity import ServiceTime
from rehearsal.errors import RehearsalError
from rehearsal.queueing import frozen
from rehearsal.trials.playbook import SYSTEM
from rehearsal.trials.trial import Trial
from scenarios.journeys.visitor import Playbook, Visitor
from tests.traps.trials import Judged, freeze

SERVICE = 0.005
LAST = 10.0
"""Seconds that a visitor waits longer than the stub stands still."""


def browse(visitor: Visitor) -> None:
    """Read the first page, then others with pauses; the journey's name ends with how many in all."""
    visitor.request("get", SYSTEM, "GET", "/")
    for _ in range(int(visitor.arrival.journey.rpartition("-")[2]) - 1):
        visitor.think(0.2, 0.6)
        visitor.request("further", SYSTEM, "GET", "/")


PLAYBOOK = Playbook({f"pages-{number}": browse for number in range(1, 21)}, people=lambda seed: seed)


def measure(
    rate: float, pages: int, seconds: float, lasting: float, workers: int, seed: int, folder: Path
) -> dict[str, Any]:
    """The figures of one trial."""
    trial = Trial(
        name="frozen",
        rate=rate / pages,
        playbook="bench.frozen:PLAYBOOK",
        journey=f"pages-{pages}",
        seconds=seconds,
        service=ServiceTime("constant", SERVICE),
        workers=workers,
        patience=lasting + LAST,
        seed=seed,
    )
    start, end = asyncio.run(freeze(trial, folder, (seconds - lasting) / 2, lasting))
    judged = Judged.of(folder)
    samples, verdict = judged.evidence.frames.samples, judged.verdict
    inside = samples[samples["planned"].between(start, end)]
    after = samples[samples["planned"].between(end, end + 1.0)]
    scheduled = frozen(judged.evidence.frames.arrivals["planned"], SERVICE, start, end)
    first = samples.loc[samples["step"] == "get", "response"]
    p95, analytic = _quantile(first, 0.95), _quantile(scheduled, 0.95)
    failed = samples.loc[samples["outcome"] != "ok", "error"].astype(str).value_counts()
    return {
        "rate": rate,
        "pages": pages,
        "requests_per_second": round(len(samples[samples["planned"] < start]) / start),
        "seconds": seconds,
        "frozen_for": round(end - start, 3),
        "workers": workers,
        "planned": verdict.planned,
        "offered_share": round(verdict.offered / verdict.planned, 5),
        "failed": {str(error): int(count) for error, count in failed.items()},
        "lag_p50": _quantile(samples["lag"], 0.5),
        "lag_p99": _quantile(samples["lag"], 0.99),
        "lag_p99_while_frozen": _quantile(inside["lag"], 0.99),
        "lag_p99_second_after": _quantile(after["lag"], 0.99),
        "caught_up": round(float(inside["done"].max()) - end, 5),
        "p95": p95,
        "p95_analytic": analytic,
        "p95_error": round(p95 / analytic - 1, 4),
        "not_believed": {name: finding.explanation.en for name, finding in judged.broken.items()},
    }


def _quantile(seconds: npt.ArrayLike, q: float) -> float:
    return round(float(np.quantile(np.asarray(seconds), q, method="higher")), 5)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rate", type=click.FloatRange(1), required=True, help="Requests per second.")
@click.option(
    "--pages", type=click.IntRange(1, 20), default=1, show_default=True, help="Requests of a visit."
)
@click.option("--seconds", default=20.0, show_default=True, help="Length of the trial.")
@click.option("--frozen", "lasting", default=5.0, show_default=True, help="How long the stub stands still.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True)
def main(rate: float, pages: int, seconds: float, lasting: float, workers: int, seed: int) -> None:
    """Measure, print JSON."""
    if not 0 < lasting < seconds:
        raise click.BadParameter(
            f"{lasting:g} s of a trial of {seconds:g} s; legal is more than 0 and less than that",
            param_hint="--frozen",
        )
    with tempfile.TemporaryDirectory() as name:
        try:
            found = measure(rate, pages, seconds, lasting, workers, seed, Path(name) / "run")
        except RehearsalError as error:
            raise click.ClickException(str(error)) from error
        click.echo(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
