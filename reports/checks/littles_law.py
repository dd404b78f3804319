"""Does Little's law hold on both sides of the links? See :mod:`reports.instrument.little`."""

from __future__ import annotations

from dataclasses import replace

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence
from reports.instrument.little import LittlesLaw, littles_law
from reports.text import Text, count, seconds, share

_SIDES = {"swarm": Text("bộ phát tải", "swarm"), "mocks": Text("hệ thống giả lập", "mocks")}


def law_holds(evidence: Evidence) -> list[Result]:
    """Requests under way as counted by a timer = rate × time as derived from the journals."""
    return [
        replace(_judged(law), subject=law.side, subject_title=_SIDES[law.side])
        for law in littles_law(evidence)
    ]


def _judged(law: LittlesLaw) -> Result:
    rate, wait = f"{count(law.rate)}/s", seconds(law.time)
    counted, product = f"{law.counted:.2f}", f"{rate} × {wait} = {law.derived:.2f}"
    vi = f"Đếm được trung bình {counted} yêu cầu đang chờ; theo nhật ký: {product}."
    en = f"{counted} requests under way on average were counted; by the journals {product}."
    if not law.known:
        return inconclusive(f"{vi} Quá ít để đối chiếu.", f"{en} Too little to compare.")
    gap, allowed = (share(value / law.derived) for value in (abs(law.counted - law.derived), law.tolerance))
    vi, en = f"{vi} Chênh {gap}, cho phép {allowed}.", f"{en} They differ by {gap}; {allowed} is allowed."
    if law.holds:
        return met(vi, en)
    fewer = law.derived < law.counted
    because = (
        Text(
            "Nhật ký thiếu yêu cầu, hoặc ghi thời gian quá ngắn.",
            "The journals lack requests, or make them too short.",
        )
        if fewer
        else Text(
            "Nhật ký ghi thời gian dài hơn thực tế, hoặc bộ đếm bỏ sót.",
            "The journals make requests too long, or the counter missed some.",
        )
    )
    return missed(f"{vi} {because.vi}", f"{en} {because.en}", (law.side,))


HOLDS = Check("littles-law", "validity", Text("Định luật Little", "Little's law"), law_holds)
