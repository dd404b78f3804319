"""Is every province connected? Judged by what arrived there, not by what anybody says of it."""

from __future__ import annotations

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence
from reports.text import Text, count, listed


def provinces_connected(evidence: Evidence) -> Result:
    """Dossiers acknowledged by the national portal reach the case system of every province."""
    ledger, plan = evidence.ledger, evidence.run.plan
    if ledger is None:
        return inconclusive("Chưa đọc kho dữ liệu.", "The stores were not read.")
    if evidence.disconnected:
        told = [_where_calls_died(evidence, province) for province in evidence.disconnected]
        return missed(
            " ".join(text.vi for text in told),
            " ".join(text.en for text in told),
            tuple(f"case-{province}" for province in evidence.disconnected),
        )
    unproved = [
        f"{row.province} {plan.province_names[row.province]}"
        for row in ledger.provinces
        if not row.arrived and not evidence.reached(row.province)
    ]
    if unproved:
        return inconclusive(
            f"Chưa có hồ sơ hay lời gọi nào tới {listed(unproved, 34)}: chưa thể kết luận.",
            f"No dossier was meant for {listed(unproved, 34)} and no call reached them: nothing is known.",
            tuple(unproved),
        )
    arrived = sum(row.arrived for row in ledger.provinces)
    return met(
        f"Cả {len(ledger.provinces)} tỉnh nhận được hồ sơ; {count(arrived)} hồ sơ đã đến nơi.",
        f"All {len(ledger.provinces)} provinces were reached; {count(arrived)} dossiers arrived.",
    )


def _where_calls_died(evidence: Evidence, province: str) -> Text:
    """The province, how many dossiers wait, and what each hop of the way answered."""
    plan, ledger = evidence.run.plan, evidence.ledger
    forwarded = next(row.forwarded for row in ledger.provinces if row.province == province) if ledger else 0
    name = f"{province} {plan.province_names.get(province, '')}".strip()
    hops = [_hop(evidence, link) for link in evidence.hops(province)]
    vi = "; ".join(text.vi for text in hops)
    en = "; ".join(text.en for text in hops)
    return Text(
        f"Tỉnh {name} chưa được kết nối: {count(forwarded)} hồ sơ đã tiếp nhận, không hồ sơ nào đến nơi. "
        f"{vi}.",
        f"Province {name} is not connected: {count(forwarded)} dossiers were acknowledged, none arrived. "
        f"{en}.",
    )


def _hop(evidence: Evidence, link: str) -> Text:
    plan, calls = evidence.run.plan, evidence.frames.calls
    ends = plan.link_ends[link]
    made = calls[(calls["link"] == link)]
    if made.empty:
        return Text(
            f"{ends.caller} → {ends.callee}: không có lời gọi nào", f"{ends.caller} → {ends.callee}: no call"
        )
    answers = made["status"].astype(str).where(made["status"] > 0, made["error"].astype(str))
    most = answers.value_counts()
    told = listed(f"{answer} × {count(n)}" for answer, n in most.items())
    return Text(
        f"{ends.caller} → {ends.callee}: {count(len(made))} lời gọi, kết quả {told}",
        f"{ends.caller} → {ends.callee}: {count(len(made))} calls, answered {told}",
    )


CONNECTED = Check(
    "provinces-connected",
    "service",
    Text("Mọi tỉnh đã kết nối", "Every province is connected"),
    provinces_connected,
    ("TTG96-2a-5", "TTG96-2c-1", "VP318-3-2", "LC-2-1", "TTG0617-II2-2", "TTG0617-III2-2"),
)
