"""Was every payment taken once, for a dossier, in the right amount, and is it shown? Facts of the ledger."""

from __future__ import annotations

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.checks.told import UNREAD, violated
from reports.evidence import Evidence
from reports.ledger import Ledger
from reports.text import Text, bound, count

_NOT_AT_REST = (
    "Khi đọc kho, hệ thống chưa xử lý hết tồn đọng: muộn chưa phải là không có.",
    "The stores were read while work was still under way: late is not never.",
)

BROKEN = {
    "doubled": Text("hồ sơ bị thu tiền nhiều hơn một lần", "dossiers were charged more than once"),
    "uncaptured": Text("xác nhận thanh toán không có khoản thu", "acknowledged payments were never taken"),
    "unsettled": Text(
        "thanh toán báo đang xử lý mà không bao giờ được thu",
        "payments that were said to be under way were never taken",
    ),
    "orphaned": Text("khoản thu không có hồ sơ", "charges belong to no dossier that the portal has"),
    "misposted": Text(
        "khoản thu ghi cho hồ sơ khác", "charges name another dossier than their citizen paid for"
    ),
    "misstated": Text("khoản thu sai số tiền", "charges differ from the agreed amount"),
    "misquoted": Text(
        "khoản phải trả khác mức phí của hồ sơ", "payments were asked for another amount than the fee"
    ),
    "hidden": Text(
        "hồ sơ đã trả phí mà Cổng quốc gia không ghi nhận",
        "dossiers were paid for, and the national portal does not show it",
    ),
    "unfounded": Text(
        "hồ sơ ghi đã trả phí bằng khoản thu không phải của mình",
        "dossiers are shown as paid by a charge that is not theirs",
    ),
}


def paid_once(evidence: Evidence) -> Result:
    """Every acknowledged payment was taken exactly once."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    charges = ledger.charges
    if not charges.intended and not charges.captured:
        return inconclusive("Không có khoản thanh toán nào.", "Nobody paid anything.")
    # where work is still under way, what was only said to be under way may come
    counted = ("doubled", "uncaptured", "unsettled") if evidence.at_rest else ("doubled", "uncaptured")
    if result := _broken(ledger, *counted):
        return result
    if charges.unsettled:
        return inconclusive(*_NOT_AT_REST)
    below = bound(charges.double_bound or 1.0)
    return met(
        f"{count(charges.captured)} khoản thu, mỗi khoản đúng một lần (tỷ lệ thu hai lần dưới {below}, tin "
        f"cậy 95 %); {count(charges.unacknowledged)} khoản người dân chưa nhận được xác nhận.",
        f"{count(charges.captured)} charges, each taken once (below {below} twice at 95 %); "
        f"{count(charges.unacknowledged)} of them without an acknowledgement that reached the citizen.",
    )


def have_dossiers(evidence: Evidence) -> Result | list[Result]:
    """Money was taken only for dossiers that exist, and for the one that was paid for."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    if not ledger.charges.captured:
        return []
    return _broken(ledger, "orphaned", "misposted") or met(
        f"Cả {count(ledger.charges.captured)} khoản thu đều có hồ sơ của mình.",
        f"All {count(ledger.charges.captured)} charges belong to the dossier that they were paid for.",
    )


def fees_right(evidence: Evidence) -> Result | list[Result]:
    """Citizens were asked for the fee of their procedure, and no other amount was taken."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    charges = ledger.charges
    if not charges.intended:
        return []
    return _broken(ledger, "misstated", "misquoted") or met(
        f"{count(charges.captured)} khoản thu đúng số tiền đã báo.",
        f"{count(charges.captured)} charges are of the amount that the citizen agreed to.",
    )


def shown(evidence: Evidence) -> Result | list[Result]:
    """What was paid is shown as paid, and only that, once everything has come to rest."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    charges = ledger.charges
    if not charges.expected and not charges.captured:
        return []
    if charges.hidden and not evidence.at_rest:
        return _broken(ledger, "unfounded") or inconclusive(*_NOT_AT_REST)
    return _broken(ledger, "hidden", "unfounded") or met(
        f"Mọi hồ sơ đã trả phí ({count(charges.captured)} khoản thu) đều được Cổng quốc gia ghi nhận.",
        f"Every dossier that was paid for ({count(charges.captured)} charges) is shown as paid.",
    )


def _broken(ledger: Ledger, *names: str) -> Result | None:
    """Missed where one of the rules is broken; at the payment platform and at whoever shows it wrongly."""
    found = {
        name: ledger.violations[f"charges-{name}"] for name in names if f"charges-{name}" in ledger.violations
    }
    if not found:
        return None
    told = [
        Text(f"{count(violation.count)} {BROKEN[name].vi}", f"{count(violation.count)} {BROKEN[name].en}")
        for name, violation in found.items()
    ]
    result = violated(told, *found.values())
    systems = {name for violation in found.values() for name in violation.systems} or {"payment"}
    return missed(result.explanation.vi, result.explanation.en, tuple(sorted(systems)))


PAID_ONCE = Check(
    "payments-taken-once",
    "data",
    Text("Thu tiền đúng một lần", "Payments taken once"),
    paid_once,
    ("LC-5-2",),
)
HAVE_DOSSIERS = Check(
    "payments-have-dossiers",
    "data",
    Text("Khoản thu nào cũng có hồ sơ", "Every charge has its dossier"),
    have_dossiers,
    ("LC-5-2", "TTG0617-III1-1"),
)
FEES = Check(
    "fees-right",
    "data",
    Text("Thu đúng mức phí, lệ phí", "The right fee"),
    fees_right,
    ("LC-3-2", "LC-5-2"),
)
SHOWN = Check(
    "payments-shown",
    "data",
    Text("Đã trả phí thì được ghi nhận", "What is paid is shown as paid"),
    shown,
    ("LC-5-2",),
)
