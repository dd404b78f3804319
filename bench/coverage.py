"""How often the 95 % intervals of percentiles hold the truth; prints JSON.

    python -m bench.coverage --seeds 2000

Each process of :data:`PROCESSES` is simulated with many seeds. Of each quantile: ``said``, the share of runs
that gave a number at all; ``coverage``, the share of those whose interval holds the true quantile;
``too_low`` and ``too_high``, where the others lie; ``wrong``, the share of all runs that said something
untrue; ``width``, the median width of the interval relative to the truth.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import click
import numpy as np

from reports.blocks import Blocks, Floats, Timeline
from reports.intervals import LEVELS, Interval, quantiles

NOMINAL, REQUIRED = 0.95, 0.93

RUN_SECONDS = 40.0
FROZEN = (15.0, 20.0)
"""When the server of the frozen run stands still."""
SERVICE = 0.02
"""Mean service time of the frozen run in seconds, exponential."""

Drawn = tuple[Floats, Floats]
"""When the samples were planned, and their values."""


@dataclass(frozen=True)
class Process:
    """A process whose quantiles are known: ``draw`` simulates one run, ``truth`` is the quantile."""

    draw: Callable[[np.random.Generator], Drawn]
    truth: Callable[[float], float]
    timeline: Timeline


def exponential(samples: int) -> Process:
    """Independent exponential response times."""

    def draw(rng: np.random.Generator) -> Drawn:
        return _arrivals(rng, samples), rng.exponential(size=samples)

    return Process(draw, lambda level: -math.log(1 - level), Timeline(0.0, RUN_SECONDS))


def lognormal(samples: int) -> Process:
    """Independent lognormal response times."""
    return autoregressive(samples, 0.0)


def autoregressive(samples: int, correlation: float) -> Process:
    """Lognormal response times whose logarithms are a stationary AR(1) process."""

    def draw(rng: np.random.Generator) -> Drawn:
        noise = rng.normal(size=samples)
        noise[1:] *= math.sqrt(1 - correlation**2)
        logarithm, level = np.empty(samples), 0.0
        for place, each in enumerate(noise.tolist()):
            level = correlation * level + each
            logarithm[place] = level
        return _arrivals(rng, samples), np.exp(logarithm)

    return Process(draw, lambda level: math.exp(NormalDist().inv_cdf(level)), Timeline(0.0, RUN_SECONDS))


def queue(samples: int, load: float) -> Process:
    """Waiting times of M/M/1 in steady state, by Lindley's recursion; the mean service time is 1.

    P(wait > t) = load · exp(−(1 − load) t).
    """

    def draw(rng: np.random.Generator) -> Drawn:
        gaps, service = rng.exponential(1 / load, samples), rng.exponential(size=samples)
        first = rng.exponential(1 / (1 - load)) if rng.random() < load else 0.0
        walk = np.concatenate([[0.0], np.cumsum(service[:-1] - gaps[1:])])
        waits = np.maximum(first + walk, walk - np.minimum.accumulate(walk))
        at = np.cumsum(gaps)
        return at * (RUN_SECONDS / at[-1]), waits

    def truth(level: float) -> float:
        return max(-math.log((1 - level) / load) / (1 - load), 0.0)

    return Process(draw, truth, Timeline(0.0, RUN_SECONDS))


def frozen(rate: float, *, planned: bool = True) -> Process:
    """Poisson arrivals at a server that stands still for 5 s of 40 s; who comes then waits until it goes on.

    ``planned``: the plan names the window as a fault. Where it does not, one single event made the tail, and
    how often such events come cannot be known: the p95 should be refused.

    The truth is the quantile of the mixture over the run: an arrival within the window waits for what is
    left of it, uniform in [0, 5 s], and then for its service.
    """
    from_, until = FROZEN
    length = until - from_

    def draw(rng: np.random.Generator) -> Drawn:
        at = _arrivals(rng, int(rng.poisson(rate * RUN_SECONDS)))
        waits = np.where((at >= from_) & (at < until), until - at, 0.0)
        return at, waits + rng.exponential(SERVICE, len(at))

    def beyond(value: float) -> float:
        served_late = math.exp(-value / SERVICE)
        waited = max(length - value, 0.0) + SERVICE * (
            math.exp(-max(value - length, 0.0) / SERVICE) - served_late
        )
        return (served_late * (RUN_SECONDS - length) + waited) / RUN_SECONDS

    timeline = Timeline.of(0.0, RUN_SECONDS, [FROZEN] if planned else [])
    return Process(draw, lambda level: _root(beyond, 1 - level), timeline)


PROCESSES = {
    "exponential": exponential(4_000),
    "lognormal": lognormal(4_000),
    "autoregressive": autoregressive(20_000, 0.9),
    "queue at 70 %": queue(20_000, 0.7),
    "queue at 90 %": queue(200_000, 0.9),
    "frozen for 5 s of 40 s": frozen(50.0),
    "frozen, but not planned": frozen(50.0, planned=False),
}


def coverage(process: Process, seeds: int) -> dict[str, dict[str, float | None]]:
    """Quantile → what became of its interval in so many runs."""
    truths = {level: process.truth(level) for level in LEVELS}
    told: dict[float, list[Interval]] = {level: [] for level in LEVELS}
    for seed in range(seeds):
        at, values = process.draw(np.random.default_rng(seed))
        for level, interval in zip(
            LEVELS, quantiles(values, Blocks(at, process.timeline), LEVELS), strict=True
        ):
            told[level].append(interval)
    return {f"p{level * 100:g}": _summary(told[level], truths[level]) for level in LEVELS}


def _summary(intervals: list[Interval], truth: float) -> dict[str, float | None]:
    said = [(each.low, each.high) for each in intervals if each.low is not None and each.high is not None]
    too_low = sum(high < truth for _, high in said)
    too_high = sum(low > truth for low, _ in said)
    wrong, runs = too_low + too_high, len(intervals)
    return {
        "said": round(len(said) / runs, 4),
        "coverage": round(1 - wrong / len(said), 4) if said else None,
        "too_low": round(too_low / len(said), 4) if said else None,
        "too_high": round(too_high / len(said), 4) if said else None,
        "wrong": round(wrong / runs, 4),
        "width": round(float(np.median([high - low for low, high in said])) / truth, 3) if said else None,
        "effective": round(float(np.median([each.effective for each in intervals]))),
    }


def _arrivals(rng: np.random.Generator, samples: int) -> Floats:
    return np.sort(rng.uniform(0, RUN_SECONDS, samples))


def _root(decreasing: Callable[[float], float], target: float) -> float:
    low, high = 0.0, RUN_SECONDS
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if decreasing(middle) > target else (low, middle)
    return high


def cost(samples: int = 1_000_000, groups: int = 80) -> float:
    """Seconds for four quantiles of each of so many groups, all together so many samples."""
    rng = np.random.default_rng(1)
    each = samples // groups
    timeline = Timeline.of(0.0, RUN_SECONDS, [FROZEN])
    drawn = [(_arrivals(rng, each), rng.lognormal(size=each)) for _ in range(groups)]
    began = time.perf_counter()
    for at, values in drawn:
        quantiles(values, Blocks(at, timeline), LEVELS)
    return time.perf_counter() - began


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--seeds", default=500, show_default=True, type=click.IntRange(min=1), help="Runs of each.")
def main(seeds: int) -> None:
    """Simulate, print JSON."""
    found = {name: coverage(process, seeds) for name, process in PROCESSES.items()}
    result = {
        "seeds": seeds,
        "nominal": NOMINAL,
        "required": REQUIRED,
        "coverage": found,
        "seconds_per_million_samples_in_80_groups": round(cost(), 2),
    }
    click.echo(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
