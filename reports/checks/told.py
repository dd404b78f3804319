"""How violations of the ledger are told, alike in every check."""

from __future__ import annotations

from reports.checks.base import Result, missed
from reports.ledger import Violation
from reports.text import Text, listed

UNREAD = ("Chưa đọc kho dữ liệu.", "The stores were not read.")


def violated(told: list[Text], *violations: Violation, because_of: tuple[str, ...] = ()) -> Result:
    """Missed: what was found, in which provinces, with a few ids to look up."""
    provinces: dict[str, int] = {}
    for violation in violations:
        for code, n in violation.provinces.items():
            provinces[code] = provinces.get(code, 0) + n
    ranked = sorted((code for code in provinces if code), key=lambda code: (-provinces[code], code))
    examples = [name for v in violations for names in v.examples.values() for name in names]
    where = listed(f"{code} ({provinces[code]})" for code in ranked)
    shown = listed(examples, 3)
    vi = "; ".join(text.vi for text in told) + (f". Tỉnh: {where}" if where else "") + f". Ví dụ: {shown}."
    en = (
        "; ".join(text.en for text in told)
        + (f". Provinces: {where}" if where else "")
        + f". Examples: {shown}."
    )
    return missed(vi[:1].upper() + vi[1:], en[:1].upper() + en[1:], tuple(ranked), because_of)
