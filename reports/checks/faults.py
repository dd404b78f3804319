"""Did every fault really hit traffic, and was it really cured? A fault that hit nothing proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence, Window
from reports.text import Text, count, listed
from reports.traffic import Hits, hits, taken_together

_Proof = Callable[[Hits], bool]

SLOW_SHARE = 0.2
"""Share of requests above the p95 of quiet times that shows a slow link: four times what chance would
bring."""


def _cut(hit: Hits) -> bool:
    return hit.unconnected > 0 and hit.leaked == 0


def _slow(hit: Hits) -> bool:
    return hit.slow > 0 and hit.slow >= SLOW_SHARE * hit.requests


def _executed_unanswered(hit: Hits) -> bool:
    return hit.executed > 0


def _request_lost(hit: Hits) -> bool:
    return hit.failed > hit.executed


def _broken(hit: Hits) -> bool:
    return hit.unconnected > 0


def _unanswered(hit: Hits) -> bool:
    return hit.failed > 0


def _marked(hit: Hits) -> bool:
    return hit.stands_out


def _traffic(hit: Hits) -> bool:
    return hit.requests > 0


def _any_effect(hit: Hits) -> bool:
    return hit.failed > 0 or _slow(hit)


PROOFS: dict[str, _Proof] = {
    # links
    "nothing": _traffic,
    "cut": _cut,
    "request-lost": _request_lost,
    "acknowledgement-lost": _executed_unanswered,
    "zombie": _any_effect,
    "slow": _slow,
    "jitter": _slow,
    "thin-line": _any_effect,
    "truncated": _executed_unanswered,
    "reset": _broken,
    "flapping": _broken,
    "one-direction": _any_effect,
    "partition": _cut,
    "brown-out": _any_effect,
    # systems
    "errors": _marked,
    "throttled": _marked,
    "errors-after": _marked,
    "duplicate-delivery": _marked,
    "reordered": _any_effect,
    "says-not-found": _marked,
    # processes
    "killed": _unanswered,
    "frozen": _any_effect,
    "restarted": _unanswered,
}
"""Kind of fault → whether its mark is on the traffic. Any other kind: unanswered or slow requests."""


def faults_hit(evidence: Evidence) -> list[Result]:
    """Each fault left its mark: on the traffic of each of its links, or of each process that was hit.

    A partition, and a fault of systems, is one, however many it befalls: where nobody happened to call some
    of them, or chance let a few requests pass, others were met.
    """
    return [_hit(evidence, window) for window in evidence.windows]


def _hit(evidence: Evidence, window: Window) -> Result:
    fault = window.fault
    title = Text(f"{fault.title.vi} ({fault.name})".strip(), f"{fault.title.en} ({fault.name})".strip())
    return replace(_judged(window, _felt(evidence, window)), subject=fault.name, subject_title=title)


def _felt(evidence: Evidence, window: Window) -> list[Hits]:
    """What the fault did, by what has to bear its mark."""
    fault, by_link = window.fault, hits(evidence, window)
    if fault.kind == "partition" or fault.place == "system":
        return [taken_together(fault.name, by_link)]
    if fault.place == "link":
        return by_link
    ends = evidence.run.plan.link_ends
    return [
        taken_together(system, (hit for hit in by_link if ends[hit.link].callee == system))
        for system in fault.systems
    ]


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
    vi, en = _told(found, window)
    if silent:
        vi += f" Không có lưu lượng trên {listed(silent)}."
        en += f" No traffic met it on {listed(silent)}."
    if unmarked:
        vi += f" Không thấy tác động trên {listed(unmarked)}."
        en += f" Its mark is not on the traffic of {listed(unmarked)}."
    if silent or unmarked:
        return missed(vi, en, (*silent, *unmarked))
    return met(vi, en)


def _told(found: list[Hits], window: Window) -> tuple[str, str]:
    requests, failed = sum(hit.requests for hit in found), sum(hit.failed for hit in found)
    executed, slow = sum(hit.executed for hit in found), sum(hit.slow for hit in found)
    links = len(window.fault.links)
    vi = (
        f"{count(requests)} yêu cầu trên {links} liên kết gặp sự cố: {count(failed)} không có trả lời "
        f"({count(executed)} vẫn được phía nhận thực hiện), {count(slow)} chậm hơn mức p95 thường."
    )
    en = (
        f"{count(requests)} requests on {links} links met the fault: {count(failed)} got no answer "
        f"({count(executed)} of them were executed all the same), {count(slow)} took longer than the usual "
        "p95."
    )
    if window.fault.place == "system":
        marked = count(sum(hit.marked for hit in found))
        vi += f" {marked} được trả lời hoặc gửi lặp đúng như sự cố gây ra."
        en += f" {marked} were answered, or sent twice, as the fault makes it."
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
