"""The service level objectives: proposals of this project, not law."""

from __future__ import annotations

from dataclasses import replace

from reports.checks.base import Check, Result, inconclusive
from reports.evidence import Evidence
from reports.numerals import share_limits
from reports.objectives import Objective, measure
from reports.text import Text, count, seconds, share

MOSTLY = 0.5
"""Share of bad requests from which they count as a consequence of an exhausted system."""


def objectives_met(evidence: Evidence) -> Result | list[Result]:
    """Each SLO of the plan spends no more than its error budget."""
    objectives = measure(evidence)
    if not objectives:
        return inconclusive("Kế hoạch không có mục tiêu dịch vụ nào.", "The plan names no objective.")
    speaks_for = {slo.name: tuple(slo.requirements) for slo in evidence.run.plan.slos}
    return [replace(_judged(each), requirements=speaks_for[each.name]) for each in objectives]


def _judged(objective: Objective) -> Result:
    title = Text(objective.title.vi or objective.name, objective.title.en or objective.name)
    if objective.outcome == "inconclusive" or objective.good_share is None or objective.budget_spent is None:
        few = inconclusive(
            f"Chỉ có {count(objective.count)} yêu cầu; mục tiêu {share(objective.objective)} cần ít nhất "
            f"{count(objective.needed)}.",
            f"Only {count(objective.count)} requests; an objective of {share(objective.objective)} needs at "
            f"least {count(objective.needed)}.",
        )
        return Result(few.outcome, few.explanation, subject=objective.name, subject_title=title)
    measured = f"{share(objective.good_share)} ({share_limits(objective.good_interval)})"
    vi = (
        f"{measured} trong {count(objective.count)} yêu cầu được trả lời đúng trong "
        f"{seconds(objective.within)} (mục tiêu đề xuất {share(objective.objective)}); đã dùng "
        f"{share(objective.budget_spent, 0)} ngân sách lỗi."
    )
    en = (
        f"{measured} of {count(objective.count)} requests were answered rightly within "
        f"{seconds(objective.within)} (proposed objective {share(objective.objective)}); "
        f"{share(objective.budget_spent, 0)} of the error budget was spent."
    )
    bad = objective.count - objective.good
    if objective.outcome == "missed":
        late, wrong = count(objective.late), count(bad - objective.late)
        vi += (
            f" {count(bad)} yêu cầu không đạt: {late} trễ, {wrong} không có "
            f"trả lời đúng; {share(objective.worst_step_share, 0)} ở bước {objective.worst_step}; "
            f"{share(objective.during_faults, 0)} trong lúc có sự cố."
        )
        en += (
            f" {count(bad)} were bad: {late} too late, {wrong} without a "
            f"right answer; {share(objective.worst_step_share, 0)} at step {objective.worst_step}; "
            f"{share(objective.during_faults, 0)} while a fault lasted."
        )
    because: tuple[str, ...] = ()
    if objective.outcome == "missed" and objective.by_exhaustion > MOSTLY:
        because = ("capacity-suffices",)
        part = share(objective.by_exhaustion, 0)
        vi += f" {part} số lỗi thuộc lượt đến bị từ chối vì hết công suất."
        en += f" {part} of the bad ones belong to arrivals turned away at capacity."
    where = (objective.worst_step,) if objective.outcome == "missed" else ()
    return Result(objective.outcome, Text(vi, en), where, because, objective.name, title)


SLOS = Check(
    "slo",
    "latency",
    Text("Mục tiêu dịch vụ", "Objective"),
    objectives_met,
)
