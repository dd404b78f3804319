"""How often the truth of queueing theory lies within the intervals of what was measured, over many seeds.

``python -m bench.queueing`` plays trials with Poisson arrivals at a stub with a few servers and exponential
service times, at three utilisations, with the real swarm over real sockets, and prints one JSON object. Mean
wait and P(W > t) are compared with Erlang C (:mod:`rehearsal.queueing`), three times over: as the ``swarm``
measured them (done − sent − service), as the ``stub`` gave them (its own journal), and ``simulated`` with the
same method and length, without any process: the coverage that the method has by itself. ``error`` is the mean
of measured / theory − 1. What the swarm's figures have on top of the stub's is its own error, ``added_ms``.
"""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import numpy as np

from mocks.capacity import Capacity, ServiceTime, Station
from rehearsal import queueing
from rehearsal.calibration.comparing import compare
from rehearsal.errors import RehearsalError
from rehearsal.queueing import Compared, Floats, MMc
from rehearsal.trials.playing import conduct
from rehearsal.trials.trial import Trial, planned

LONGER = (0.5, 1.0, 2.0)
"""Waits that are looked at, in mean waits of those who wait."""
SETTLED = 10.0
"""Relaxation times until a queue that was empty is taken to be in its steady state."""

Figures = list[Compared]


def trial_of(queue: MMc, seconds: float, seed: int) -> Trial:
    """So many seconds in the steady state."""
    warm_up = SETTLED * queue.relaxation
    return Trial(
        name=f"erlang-{seed}",
        rate=queue.rate,
        seconds=warm_up + seconds,
        warm_up=warm_up,
        service=ServiceTime("exponential", queue.service),
        servers=queue.servers,
        seed=seed,
    )


def simulated(queue: MMc, seconds: float, seed: int) -> Figures:
    """The same arrivals and service times at a station in virtual time."""
    trial = trial_of(queue, seconds, seed)
    arrived = np.array(planned(trial).arrivals.column("planned").to_pylist()) / 1e9
    station = Station(Capacity(queue.servers, trial.service, trial.queue), random.Random(seed))
    admitted = [station.admit(at) for at in arrived.tolist()]
    waits = np.array([each.starts - each.arrived for each in admitted if each is not None])
    return _compared(queue, waits[arrived >= trial.warm_up], seconds, at_all=True)


def measured(queue: MMc, seconds: float, seed: int) -> tuple[Figures, Figures, Floats]:
    """What the swarm saw, what the stub gave, and what the swarm added to each request (seconds)."""
    trial = trial_of(queue, seconds, seed)
    with tempfile.TemporaryDirectory() as name:
        found = compare(asyncio.run(conduct(trial, Path(name) / "run")), trial.warm_up)
    seen = found.measured - found.drawn
    return (
        _compared(queue, seen, seconds, at_all=False),
        _compared(queue, found.queued, seconds, at_all=True),
        seen - found.queued,
    )


def _compared(queue: MMc, waits: Floats, seconds: float, *, at_all: bool) -> Figures:
    """``at_all`` asks for the queueing probability, too: the way over a network alone is a wait above 0."""
    beyond = [multiple / queue.spare for multiple in ((0.0, *LONGER) if at_all else LONGER)]
    return queueing.compare(queue, waits, beyond, seconds)


def summary(runs: Iterable[Figures]) -> dict[str, dict[str, float]]:
    """Each figure over all seeds."""
    return {
        same[0].name: {
            "theory": round(same[0].theory, 6),
            "coverage": round(sum(each.agrees for each in same) / len(same), 3),
            "error": round(float(np.mean([each.error for each in same])), 4),
            "within": round(float(np.mean([each.within for each in same])) / same[0].theory, 4),
        }
        for same in zip(*runs, strict=True)
    }


def utilisation(queue: MMc, at_least: float, seeds: int, simulations: int) -> dict[str, Any]:
    """Everything about one of them, from trials as long as the batches of their figures need."""
    seconds = max(at_least, queueing.FEWEST * queueing.RELAXED * queue.relaxation)
    runs = []
    for seed in range(1, seeds + 1):
        click.echo(f"{queue.utilisation:.0%}, seed {seed} of {seeds}", err=True)
        runs.append(measured(queue, seconds, seed))
    without = [simulated(queue, seconds, seed) for seed in range(1, simulations + 1)]
    found: dict[str, Any] = {
        "rate": round(queue.rate, 3),
        "seconds": round(seconds, 1),
        "batches": queue.batches(seconds),
        "simulated": summary(without),
    }
    if runs:
        seen, given, added = zip(*runs, strict=True)
        milliseconds = np.concatenate(added) * 1e3
        found |= {"swarm": summary(seen), "stub": summary(given)}
        found["added_ms"] = {f"p{q}": round(float(np.percentile(milliseconds, q)), 3) for q in (50, 95, 99)}
    return found


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--seeds", default=10, show_default=True, type=click.IntRange(0), help="Trials of each utilisation."
)
@click.option(
    "--seconds", default=20.0, show_default=True, type=click.FloatRange(1), help="Of each trial, at least."
)
@click.option("--simulations", default=100, show_default=True, type=click.IntRange(2))
@click.option("--servers", default=2, show_default=True, type=click.IntRange(1))
@click.option(
    "--service", default=0.005, show_default=True, type=click.FloatRange(1e-4), help="Mean, in seconds."
)
@click.option(
    "--utilisation",
    "shares",
    multiple=True,
    default=(0.5, 0.7, 0.9),
    show_default=True,
    type=click.FloatRange(0.01, 0.99),
)
def main(
    seeds: int, seconds: float, simulations: int, servers: int, service: float, shares: tuple[float, ...]
) -> None:
    """Measure, print JSON."""
    try:
        utilisations = {
            f"{share:g}": utilisation(MMc.at(share, servers, service), seconds, seeds, simulations)
            for share in shares
        }
    except RehearsalError as error:
        raise click.ClickException(str(error)) from error
    result = {
        "servers": servers,
        "service": service,
        "seeds": seeds,
        "simulations": simulations,
        "nominal": queueing.CONFIDENCE,
        "utilisations": utilisations,
    }
    click.echo(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
