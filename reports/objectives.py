"""Service level objectives measured: who got a right answer in time, and how much error budget that spent."""

from __future__ import annotations

import msgspec
import pandas as pd

from reports.evidence import Evidence, covered
from reports.finding import Outcome
from reports.intervals import Interval, share
from reports.lookup import id_among
from reports.plan import Slo
from reports.response_times import blocks, exact, percentiles
from reports.statistics import needed
from reports.text import Text

_COLUMNS = ["planned", "journey", "step", "outcome", "response", "trace"]


class Objective(msgspec.Struct, frozen=True):
    """An SLO as measured in the judged window; times in seconds.

    ``good`` requests got a right answer within ``within`` of the moment the citizen wanted it. The error
    budget is the share of requests that may be bad, 1 − objective; ``budget_spent`` is the bad share divided
    by it (1 = exactly used up; Beyer et al., The Site Reliability Workbook, 2018, chapter 2).

    Of the bad requests: ``late`` were answered rightly but too late, and these shares belong to one step
    (``worst_step``), were wanted while a fault lasted (``during_faults``), or belong to arrivals that a
    system turned away at its declared capacity (``by_exhaustion``).

    ``good_interval`` is the 95 % interval of the good share. The outcome follows from the share itself; it is
    ``certain`` where the whole interval lies on the same side of the objective.
    """

    name: str
    title: Text
    within: float
    objective: float
    count: int
    good: int
    good_share: float | None
    budget_spent: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    needed: int
    outcome: Outcome
    late: int
    worst_step: str
    worst_step_share: float
    during_faults: float
    by_exhaustion: float
    good_interval: Interval
    certain: bool
    p50_interval: Interval
    p95_interval: Interval
    p99_interval: Interval


def measure(evidence: Evidence) -> list[Objective]:
    """Every SLO of the plan, in its order."""
    return evidence.once("objectives", lambda: _measure(evidence))


def _measure(evidence: Evidence) -> list[Objective]:
    judged, received = evidence.judged[_COLUMNS], evidence.frames.received
    exhausted = [load.system for load in evidence.exhausted]
    turned_away = received.loc[received["system"].isin(exhausted) & (received["status"] == 503), "trace"]
    return [
        _measured(evidence, slo, judged[covered(judged, slo)], turned_away) for slo in evidence.run.plan.slos
    ]


def _measured(evidence: Evidence, slo: Slo, samples: pd.DataFrame, turned_away: pd.Series) -> Objective:
    good = (samples["outcome"] == "ok") & (exact(samples["response"]) <= slo.within)
    total, bad = len(samples), int((~good).sum())
    # fewer could not show the objective even if all of them were good
    enough = total >= needed(slo.objective)
    bad_share = bad / total if total else None
    outcome: Outcome = "inconclusive"
    if enough and bad_share is not None:
        outcome = "met" if bad_share <= 1 - slo.objective else "missed"
    placed = blocks(evidence, samples)
    response = percentiles(samples["response"], placed)
    interval = share(placed.counts(good.to_numpy()), placed)
    missed = samples[~good]
    step, at_step = _most_common(missed["step"])
    return Objective(
        name=slo.name,
        title=slo.title,
        within=slo.within,
        objective=slo.objective,
        count=total,
        good=total - bad,
        good_share=None if bad_share is None else 1 - bad_share,
        budget_spent=None if bad_share is None else bad_share / (1 - slo.objective),
        p50=response.p50.value,
        p95=response.p95.value,
        p99=response.p99.value,
        needed=needed(slo.objective),
        outcome=outcome,
        late=int((missed["outcome"] == "ok").sum()),
        worst_step=step,
        worst_step_share=at_step,
        during_faults=_mean(_during_faults(evidence, missed["planned"])),
        by_exhaustion=_mean(pd.Series(id_among(missed["trace"], turned_away))),
        good_interval=interval,
        certain=_certain(outcome, interval, slo.objective),
        p50_interval=response.p50,
        p95_interval=response.p95,
        p99_interval=response.p99,
    )


def _certain(outcome: Outcome, interval: Interval, objective: float) -> bool:
    """Whether a share anywhere in the interval would have had the same outcome."""
    if interval.low is None or interval.high is None:
        return False
    return (outcome == "met" and interval.low >= objective) or (
        outcome == "missed" and interval.high < objective
    )


def _most_common(names: pd.Series) -> tuple[str, float]:
    """The name that most of them bear, and the share that does."""
    if names.empty:
        return "", 0.0
    counts = names.astype(str).value_counts()
    return str(counts.index[0]), float(counts.iloc[0] / len(names))


def _during_faults(evidence: Evidence, planned: pd.Series) -> pd.Series:
    inside = pd.Series(False, index=planned.index)
    for window in evidence.windows:
        inside |= (planned >= window.start) & (planned < window.end)
    return inside


def _mean(flags: pd.Series) -> float:
    return float(flags.mean()) if len(flags) else 0.0
