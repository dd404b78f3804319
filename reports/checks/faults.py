"""Did every fault really hit traffic, and was it really cured? A fault that hit nothing proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence, Window
from reports.text import Text, count, listed
from reports.traffic import Hits, hits

_Proof = Callable[[Hits], bool]

SLOW_SHARE = 0.2
"""Share of requests above the p95 of quiet times that shows a slow link: four times what chance would
bring."""


def _cut(hit: Hits) -> bool:
    return hit.unconnected > 0 and hit.leaked == 0


def _slow(hit: Hits) -> bool:
    return hit.floor is not None and hit.slow > 0 and hit.slow >= SLOW_SHARE * hit.requests


def _executed_unanswered(hit: Hits) -> bool:
    return hit.executed > 0


def _request_lost(hit: Hits) -> bool:
    return hit.failed > hit.executed


def _reset(hit: Hits) -> bool:
    return hit.unconnected > 0


def _traffic(hit: Hits) -> bool:
    return hit.requests > 0


def _any_effect(hit: Hits) -> bool:
    return hit.failed > 0 or _slow(hit)


PROOFS: dict[str, _Proof] = {
    "nothing": _traffic,
    "cut": _cut,
    "slow": _slow,
    "request-lost": _request_lost,
    "acknowledgement-lost": _executed_unanswered,
    "reset": _reset,
}
"""Kind of fault → whether its mark is on a link's traffic. Any other kind: unanswered or slow requests."""


def faults_hit(evidence: Evidence) -> list[Result]:
    """Each fault left its mark on the traffic of each of its links."""
    return [_hit(evidence, window) for window in evidence.windows]


def _hit(evidence: Evidence, window: Window) -> Result:
    fault = window.fault
    title = Text(f"{fault.title.vi} ({fault.name})".strip(), f"{fault.title.en} ({fault.name})".strip())
    return replace(_judged(window, hits(evidence, window)), subject=fault.name, subject_title=title)


def _judged(window: Window, found: list[Hits]) -> Result:
    fault = window.fault
    if window.applied is None:
        return missed(
            "Không có sự kiện nào cho thấy sự cố đã được áp dụng.",
            "No event says that the fault was applied.",
            tuple(fault.links),
        )
    if not found:
        return inconclusive("Sự cố không có liên kết nào.", "The fault has no link.")
    proof = PROOFS.get(fault.kind, _any_effect)
    silent = [hit.link for hit in found if not hit.requests]
    unmarked = [hit.link for hit in found if hit.requests and not proof(hit)]
    vi, en = _told(found)
    if silent:
        vi += f" Không có lưu lượng trên {listed(silent)}."
        en += f" No traffic met it on {listed(silent)}."
    if unmarked:
        vi += f" Không thấy tác động trên {listed(unmarked)}."
        en += f" Its mark is not on the traffic of {listed(unmarked)}."
    if silent or unmarked:
        return missed(vi, en, (*silent, *unmarked))
    return met(vi, en)


def _told(found: list[Hits]) -> tuple[str, str]:
    requests, failed = sum(hit.requests for hit in found), sum(hit.failed for hit in found)
    executed, slow = sum(hit.executed for hit in found), sum(hit.slow for hit in found)
    vi = (
        f"{count(requests)} yêu cầu trên {len(found)} liên kết gặp sự cố: {count(failed)} không có trả lời "
        f"({count(executed)} vẫn được phía nhận thực hiện), {count(slow)} chậm hơn mức p95 thường."
    )
    en = (
        f"{count(requests)} requests on {len(found)} links met the fault: {count(failed)} got no answer "
        f"({count(executed)} of them were executed all the same), {count(slow)} took longer than the usual "
        "p95."
    )
    return vi, en


def faults_healed(evidence: Evidence) -> Result:
    """Each fault was cured, and a request passed through each of its links afterwards."""
    windows = evidence.windows
    if not windows:
        return met("Kế hoạch không có sự cố nào.", "The plan has no faults.")
    uncured = [window.fault.name for window in windows if window.healed is None]
    unproved = [link for window in windows for link in window.fault.links if link not in window.proved]
    if uncured:
        return missed(
            f"Không thấy sự kiện khắc phục: {listed(uncured)}.",
            f"No event says that these were healed: {listed(uncured)}.",
            tuple(uncured),
        )
    if unproved:
        return missed(
            f"Chưa chứng minh đã thông sau khắc phục: {listed(unproved)}.",
            f"No request proved these links after the cure: {listed(unproved)}.",
            tuple(unproved),
        )
    links = sum(len(window.fault.links) for window in windows)
    return met(
        f"Cả {len(windows)} sự cố đã được khắc phục, {links} liên kết đã thông.",
        f"All {len(windows)} faults were healed; a request passed through each of their {links} links.",
    )


HIT = Check("fault-hit", "validity", Text("Sự cố trúng lưu lượng", "Fault hit traffic"), faults_hit)
HEALED = Check("faults-healed", "validity", Text("Sự cố đã khắc phục", "Faults healed"), faults_healed)
