"""Did systems mean what they told citizens: taken, refused, not there? Samples and the ledger."""

from __future__ import annotations

import pandas as pd

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.checks.planted import said_by_a_fault
from reports.checks.told import UNREAD, violated
from reports.evidence import Evidence
from reports.ledger.reads import Reads, denied, reads_after_acknowledgement
from reports.text import Text, count, listed

TRIED = "refused-closed-procedure"
"""The step that hands in a dossier for a closed procedure."""
JOURNEY = "try-closed-procedure"


def read_after_acknowledgement(evidence: Evidence) -> Result:
    """What was acknowledged can be read at once where it was acknowledged."""
    frames = evidence.frames
    if not (frames.intents["outcome"] == "ok").any():
        return inconclusive("Không có gì được xác nhận.", "Nothing was acknowledged.")
    reads = reads_after_acknowledgement(evidence.run.plan, frames.intents, frames.samples)
    stale = reads.denied[~said_by_a_fault(evidence, reads.denied)]
    if not reads.count:
        return inconclusive(
            "Không ai tra cứu hồ sơ vừa được xác nhận.", "Nobody looked at what had just been acknowledged."
        )
    if stale.empty:
        return met(
            f"{count(reads.count)} lần tra cứu ngay sau khi được xác nhận đều thấy hồ sơ.",
            f"All {count(reads.count)} looks at what had just been acknowledged found it.",
        )
    return _stale(reads, stale)


def _stale(reads: Reads, stale: pd.DataFrame) -> Result:
    found = denied(stale)
    latest = float((stale["sent"] - stale["ended"]).max())
    text = Text(
        f"{count(found.count)} hồ sơ đã xác nhận bị trả lời là không có ({count(len(stale))} trên "
        f"{count(reads.count)} lần tra cứu, muộn nhất {latest:.1f} s sau xác nhận)",
        f"{count(found.count)} acknowledged dossiers were said not to exist ({count(len(stale))} of "
        f"{count(reads.count)} looks, up to {latest:.1f} s after the acknowledgement)",
    )
    return violated([text], found, by="systems")


def refusals_honest(evidence: Evidence) -> Result | list[Result]:
    """What was clearly refused was not done: a citizen who is told no may do it again elsewhere."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    if not ledger.failed:
        return []
    if found := ledger.violations.get("failed-but-stored"):
        text = Text(
            f"{count(found.count)} trên {count(ledger.failed)} lần nộp bị từ chối mà vẫn được lưu",
            f"{count(found.count)} of {count(ledger.failed)} refused submissions were stored all the same",
        )
        return violated([text], found)
    return met(
        f"Cả {count(ledger.failed)} lần nộp bị từ chối đều không để lại hồ sơ nào.",
        f"None of the {count(ledger.failed)} submissions that were refused left a dossier.",
    )


def closed_procedures(evidence: Evidence) -> Result | list[Result]:
    """Nothing is taken for a procedure that was abolished."""
    plan, ledger, frames = evidence.run.plan, evidence.ledger, evidence.frames
    if not plan.closed_procedures:
        return []
    if ledger is None:
        return inconclusive(*UNREAD)
    wanted = frames.intents["procedure"].isin(plan.closed_procedures)
    taken = frames.intents[wanted & (frames.intents["outcome"] == "ok")]
    found = ledger.violations.get("closed-procedure-stored")
    if found:
        text = Text(
            f"{count(found.count)} hồ sơ của thủ tục đã bãi bỏ vẫn được nhận",
            f"{count(found.count)} dossiers were taken for procedures that are abolished",
        )
        return violated([text], found, by="systems")
    if len(taken):
        return missed(
            f"{count(len(taken))} lần nộp cho thủ tục đã bãi bỏ được xác nhận.",
            f"{count(len(taken))} submissions for procedures that are abolished were acknowledged.",
            tuple(sorted({str(name) for name in taken["system"]})),
        )
    tried = frames.samples.loc[frames.samples["step"] == TRIED, "status"]
    if (answered := tried[tried > 0]).empty:
        if not (frames.arrivals["journey"] == JOURNEY).any() and tried.empty:
            return []
        return inconclusive(
            "Chưa ai thử nộp cho thủ tục đã bãi bỏ: chưa thể kết luận.",
            "Nobody tried to hand in for an abolished procedure: nothing is known.",
        )
    statuses = listed(f"{status} × {count(n)}" for status, n in answered.value_counts().items())
    return met(
        f"{count(len(answered))} lần nộp cho thủ tục đã bãi bỏ không để lại hồ sơ nào ({statuses}).",
        f"{count(len(answered))} attempts to hand in for abolished procedures left no dossier ({statuses}).",
    )


READ_BACK = Check(
    "read-after-acknowledgement",
    "data",
    Text("Xác nhận rồi thì tra cứu được", "Acknowledged means readable"),
    read_after_acknowledgement,
    ("VP318-0-2", "TTG0617-III1-1"),
)
REFUSALS = Check(
    "refusals-honest",
    "data",
    Text("Từ chối là không lưu", "Refused means not stored"),
    refusals_honest,
    ("LC-5-5", "TTG0617-III1-1"),
)
CLOSED_PROCEDURES = Check(
    "closed-procedures",
    "data",
    Text("Thủ tục đã bãi bỏ không được nhận", "Abolished procedures accept nothing"),
    closed_procedures,
    ("LC-5-4",),
)
