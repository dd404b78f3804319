"""Does service come back within the time the plan allows after each fault is cured?"""

from __future__ import annotations

from dataclasses import replace

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence, Window
from reports.impact.felt import CONSECUTIVE, Impact, impact
from reports.plan import Fault
from reports.text import Text, count, listed, seconds, share
from reports.traffic import hits


def recovered(evidence: Evidence) -> list[Result]:
    """Each fault: the first of five good seconds in a row begins within ``recover_within`` of the cure.

    Where another fault was on the same steps at the cure, the last cure counts.
    """
    results = []
    for window in evidence.windows:
        fault = window.fault
        met_traffic = any(hit.requests for hit in hits(evidence, window))
        seen = impact(evidence, window)
        result = _judged(window, seen, _allowed(evidence, window, seen), met_traffic=met_traffic)
        if result.outcome == "missed" and exhausted_behind(evidence, window):
            result = replace(result, because_of=("capacity-suffices",))
        results.append(about(fault, result))
    return results


def about(fault: Fault, result: Result) -> Result:
    """The result as one of this fault, which speaks for what bearing it shows."""
    return replace(
        result, subject=fault.name, subject_title=titled(fault), requirements=tuple(fault.requirements)
    )


def titled(fault: Fault) -> Text:
    """What a reader knows the fault by."""
    return Text(f"{fault.title.vi} ({fault.name})".strip(), f"{fault.title.en} ({fault.name})".strip())


def _allowed(evidence: Evidence, window: Window, seen: Impact) -> float:
    """What the plan allows; where several faults end together, as much as the most patient of them."""
    together = [each.fault for each in evidence.windows if each.fault.name in seen.together]
    return max(fault.recover_within for fault in (window.fault, *together))


def exhausted_behind(evidence: Evidence, window: Window) -> bool:
    """A system behind the fault's links turns requests away: curing its links mends nothing."""
    ends = evidence.run.plan.link_ends
    exhausted = {load.system for load in evidence.exhausted}
    return any(ends[link].callee in exhausted for link in window.fault.links if link in ends)


def _judged(window: Window, seen: Impact, allowed: float, *, met_traffic: bool) -> Result:
    if window.healed is None:
        return inconclusive(
            "Không rõ sự cố được khắc phục lúc nào.", "It is not on record when it was healed."
        )
    if not seen.steps and not met_traffic:
        return inconclusive("Sự cố không gặp lưu lượng nào.", "The fault met no traffic at all.")
    if not seen.steps:
        return met(
            "Người dân không cảm nhận được: không bước nào chờ các liên kết này.",
            "Not felt by citizens: no step waits for these links.",
        )
    during = Text(
        f"Trong lúc sự cố: {share(seen.good_share)} của {count(seen.requests)} yêu cầu được trả lời đúng "
        "hạn.",
        f"While it lasted, {share(seen.good_share)} of {count(seen.requests)} requests were answered well.",
    )
    if seen.together:
        names = listed(seen.together, 3)
        during += Text(
            f"Tính từ khi khắc phục cả {names}, cùng ảnh hưởng các bước này.",
            f"Counted from the cure of {names}, felt on the same steps.",
        )
    if not seen.felt and seen.requests:
        return met(
            f"{during.vi} Người dân không cảm nhận được: trả lời vẫn trong mục tiêu.",
            f"{during.en} Not felt by citizens: answers stayed within the objectives.",
        )
    if seen.recovered_after is None and seen.observed >= allowed + CONSECUTIVE:
        return missed(
            f"{during.vi} Chưa phục hồi sau {seconds(seen.observed)} quan sát; cho phép {seconds(allowed)}.",
            f"{during.en} Not recovered in the {seconds(seen.observed)} observed; {seconds(allowed)} are "
            "allowed.",
            tuple(window.fault.links),
        )
    if seen.recovered_after is None:
        return inconclusive(
            f"{during.vi} Chỉ quan sát được {seconds(seen.observed)} sau khắc phục: chưa thể kết luận.",
            f"{during.en} Only {seconds(seen.observed)} after the cure could be observed: too short to say.",
            tuple(window.fault.links),
        )
    after = seconds(seen.recovered_after)
    when = (
        Text(f"sau {after}", f"{after} after the cure") if seen.recovered_after else Text("ngay", "at once")
    )
    vi = f"{during.vi} Phục hồi {when.vi}; cho phép {seconds(allowed)}."
    en = f"{during.en} Recovered {when.en}; {seconds(allowed)} are allowed."
    if seen.recovered_after <= allowed:
        return met(vi, en)
    return missed(vi, en, tuple(window.fault.links))


RECOVERED = Check(
    "recovery",
    "service",
    Text("Phục hồi sau sự cố", "Recovery"),
    recovered,
)
