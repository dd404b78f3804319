"""Is what waited because of a fault worked off as fast as the spare capacity allows?"""

from __future__ import annotations

from dataclasses import replace

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.checks.recovery import about, exhausted_behind
from reports.evidence import Evidence
from reports.finding import worst
from reports.impact.backlog import Backlog, backlogs
from reports.text import Text, count, listed, moment, seconds

FEWEST = 3
"""How many must wait at the cure: fewer tell of a single slow one, not of a queue."""

KINDS = {"dossiers": Text("hồ sơ", "dossiers"), "calls": Text("lời gọi", "calls")}


def drains(evidence: Evidence) -> list[Result]:
    """Each fault: what waited at its cure is gone within the predicted time, with allowances."""
    results = []
    for window in evidence.windows:
        if window.healed is None:
            continue
        judged = [_judged(backlog) for backlog in backlogs(evidence, window) if backlog.at_cure >= FEWEST]
        told = [result for result in judged if result is not None]
        if not told:
            continue
        outcome = worst(result.outcome for result in told)
        late = outcome == "missed" and exhausted_behind(evidence, window)
        results.append(
            about(
                window.fault,
                replace(
                    told[0],
                    outcome=outcome,
                    explanation=Text(
                        " ".join(result.explanation.vi for result in told),
                        " ".join(result.explanation.en for result in told),
                    ),
                    where=tuple(dict.fromkeys(place for result in told for place in result.where)),
                    because_of=("capacity-suffices",) if late else (),
                ),
            )
        )
    return results


def _judged(backlog: Backlog) -> Result | None:
    """None where the plan declares no capacity from which a time could be predicted."""
    if backlog.predicted is None or backlog.allowed is None:
        return None
    what = KINDS[backlog.kind]
    ways = listed(backlog.ways, 3)
    predicted, allowed = seconds(backlog.predicted), seconds(backlog.allowed)
    vi = (
        f"{count(backlog.at_cure)} {what.vi} còn chờ khi khắc phục ({ways}; nhiều nhất "
        f"{count(backlog.peak)} lúc {moment(backlog.peak_at)}); dự tính hết sau {predicted} với công suất "
        f"dư của {backlog.bottleneck}, cho phép {allowed} kể cả thời gian nghỉ giữa các lần thử."
    )
    en = (
        f"{count(backlog.at_cure)} {what.en} waited at the cure ({ways}; at most {count(backlog.peak)}, at "
        f"{moment(backlog.peak_at)}); with what {backlog.bottleneck} has to spare they should take "
        f"{predicted}, allowed are {allowed}, pauses between tries included."
    )
    if backlog.gone_after is not None:
        vi, en = (
            f"{vi} Hết sau {seconds(backlog.gone_after)}.",
            f"{en} Gone after {seconds(backlog.gone_after)}.",
        )
        if backlog.gone_after <= backlog.allowed:
            return met(vi, en)
        return missed(vi, en, tuple(backlog.ways))
    observed = seconds(backlog.observed)
    vi, en = f"{vi} Vẫn còn sau {observed} quan sát.", f"{en} Not gone in the {observed} observed."
    if backlog.observed < backlog.allowed:
        return inconclusive(vi, en, tuple(backlog.ways))
    return missed(vi, en, tuple(backlog.ways))


DRAINS = Check(
    "backlog-drains",
    "service",
    Text("Hàng chờ được xử lý hết", "Backlog drains"),
    drains,
)
