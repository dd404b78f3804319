"""What citizens felt of each fault: from when on, how deep, and how long until they felt it no more."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.evidence import Evidence, Window
from reports.impact.quiet import Together, cured_together, inside, quiet, undisturbed_until
from reports.impact.touched import touched_steps
from reports.plan import Slo
from reports.statistics import needed, percentile, rank

CONSECUTIVE = 5
"""How many good one-second windows in a row count as recovered; fewer could be luck between two bad ones."""

DEFAULT_OBJECTIVE = 0.99
"""Share of good answers that makes a second good where no SLO covers the steps (a proposal of this
project)."""

DEPTH = 5
"""Seconds over which the worst share and the worst p95 are taken."""

FEWEST = 20
"""Requests of which a share is worth telling: of fewer, one bad answer is more than 5 %."""


Counts = npt.NDArray[np.int64]


class Impact(msgspec.Struct, frozen=True):
    """A fault as citizens saw it, on the steps whose requests cross its links; times in seconds.

    ``p95_before`` is of the judged time before it in which no other fault was felt. ``felt`` tells whether
    more answers were bad than the objective allows, while the fault lasted or afterwards. ``felt_after``
    counts from the start to the first bad second, ``felt_for`` from there to the recovery; both None where
    nothing was felt. ``worst_good_share`` and ``worst_p95`` are the worst over five seconds, which begin at
    ``…_at`` (relative to T0); None where too few came.

    ``recovered_after`` counts from the cure to the first of five good seconds in a row; None where that was
    not seen within ``observed`` seconds after the cure (censored). Where other faults were on the same steps
    at the cure, the last cure of ``together`` counts; ``cured`` is that moment.
    """

    steps: list[str]
    requests: int
    bad: int
    p95: float | None
    p95_before: float | None
    felt: bool
    felt_after: float | None
    felt_for: float | None
    worst_good_share: float | None
    worst_good_share_at: float | None
    worst_p95: float | None
    worst_p95_at: float | None
    recovered_after: float | None
    observed: float
    cured: float
    together: list[str]

    @property
    def good_share(self) -> float | None:
        """Share of good answers while the fault lasted."""
        return 1 - self.bad / self.requests if self.requests else None


class Seconds(NamedTuple):
    """The requests of the touched steps in whole seconds since ``first`` (relative to T0)."""

    first: float
    came: Counts
    good: Counts


def impact(evidence: Evidence, window: Window) -> Impact:
    """What citizens felt of one fault."""
    return evidence.once(f"impact {window.fault.name}", lambda: _impact(evidence, window))


def answers_per_second(
    evidence: Evidence, window: Window, first: float, last: float
) -> tuple[Counts, Counts]:
    """How many came to the touched steps in each whole second from ``first`` to ``last``, and were answered
    well."""
    planned, good, _ = _answers(evidence, window)
    within = slice(*np.searchsorted(planned, (first, last)))
    counted = _per_second(planned[within], good[within], first, last)
    return counted.came, counted.good


def sharing_steps(evidence: Evidence, window: Window) -> Together:
    """Whether another fault touches a step that this one touches."""
    mine = set(touched_steps(evidence, window.fault))
    return lambda other: bool(mine & set(touched_steps(evidence, other.fault)))


_Answers = tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_], npt.NDArray[np.float64]]


def _answers(evidence: Evidence, window: Window) -> _Answers:
    """Of the touched steps, in the order of time: when planned, whether good, how long it took."""
    return evidence.once(f"answers {window.fault.name}", lambda: _in_order(evidence, window))


def _in_order(evidence: Evidence, window: Window) -> _Answers:
    samples = evidence.frames.samples
    mine = samples["step"].isin(touched_steps(evidence, window.fault)).to_numpy()
    planned = samples["planned"].to_numpy()[mine]
    order = np.argsort(planned, kind="stable")  # a few long runs, one per worker: quick
    good, response = evidence.good.to_numpy()[mine], samples["response"].to_numpy()[mine]
    return planned[order], good[order], response[order]


def _impact(evidence: Evidence, window: Window) -> Impact:
    steps = touched_steps(evidence, window.fault)
    planned, good, response = _answers(evidence, window)
    first, cure = np.searchsorted(planned, (window.start, window.end))
    objective = _objective(evidence.run.plan.slos, steps)
    sharing = sharing_steps(evidence, window)
    chain = cured_together(evidence, window, sharing)
    cured = chain[-1].end
    until = max(undisturbed_until(evidence, cured, sharing), cured)
    after = slice(*np.searchsorted(planned, (cured, until)))
    seconds = _judged(_per_second(planned[after], good[after], cured, until), objective)
    recovered = _first_good_run(seconds)
    requests, bad = int(cure - first), int((~good[first:cure]).sum())
    # one bad second long after a recovery is no echo of the fault; without a recovery it may be
    felt = bad > (1 - objective) * requests or bool(recovered) or (recovered is None and False in seconds)
    trouble_ends = until if recovered is None else cured + recovered
    trouble = slice(first, np.searchsorted(planned, trouble_ends))
    counted = _per_second(planned[trouble], good[trouble], window.start, trouble_ends)
    felt_after = _first_bad(counted, objective) if felt else None
    share, share_at = _worst_share(counted)
    p95, p95_at = _worst_p95(planned[trouble], response[trouble], window.start, len(counted.came))
    return Impact(
        steps=steps,
        requests=requests,
        bad=bad,
        p95=percentile(pd.Series(response[first:cure]), 0.95),
        p95_before=_p95_before(evidence, window),
        felt=felt,
        felt_after=felt_after,
        felt_for=None
        if felt_after is None or recovered is None
        else trouble_ends - window.start - felt_after,
        worst_good_share=share,
        worst_good_share_at=share_at,
        worst_p95=p95,
        worst_p95_at=p95_at,
        recovered_after=recovered,
        observed=until - cured,
        cured=cured,
        together=[each.fault.name for each in chain[1:]],
    )


def _p95_before(evidence: Evidence, window: Window) -> float | None:
    planned, _, response = _answers(evidence, window)
    before = inside(pd.Series(planned), quiet(evidence, window.start))
    return percentile(pd.Series(response[before]), 0.95)


def _objective(slos: list[Slo], steps: list[str]) -> float:
    return min(
        (slo.objective for slo in slos if not slo.steps or set(slo.steps) & set(steps)),
        default=DEFAULT_OBJECTIVE,
    )


def _per_second(
    planned: npt.NDArray[np.float64], good: npt.NDArray[np.bool_], first: float, last: float
) -> Seconds:
    """How many came and were answered well in each whole second from ``first`` to ``last``."""
    # a second is not lost to floating point: (first + 25) - first may be 24.999…
    seconds = max(int(np.floor(last - first + 1e-9)), 0)
    second = np.floor(planned - first).astype(np.int64)
    within = (second >= 0) & (second < seconds)
    came = np.bincount(second[within], minlength=seconds)
    return Seconds(first, came, np.bincount(second[within & good], minlength=seconds))


def _judged(counted: Seconds, objective: float) -> list[bool | None]:
    """Per second whether it met the objective; None where nobody came, which says nothing."""
    bad = counted.came - counted.good
    return [
        None if not came else bool(wrong <= (1 - objective) * came)
        for came, wrong in zip(counted.came, bad, strict=True)
    ]


def _first_good_run(seconds: list[bool | None]) -> float | None:
    """Seconds from the cure to the first of the good seconds in a row; None where there is no such run.

    A second in which nobody came neither counts nor interrupts.
    """
    run: list[int] = []
    for at, good in enumerate(seconds):
        if good is None:
            continue
        run = [*run, at] if good else []
        if len(run) == CONSECUTIVE:
            return float(run[0])
    return None


def _first_bad(counted: Seconds, objective: float) -> float | None:
    bad = [at for at, good in enumerate(_judged(counted, objective)) if good is False]
    return float(bad[0]) if bad else None


def _worst_share(counted: Seconds) -> tuple[float | None, float | None]:
    """The smallest share of good answers over :data:`DEPTH` seconds, and when these begin."""
    width = min(DEPTH, len(counted.came))
    if not width:
        return None, None
    came, good = (np.convolve(each, np.ones(width), "valid") for each in (counted.came, counted.good))
    enough = came >= FEWEST
    if not enough.any():
        return None, None
    share = np.where(enough, good / np.maximum(came, 1), np.inf)
    worst = int(np.argmin(share))
    return float(share[worst]), counted.first + worst


def _worst_p95(
    planned: npt.NDArray[np.float64], response: npt.NDArray[np.float64], start: float, seconds: int
) -> tuple[float | None, float | None]:
    """The largest p95 over :data:`DEPTH` seconds, and when these begin."""
    worst: tuple[float | None, float | None] = None, None
    starts = start + np.arange(max(seconds - DEPTH + 1, min(seconds, 1)))
    edges = zip(np.searchsorted(planned, starts), np.searchsorted(planned, starts + DEPTH), strict=True)
    for at, (first, last) in zip(starts, edges, strict=True):
        count = int(last - first)
        if count < needed(0.95):
            continue
        place = rank(count, 0.95) - 1
        value = float(np.partition(response[first:last], place)[place])
        if worst[0] is None or value > worst[0]:
            worst = value, float(at)
    return worst
