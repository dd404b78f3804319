"""The prober against the swarm: two generators that share no code ask for the same page over the same link.

Where they disagree, one of them measures itself. They are compared second by second, so that neither a surge
nor a fault, which both meet alike, looks like a disagreement: the swarm asks most when most visitors come,
the prober always alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.evidence import Evidence
from reports.instrument.chance import standard_errors
from reports.plan import Probe
from reports.statistics import needed

Values = npt.NDArray[np.float64]

QUANTILES = (0.5, 0.95)
RELATIVE = 0.25
ABSOLUTE = 0.02
"""Seconds. A gap counts where it is larger than this and than :data:`RELATIVE` of the prober's figure: two
clients never see quite the same (connections kept or opened, another place in the line)."""


BLOCKS = 5
"""Common seconds below which nothing is known of how much they differ by chance."""


class Compared(msgspec.Struct, frozen=True):
    """One quantile of the response time (seconds) as both saw it.

    ``apart`` is the difference between the shares of the requests of both, in the same seconds, that were
    answered within the time halfway between the two figures, ``chance`` how much of it chance explains.
    """

    quantile: float
    swarm: float
    prober: float
    tolerance: float
    apart: float
    chance: float

    @property
    def agrees(self) -> bool:
        """Whether the gap is within the margin, or within what chance explains."""
        beyond_margin = abs(self.swarm - self.prober) > self.tolerance
        return not (beyond_margin and abs(self.apart) > self.chance)


class Agreement(msgspec.Struct, frozen=True):
    """One probe of the plan: how many were due, sent, and compared with how many requests of the swarm.

    ``blocks`` seconds have both. ``lag_p95`` is the prober's own delay. ``quantiles`` are those for which
    both sides have enough requests.
    """

    step: str
    link: str
    due: int
    probes: int
    samples: int
    blocks: int
    lag_p95: float | None
    quantiles: list[Compared]


def agreements(evidence: Evidence) -> list[Agreement]:
    """Every probe of the plan, in its order."""
    return evidence.once("agreements", lambda: [_agreement(evidence, p) for p in evidence.run.plan.probes])


def _agreement(evidence: Evidence, probe: Probe) -> Agreement:
    clock, samples, probes = evidence.run.plan.clock, evidence.judged, evidence.frames.probes
    first_tries = samples[
        (samples["step"] == probe.step) & (samples["link"] == probe.link) & (samples["attempt"] == 1)
    ]
    mine = probes[(probes["step"] == probe.step) & (probes["link"] == probe.link)]
    mine = mine[(mine["planned"] >= clock.judged_from) & (mine["planned"] <= clock.end)]
    pairs = paired(first_tries, mine)
    blocks = len(pairs.weight)
    fewest = min(len(pairs.swarm), len(pairs.prober)) if blocks >= BLOCKS else 0
    return Agreement(
        step=probe.step,
        link=probe.link,
        due=int(probe.rate * (clock.end - clock.judged_from)),
        probes=len(mine),
        samples=len(first_tries),
        blocks=blocks,
        lag_p95=float((mine["sent"] - mine["planned"]).quantile(0.95)) if len(mine) else None,
        quantiles=[compare(pairs, q) for q in QUANTILES if fewest >= needed(q)],
    )


@dataclass(frozen=True)
class Pairs:
    """Response times of both in the blocks (whole seconds) in which both asked.

    ``swarm_block`` and ``prober_block`` say in which block each lies; ``weight`` is that of each block:
    n·m/(n+m) for n and m requests, the inverse of the variance that their difference would have without
    correlation.
    """

    swarm: Values
    swarm_block: npt.NDArray[np.int64]
    prober: Values
    prober_block: npt.NDArray[np.int64]
    weight: Values


def paired(samples: pd.DataFrame, probes: pd.DataFrame) -> Pairs:
    """What can be compared of the two; both with ``planned`` and ``response`` in seconds."""
    seconds = [
        np.floor(rows["planned"].to_numpy(dtype="float64")).astype("int64") for rows in (samples, probes)
    ]
    blocks = np.intersect1d(*seconds)
    values, numbers = [], []
    for rows, second in zip((samples, probes), seconds, strict=True):
        inside = np.isin(second, blocks)
        values.append(rows["response"].to_numpy(dtype="float64")[inside])
        numbers.append(np.searchsorted(blocks, second[inside]))
    n, m = (np.bincount(number, minlength=len(blocks)) for number in numbers)
    return Pairs(values[0], numbers[0], values[1], numbers[1], n * m / np.maximum(n + m, 1))


def compare(pairs: Pairs, quantile: float) -> Compared:
    """The quantile of both sides, each block weighing alike on both, and whether chance explains the gap.

    The gap is tested where it can be: as a difference of shares at one moment, block against block (a ratio
    estimator over clusters; Cochran, Sampling Techniques, 1977, 6.3 and 9A). Requests of one second may
    depend on each other as they like.
    """
    swarm = _weighted_quantile(pairs.swarm, pairs.swarm_block, pairs.weight, quantile)
    prober = _weighted_quantile(pairs.prober, pairs.prober_block, pairs.weight, quantile)
    halfway = (swarm + prober) / 2
    apart = _share(pairs.prober, pairs.prober_block, pairs.weight, halfway) - _share(
        pairs.swarm, pairs.swarm_block, pairs.weight, halfway
    )
    weight = pairs.weight / pairs.weight.sum()
    mean, blocks = float(weight @ apart), len(weight)
    variance = float((weight**2) @ (apart - mean) ** 2) * blocks / (blocks - 1)
    return Compared(
        quantile=quantile,
        swarm=swarm,
        prober=prober,
        tolerance=max(RELATIVE * prober, ABSOLUTE),
        apart=mean,
        chance=standard_errors(blocks) * float(np.sqrt(variance)),
    )


def _share(values: Values, block: npt.NDArray[np.int64], weight: Values, moment: float) -> Values:
    """Per block the share of values up to the moment."""
    return np.bincount(block[values <= moment], minlength=len(weight)) / np.bincount(
        block, minlength=len(weight)
    )


def _weighted_quantile(
    values: Values, block: npt.NDArray[np.int64], weight: Values, quantile: float
) -> float:
    """The smallest value up to which the blocks' weights, spread over their values, reach the quantile."""
    each = weight / np.bincount(block, minlength=len(weight))
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(each[block[order]])
    place = int(np.searchsorted(reached, quantile * reached[-1] * (1 - 1e-12)))
    return float(values[order[min(place, len(order) - 1)]])
