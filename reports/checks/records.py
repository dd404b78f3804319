"""Do the stores say what they may: statuses, units, codes, calendars? Facts of the ledger."""

from __future__ import annotations

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.checks.told import UNREAD, violated
from reports.evidence import Evidence
from reports.text import Text, count, listed

_NOTHING_STORED = ("Không có hồ sơ nào trong kho.", "No dossier is in store.")


def statuses_in_order(evidence: Evidence) -> Result | list[Result]:
    """No dossier goes back, and none leaves out a status, at the portal or in its case system."""
    if not evidence.run.plan.statuses:
        return []
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    if not ledger.held:
        return inconclusive(*_NOTHING_STORED)
    words = {
        "statuses-backwards": Text("hồ sơ quay ngược trạng thái", "dossiers went back to an earlier status"),
        "statuses-skipped": Text("hồ sơ bỏ qua trạng thái", "dossiers left out a status"),
    }
    found = {name: ledger.violations[name] for name in words if name in ledger.violations}
    if found:
        told = [
            Text(f"{count(each.count)} {words[name].vi}", f"{count(each.count)} {words[name].en}")
            for name, each in found.items()
        ]
        return violated(told, *found.values(), by="systems")
    return met(
        f"{count(ledger.held)} hồ sơ đều đi đúng trình tự trạng thái, ở Cổng quốc gia và ở tỉnh.",
        f"All {count(ledger.held)} dossiers took their statuses in order, at the portal and in the province.",
    )


def units_current(evidence: Evidence) -> Result:
    """Commune and province are stored as they were handed in: no system fell back to its old codes."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    if not ledger.held:
        return inconclusive(*_NOTHING_STORED)
    if found := ledger.violations.get("units-altered"):
        text = Text(
            f"{count(found.count)} hồ sơ được lưu với mã xã hoặc tỉnh khác lúc nộp",
            f"{count(found.count)} dossiers are stored under another commune or province than handed in",
        )
        return violated([text], found, by="systems")
    return met(
        f"{count(ledger.held)} hồ sơ đều giữ mã xã và tỉnh như lúc nộp.",
        f"All {count(ledger.held)} dossiers kept the codes of commune and province they were handed in with.",
    )


def codes_unique(evidence: Evidence) -> Result:
    """A dossier code stands for one dossier, of this night and of before."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    if not ledger.held and not ledger.acknowledged:
        return inconclusive(*_NOTHING_STORED)
    if found := ledger.violations.get("codes-shared"):
        text = Text(
            f"{count(found.count)} mã hồ sơ được cấp cho nhiều hơn một hồ sơ",
            f"{count(found.count)} dossier codes were given to more than one dossier",
        )
        return violated([text], found)
    return met(
        f"Không mã hồ sơ nào bị cấp hai lần, trong {count(ledger.acknowledged)} mã đã cấp đêm nay.",
        f"None of the {count(ledger.acknowledged)} codes that were given this night was given twice.",
    )


def system_calendars(evidence: Evidence) -> Result | list[Result]:
    """Dossiers and charges are stamped with the time at which they came, where they are stamped at all."""
    ledger, stored = evidence.ledger, evidence.frames.stored
    if ledger is None or stored is None:
        return inconclusive(*UNREAD)
    stamped = stored.loc[stored["ahead"].notna(), "system"]
    if stamped.empty:
        return []
    found = ledger.violations.get("calendars-off")
    if found:
        ahead = sorted(ledger.calendars.items(), key=lambda each: (-abs(each[1]), each[0]))
        told = listed(
            f"{name} {'−' if seconds < 0 else '+'}{count(abs(seconds))} s" for name, seconds in ahead
        )
        return missed(
            f"Lịch hệ thống sai giờ: {told}; {count(found.count)} bản ghi mang thời điểm sai.",
            f"System calendars are wrong: {told}; {count(found.count)} records bear a wrong time.",
            tuple(name for name, _ in ahead),
        )
    return met(
        f"Lịch của {count(stamped.nunique())} hệ thống đúng trong 2 s, theo {count(len(stamped))} bản ghi.",
        f"The calendars of {count(stamped.nunique())} systems are right within 2 s, by {count(len(stamped))} "
        "records.",
    )


STATUSES = Check(
    "statuses-in-order",
    "data",
    Text("Trạng thái đúng trình tự", "Statuses in order"),
    statuses_in_order,
    ("VP318-3-2", "LC-3-1", "TTG0617-III2-2"),
)
UNITS = Check(
    "units-current",
    "data",
    Text("Mã đơn vị hành chính mới", "Current unit codes"),
    units_current,
    ("TTG96-3b-2", "VP318-3-3", "TTG0617-II1-3"),
)
CODES = Check(
    "codes-unique",
    "data",
    Text("Mỗi mã một hồ sơ", "One code, one dossier"),
    codes_unique,
    ("VP318-0-1", "VP318-3-1", "TTG0617-III1-1"),
)
CALENDARS = Check(
    "system-calendars",
    "data",
    Text("Lịch hệ thống đúng giờ", "System calendars are right"),
    system_calendars,
    ("VP318-3-2",),
)
