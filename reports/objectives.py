"""Service level objectives measured: who got a right answer in time, and how much error budget that spent."""

from __future__ import annotations

import msgspec
import pandas as pd

from reports.evidence import Evidence, covered
from reports.finding import Outcome
from reports.lookup import contained
from reports.statistics import needed, percentile
from reports.text import Text


class Objective(msgspec.Struct, frozen=True):
    """An SLO as measured in the judged window; times in seconds.

    ``good`` requests got a right answer within ``within`` of the moment the citizen wanted it. The error
    budget is the share of requests that may be bad, 1 − objective; ``budget_spent`` is the bad share divided
    by it (1 = exactly used up; Beyer et al., The Site Reliability Workbook, 2018, chapter 2).

    Of the bad requests: ``late`` were answered rightly but too late, and these shares belong to one step
    (``worst_step``), were wanted while a fault lasted (``during_faults``), or belong to arrivals that a
    system turned away at its declared capacity (``by_exhaustion``).
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


def measure(evidence: Evidence) -> list[Objective]:
    """Every SLO of the plan, in its order."""
    judged, received = evidence.judged, evidence.frames.received
    exhausted = [load.system for load in evidence.exhausted]
    turned_away = received[received["system"].isin(exhausted) & (received["status"] == 503)]
    objectives = []
    for slo in evidence.run.plan.slos:
        samples = judged[covered(judged, slo)]
        good = (samples["outcome"] == "ok") & (samples["response"] <= slo.within)
        total, bad = len(samples), int((~good).sum())
        # fewer could not show the objective even if all of them were good
        enough = total >= needed(slo.objective)
        bad_share = bad / total if total else None
        outcome: Outcome = "inconclusive"
        if enough and bad_share is not None:
            outcome = "met" if bad_share <= 1 - slo.objective else "missed"
        missed = samples[~good]
        step, at_step = _most_common(missed["step"])
        objectives.append(
            Objective(
                name=slo.name,
                title=slo.title,
                within=slo.within,
                objective=slo.objective,
                count=total,
                good=total - bad,
                good_share=None if bad_share is None else 1 - bad_share,
                budget_spent=None if bad_share is None else bad_share / (1 - slo.objective),
                p50=percentile(samples["response"], 0.5),
                p95=percentile(samples["response"], 0.95),
                p99=percentile(samples["response"], 0.99),
                needed=needed(slo.objective),
                outcome=outcome,
                late=int((missed["outcome"] == "ok").sum()),
                worst_step=step,
                worst_step_share=at_step,
                during_faults=_mean(_during_faults(evidence, missed["planned"])),
                by_exhaustion=_mean(pd.Series(contained(missed["trace"], turned_away["trace"]))),
            )
        )
    return objectives


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
