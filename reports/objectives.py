"""Service level objectives measured: who got a right answer in time, and how much error budget that spent."""

from __future__ import annotations

import msgspec

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
    by_exhaustion: float
    """Share of the bad requests whose arrival was turned away somewhere at a system's declared capacity."""


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
        because = int(contained(samples.loc[~good, "trace"], turned_away["trace"]).sum()) if bad else 0
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
                by_exhaustion=because / bad if bad else 0.0,
            )
        )
    return objectives
