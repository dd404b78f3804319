"""Did a live stop condition end the run? Then it was no night without interruption, whatever else it was."""

from __future__ import annotations

from reports.checks.base import Check, Result, met, missed
from reports.evidence import Evidence
from reports.text import Text, moment

CONDITIONS = {
    "error-budget": (
        "ngân sách lỗi của cả buổi đã dùng hết",
        "the error budget of the whole run was used up",
    ),
    "ledger": ("sổ cái bị vi phạm", "the ledger was breached"),
}


def not_stopped(evidence: Evidence) -> Result | list[Result]:
    """No stop condition of the plan was met; nothing is said where it has none."""
    stop, record = evidence.run.plan.stop, evidence.run.record
    if record.ended == "stopped":
        found = next((event.condition for event in evidence.frames.events if event.event == "stopped"), "")
        vi, en = CONDITIONS.get(found, (found, found))
        at = moment(evidence.run.seconds(record.stopped_at))
        return missed(
            f"Dừng lúc {at}: {vi} ({record.reason}).", f"Stopped at {at}: {en} ({record.reason}).", (found,)
        )
    if stop.error_budget is None and not stop.ledger_breach:
        return []
    return met("Không điều kiện dừng nào xảy ra.", "No stop condition was met.")


NOT_STOPPED = Check(
    "not-stopped", "service", Text("Không phải dừng giữa chừng", "Not stopped on the way"), not_stopped
)
