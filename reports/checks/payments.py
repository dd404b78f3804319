"""Was every payment taken once? Facts of the ledger."""

from __future__ import annotations

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.checks.told import UNREAD, violated
from reports.evidence import Evidence
from reports.text import Text, count


def paid_once(evidence: Evidence) -> Result:
    """Every payment was taken exactly once, for a dossier that exists, and never without telling so."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    charges = ledger.charges
    if not charges.intended and not charges.captured:
        return inconclusive("Không có khoản thanh toán nào.", "Nobody paid anything.")
    broken = {
        "doubled": ("hồ sơ bị thu tiền nhiều hơn một lần", "dossiers were charged more than once"),
        "orphaned": ("khoản thu không có hồ sơ", "charges belong to no dossier"),
        "uncaptured": ("xác nhận thanh toán không có khoản thu", "acknowledged payments were never taken"),
        "misstated": ("khoản thu sai số tiền", "charges differ from the agreed amount"),
    }
    found = [name for name in broken if f"charges-{name}" in ledger.violations]
    if found:
        told = [
            Text(*(f"{count(ledger.violations[f'charges-{name}'].count)} {words}" for words in broken[name]))
            for name in found
        ]
        result = violated(told, *(ledger.violations[f"charges-{name}"] for name in found))
        return missed(result.explanation.vi, result.explanation.en, ("payment",))
    return met(
        f"{count(charges.captured)} khoản thu, mỗi khoản đúng một lần; {count(charges.unacknowledged)} khoản "
        "người dân chưa nhận được xác nhận.",
        f"{count(charges.captured)} charges, each taken once; {count(charges.unacknowledged)} of them "
        "without an acknowledgement that reached the citizen.",
    )


PAID_ONCE = Check(
    "payments-taken-once",
    "data",
    Text("Thu tiền đúng một lần", "Payments taken once"),
    paid_once,
    ("LC-3-2", "LC-5-2"),
)
