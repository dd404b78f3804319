"""Can this run be believed? Asked before anything is said about the country.

A breach here never blames a system: it says that the rehearsal did not happen as planned.
"""

from __future__ import annotations

from reports.absences import absences, ended_by_plan, torn_by_plan, touch
from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence
from reports.lookup import id_among
from reports.text import Text, count, listed, moment, seconds, share

BOTH_ENDS_TOLERANCE = 0.01
"""Share of answered requests that may be absent from their callee's journal (its last moments, if killed)."""


def completed(evidence: Evidence) -> Result:
    """The conductor played the whole plan, and no process died before the stores were read."""
    record = evidence.run.record
    reasons = [event.reason for event in evidence.frames.events if event.event == "failed" and event.reason]
    reason = record.reason or "; ".join(reasons)
    if record.ended not in ("completed", "stopped"):
        tail = f": {reason}" if reason else ""
        ended = {"interrupted": "bị ngắt giữa chừng", "aborted": "bị hủy", "running": "chưa kết thúc"}
        english = {
            "interrupted": "was interrupted",
            "aborted": "was aborted",
            "running": "never said that it ended",
        }
        return missed(
            f"Lần chạy {ended[record.ended]}{tail}.",
            f"The run {english[record.ended]}{tail}.",
            (record.ended,),
        )
    dead = _died_early(evidence)
    if dead:
        return missed(
            f"Tiến trình kết thúc sớm: {listed(dead)}.",
            f"Processes ended early: {listed(dead)}.",
            tuple(dead),
        )
    if record.ended == "stopped":
        at = moment(evidence.run.seconds(record.stopped_at))
        return met(
            f"Đã dừng theo điều kiện dừng lúc {at}; phần trước đó được xét.",
            f"A stop condition ended the run at {at}; what came before is judged.",
        )
    return met("Kế hoạch đã chạy đến cuối.", "The plan was played to its end.")


def _died_early(evidence: Evidence) -> list[str]:
    """Processes that ended with a status other than 0 before the stores were read, and not by the plan."""
    dead, by_plan = [], ended_by_plan(evidence)
    for event in evidence.frames.events:
        if event.event == "phase" and event.phase in ("read-stores", "done"):
            break
        if event.event == "process-ended" and event.status != 0 and event.process not in by_plan:
            dead.append(f"{event.process} ({event.status})")
        elif event.event == "failed":
            dead.append(event.reason or "failed")
    return dead


def journals_complete(evidence: Evidence) -> Result:
    """No journal is missing, and none was torn off by the death of its writer, unless the plan killed it."""
    frames = evidence.frames
    torn = [name for name in frames.torn if not torn_by_plan(evidence, name)]
    if not frames.missing and not torn:
        return met("Không nhật ký nào thiếu hoặc bị cắt.", "No journal is missing or torn.")
    vi, en = [], []
    if frames.missing:
        vi.append(f"thiếu {listed(frames.missing)}")
        en.append(f"missing: {listed(frames.missing)}")
    if torn:
        vi.append(f"bị cắt {listed(torn)}")
        en.append(f"torn: {listed(torn)}")
    where = (*frames.missing, *torn)
    return missed(f"Nhật ký {'; '.join(vi)}.", f"Journals {'; '.join(en)}.", where)


def enough_samples(evidence: Evidence) -> Result:
    """The judged window holds at least the planned minimum of samples."""
    found, minimum = len(evidence.judged), evidence.run.plan.validity.minimum_samples
    vi = f"{count(found)} mẫu trong khoảng xét; cần ít nhất {count(minimum)}."
    en = f"{count(found)} samples in the judged window; at least {count(minimum)} are needed."
    return met(vi, en) if found >= max(minimum, 1) else missed(vi, en)


def both_ends_agree(evidence: Evidence) -> Result:
    """What citizens got an answer to was received by a system that keeps a journal."""
    samples, received = evidence.frames.samples, evidence.frames.received
    journaling = set(received["system"].astype(str).unique())
    compared = [link.name for link in evidence.run.plan.links if link.callee in journaling]
    answered = samples[(samples["status"] > 0) & samples["link"].isin(compared)]
    for system, spans in absences(evidence).items():  # a killed one takes its last moments with it
        to_it = answered["link"].isin(
            [link.name for link in evidence.run.plan.links if link.callee == system]
        )
        answered = answered[~(to_it & touch(spans, answered["sent"], answered["done"]))]
    if answered.empty:
        return inconclusive(
            "Không có yêu cầu nào có trả lời để đối chiếu.", "No answered request could be compared."
        )
    unseen = answered[~id_among(answered["span"], received["parent"])]
    apart = len(unseen) / len(answered)
    vi = (
        f"{share(1 - apart)} của {count(len(answered))} yêu cầu có trả lời được phía nhận ghi lại; cho phép "
        f"thiếu {share(BOTH_ENDS_TOLERANCE)}."
    )
    en = (
        f"{share(1 - apart)} of {count(len(answered))} answered requests are in their callee's journal; "
        f"{share(BOTH_ENDS_TOLERANCE)} may be missing."
    )
    if apart <= BOTH_ENDS_TOLERANCE:
        return met(vi, en)
    return missed(vi, en, tuple(unseen["link"].astype(str).value_counts().head(5).index))


def drained(evidence: Evidence) -> Result:
    """Everything under way came to rest before the stores were read, so that late is not taken for lost.

    What waits for a province that was never connected can never come to rest: it is no breach, the check
    ``provinces-connected`` names it.
    """
    record, left = evidence.run.record, evidence.unexplained_backlog
    if record.drained:
        return met(
            f"Đã xử lý hết sau {seconds(record.drain_seconds)}.",
            f"Everything came to rest within {seconds(record.drain_seconds)}.",
        )
    if evidence.at_rest:
        waiting = sum(record.backlog.values())
        where = listed(evidence.disconnected)
        return met(
            f"Mọi thứ khác đã xử lý hết; {count(waiting)} thông điệp còn chờ tỉnh chưa kết nối ({where}).",
            f"All else came to rest; {count(waiting)} messages wait for provinces never connected ({where}).",
        )
    if left:
        named = listed(
            f"{system}: {count(n)}" for system, n in sorted(left.items(), key=lambda item: -item[1])
        )
        return missed(
            f"Còn tồn sau {seconds(record.drain_seconds)}: {named}.",
            f"Still waiting after {seconds(record.drain_seconds)}: {named}.",
            tuple(left),
        )
    return missed("Chưa chờ xử lý hết.", "The run did not wait until everything had come to rest.")


COMPLETED = Check("run-completed", "validity", Text("Lần chạy trọn vẹn", "Run completed"), completed)
JOURNALS = Check(
    "journals-complete", "validity", Text("Nhật ký đầy đủ", "Journals complete"), journals_complete
)
SAMPLES = Check("enough-samples", "validity", Text("Đủ số mẫu", "Enough samples"), enough_samples)
BOTH_ENDS = Check(
    "both-ends-agree", "validity", Text("Hai đầu khớp nhau", "Both ends agree"), both_ends_agree
)
DRAINED = Check("drained", "validity", Text("Đã xử lý hết tồn đọng", "Drained"), drained)
