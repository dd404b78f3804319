"""How violations of the ledger are told, alike in every check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from reports.checks.base import Result, missed
from reports.ledger import Violation
from reports.text import Text, count, listed

UNREAD = ("Chưa đọc kho dữ liệu.", "The stores were not read.")
NOT_AT_REST = (
    "Khi đọc kho, hệ thống chưa xử lý hết tồn đọng: muộn chưa phải là mất.",
    "The stores were read while work was still under way: late is not lost.",
)


def violated(
    told: list[Text],
    *violations: Violation,
    because_of: tuple[str, ...] = (),
    by: Literal["provinces", "systems"] = "provinces",
) -> Result:
    """Missed: what was found, in which provinces or ``by`` which systems, with a few ids to look up."""
    places = _ranked(getattr(violation, by) for violation in violations)
    examples = [name for v in violations for names in v.examples.values() for name in names]
    where = listed(f"{name} ({count(n)})" for name, n in places.items())
    shown = listed(examples, 3)
    called = Text("Tỉnh", "Provinces") if by == "provinces" else Text("Hệ thống", "Systems")
    vi = "; ".join(text.vi for text in told) + (f". {called.vi}: {where}" if where else "")
    en = "; ".join(text.en for text in told) + (f". {called.en}: {where}" if where else "")
    vi, en = f"{vi}. Ví dụ: {shown}.", f"{en}. Examples: {shown}."
    return missed(vi[:1].upper() + vi[1:], en[:1].upper() + en[1:], tuple(places), because_of)


def _ranked(counted: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The places with most first; what has no place is left out."""
    total: dict[str, int] = {}
    for counts in counted:
        for name, n in counts.items():
            if name:
                total[name] = total.get(name, 0) + n
    return dict(sorted(total.items(), key=lambda place: (-place[1], place[0])))
