"""Has every request that was begun become a sample, with one of the three outcomes?"""

from __future__ import annotations

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence
from reports.instrument.accounts import RequestAccount, request_accounts
from reports.text import Text, count, listed


def requests_accounted(evidence: Evidence) -> Result:
    """Requests begun = samples = ok + failed + unknown, for every worker, however it ended."""
    accounts, workers = request_accounts(evidence), evidence.run.plan.arrivals.workers
    uncounted = [f"worker {number}" for number in range(workers) if number not in accounts]
    if uncounted:
        return inconclusive(
            f"Không có số đếm của {listed(uncounted)}: không biết mất bao nhiêu yêu cầu.",
            f"There are no counts of {listed(uncounted)}: nobody knows how many requests are lost.",
            tuple(uncounted),
        )
    begun = sum(account.begun for account in accounts.values())
    if not begun:
        return inconclusive("Không yêu cầu nào được gửi.", "No request was begun.")
    unbalanced = [account for account in accounts.values() if not account.balanced]
    if unbalanced:
        told = [_told(account) for account in unbalanced]
        return missed(
            " ".join(text.vi for text in told),
            " ".join(text.en for text in told),
            tuple(f"worker {account.worker}" for account in unbalanced),
        )
    ok, failed, unknown = (
        count(sum(getattr(account, outcome) for account in accounts.values()))
        for outcome in ("ok", "failed", "unknown")
    )
    return met(
        f"Cả {count(begun)} yêu cầu đã gửi đều có mẫu: {ok} thành công, {failed} thất bại, {unknown} không "
        "rõ.",
        f"All {count(begun)} requests that were begun have a sample: {ok} ok, {failed} failed, {unknown} "
        "unknown.",
    )


def _told(account: RequestAccount) -> Text:
    lost, name = account.lost, f"worker {account.worker}"
    if lost > 0:
        unwritten, under_way = count(account.unwritten), count(account.under_way)
        return Text(
            f"{count(lost)} trên {count(account.begun)} yêu cầu của {name} đã gửi mà không có mẫu "
            f"({under_way} đang "
            f"chờ trả lời, {unwritten} chưa kịp ghi).",
            f"{count(lost)} of {count(account.begun)} requests of {name} were begun and have no sample "
            f"({under_way} "
            f"were under way, {unwritten} not yet written).",
        )
    if lost < 0:
        return Text(
            f"{name} có {count(-lost)} mẫu nhiều hơn số yêu cầu đã gửi.",
            f"{name} has {count(-lost)} samples more than requests begun.",
        )
    judged = account.ok + account.failed + account.unknown
    return Text(
        f"{name}: {count(account.begun)} yêu cầu, {count(account.recorded)} đã ghi nhận, {count(judged)} có "
        "kết quả "
        "hợp lệ.",
        f"{name}: {count(account.begun)} requests begun, {count(account.recorded)} recorded, {count(judged)} "
        "with a "
        "legal outcome.",
    )


ACCOUNTED = Check(
    "requests-accounted", "validity", Text("Mọi yêu cầu có mẫu", "Requests accounted for"), requests_accounted
)
