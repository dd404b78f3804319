"""Was anything lost, doubled, misplaced, altered or charged twice? Facts of the ledger."""

from __future__ import annotations

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.checks.told import NOT_AT_REST, UNREAD, violated
from reports.evidence import Evidence
from reports.ledger import Violation
from reports.text import Text, bound, count, listed

_NO_ACKNOWLEDGEMENT = ("Không có hồ sơ nào được xác nhận.", "No dossier was acknowledged.")


def not_lost(evidence: Evidence) -> Result:
    """Every acknowledged dossier is somewhere it must be."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    if not ledger.acknowledged:
        return inconclusive(*_NO_ACKNOWLEDGEMENT)
    gone = ledger.violations.get("carried-over-missing")
    if ledger.lost or gone:
        told = [
            Text(
                f"{count(ledger.lost)} trên {count(ledger.acknowledged)} hồ sơ đã xác nhận không có ở đâu cả",
                f"{count(ledger.lost)} of {count(ledger.acknowledged)} acknowledged dossiers are nowhere",
            )
        ]
        if gone:
            told.append(
                Text(
                    f"{count(gone.count)} hồ sơ có từ trước không còn đủ ở cả hai nơi",
                    f"{count(gone.count)} dossiers carried over are missing at the portal or in the case "
                    "system",
                )
            )
        found = [v for v in (ledger.violations.get("lost"), gone) if v]
        return violated(told, *found)
    below = bound(ledger.loss_bound or 0.0)
    return met(
        f"Không mất hồ sơ nào trong {count(ledger.acknowledged)} xác nhận: tỷ lệ mất dưới {below} (tin cậy "
        "95 %).",
        f"None of {count(ledger.acknowledged)} acknowledged dossiers was lost: the loss rate is below "
        f"{below} at 95 %.",
    )


def not_doubled(evidence: Evidence) -> Result:
    """One submission, one dossier: never two records in one system, never in two case systems, never none."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    if not ledger.submitted:
        return inconclusive("Không có hồ sơ nào được nộp.", "No dossier was submitted.")
    doubled, invented = ledger.violations.get("duplicated"), ledger.violations.get("invented")
    told = []
    if doubled:
        told.append(
            Text(
                f"{count(ledger.duplicated)} hồ sơ bị nhân đôi; {count(ledger.unknown_twice)} trong đó do "
                "người dân không rõ kết quả lần nộp",
                f"{count(ledger.duplicated)} dossiers exist more than once; {count(ledger.unknown_twice)} of "
                "the citizens concerned were never told an outcome",
            )
        )
    if invented and _all_intents_known(evidence):
        told.append(
            Text(
                f"{count(invented.count)} hồ sơ có trong kho mà không ai nộp",
                f"{count(invented.count)} dossiers are in store that nobody submitted",
            )
        )
    if told:
        return violated(told, *(found for found in (doubled, invented) if found))
    if invented:
        return inconclusive(
            f"{count(invented.count)} hồ sơ không rõ ai nộp: nhật ký các lần nộp không đủ.",
            f"Who submitted {count(invented.count)} dossiers is not known: the journal of intents is torn or "
            "incomplete.",
        )
    below = bound(ledger.double_bound or 1.0)
    return met(
        f"Không hồ sơ nào bị nhân đôi trong {count(ledger.effective)} lần nộp có hiệu lực: tỷ lệ dưới "
        f"{below} (tin cậy 95 %); {count(ledger.unknown_once)} trên {count(ledger.unknown)} lần nộp không rõ "
        "kết quả đã được ghi nhận đúng một lần.",
        f"No dossier exists twice, of {count(ledger.effective)} submissions that took effect: the rate is "
        f"below {below} at 95 %; {count(ledger.unknown_once)} of {count(ledger.unknown)} submissions without "
        "a known outcome took effect, once each.",
    )


def right_case_system(evidence: Evidence) -> Result:
    """Every acknowledged dossier is in the case system of its province, and in no other."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    if not ledger.acknowledged:
        return inconclusive(*_NO_ACKNOWLEDGEMENT)
    misrouted, undelivered = ledger.violations.get("misrouted"), ledger.violations.get("undelivered")
    if misrouted:
        text = Text(
            f"{count(misrouted.count)} hồ sơ nằm ở hệ thống của tỉnh khác",
            f"{count(misrouted.count)} dossiers are in the case system of another province",
        )
        return violated([text], misrouted)
    if undelivered and not evidence.at_rest:
        return inconclusive(*NOT_AT_REST)
    if undelivered:
        text = Text(
            f"{count(undelivered.count)} hồ sơ có ở Cổng quốc gia nhưng chưa đến hệ thống của tỉnh",
            f"{count(undelivered.count)} dossiers are at the national portal but not in their case system",
        )
        return violated([text], undelivered, because_of=_connection(evidence, undelivered))
    return met(
        f"Cả {count(ledger.delivered)} hồ sơ nằm đúng hệ thống của tỉnh.",
        f"All {count(ledger.delivered)} dossiers are in the case system of their province.",
    )


def synchronised(evidence: Evidence) -> Result:
    """The national portal and the case system tell the citizen the same last status."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    if not ledger.delivered:
        return inconclusive("Chưa có hồ sơ nào ở hệ thống của tỉnh.", "No dossier is in a case system.")
    apart = ledger.violations.get("unsynchronised")
    if apart and not evidence.at_rest:
        return inconclusive(*NOT_AT_REST)
    if apart:
        text = Text(
            f"{count(apart.count)} hồ sơ có trạng thái cuối khác nhau giữa Cổng quốc gia và tỉnh",
            f"{count(apart.count)} dossiers end in another status at the national portal than in the "
            "province",
        )
        return violated([text], apart, because_of=_connection(evidence, apart))
    return met(
        f"{count(ledger.synchronised)} hồ sơ có cùng trạng thái cuối ở cả hai nơi.",
        f"{count(ledger.synchronised)} dossiers end in the same status at both.",
    )


def unaltered(evidence: Evidence) -> Result:
    """What is stored is what the citizen sent, byte for byte and file for file."""
    ledger = evidence.ledger
    if ledger is None:
        return inconclusive(*UNREAD)
    if not ledger.stored and not ledger.delivered:
        return inconclusive("Không có hồ sơ nào trong kho.", "No dossier is in store.")
    words = {
        "altered": Text("hồ sơ có nội dung khác với lúc nộp", "dossiers differ from what was sent"),
        "files-missing": Text("hồ sơ thiếu tệp đính kèm", "dossiers lack attached files"),
    }
    found = {name: ledger.violations[name] for name in words if name in ledger.violations}
    if found:
        told = [
            Text(f"{count(each.count)} {words[name].vi}", f"{count(each.count)} {words[name].en}")
            for name, each in found.items()
        ]
        return violated(told, *found.values(), by="systems")
    return met(
        f"Nội dung và tệp của {count(ledger.held)} hồ sơ đúng như lúc nộp.",
        f"All {count(ledger.held)} stored dossiers are as they were sent, with their files.",
    )


def closed_portals(evidence: Evidence) -> Result | list[Result]:
    """From T0 on the provincial portals store nothing and answer submissions with 410 Gone."""
    portals = {system.name for system in evidence.run.plan.systems_of("provincial-portal")}
    if not portals:
        return []
    if evidence.ledger is None:
        return inconclusive(*UNREAD)
    intents = evidence.frames.intents
    tried = intents[intents["system"].isin(portals) & (intents["at"] >= 0)]
    accepted = tried[tried["outcome"] == "ok"]
    stored = evidence.ledger.violations.get("closed-portal-stored")
    if stored or len(accepted):
        text = Text(
            f"{count(stored.count if stored else 0)} hồ sơ được cổng tỉnh đã đóng lưu sau T0, "
            f"{count(len(accepted))} được xác nhận",
            f"closed provincial portals stored {count(stored.count if stored else 0)} dossiers after T0 and "
            f"acknowledged {count(len(accepted))}",
        )
        result = violated([text], *((stored,) if stored else ()))
        return missed(result.explanation.vi, result.explanation.en, tuple(sorted(set(accepted["system"]))))
    answered = tried[tried["status"] > 0]
    other = answered[answered["status"] != 410]
    if len(other):
        statuses = listed(f"{status} × {n}" for status, n in other["status"].value_counts().items())
        return missed(
            f"Cổng tỉnh đã đóng trả lời khác 410: {statuses}.",
            f"Closed provincial portals answered something else than 410: {statuses}.",
            tuple(sorted(set(other["system"]))),
        )
    if answered.empty:
        return inconclusive(
            "Sau T0 không ai thử nộp ở cổng tỉnh: chưa thể kết luận.",
            "Nobody tried to submit at a closed portal after T0: nothing is known.",
        )
    return met(
        f"{count(len(answered))} lần nộp sau T0 đều bị từ chối với 410, không hồ sơ nào được lưu.",
        f"All {count(len(answered))} submissions after T0 were refused with 410, and nothing was stored.",
    )


def _all_intents_known(evidence: Evidence) -> bool:
    """Whether no line of the journals of intents can be missing."""
    frames = evidence.frames
    gaps = [name for name in (*frames.torn, *frames.missing) if name.startswith("intents.")]
    return not gaps and all(worker.finished for worker in evidence.run.record.workers)


def _connection(evidence: Evidence, violation: Violation) -> tuple[str, ...]:
    return ("provinces-connected",) if set(violation.provinces) <= set(evidence.disconnected) else ()


NOT_LOST = Check(
    "no-dossier-lost",
    "data",
    Text("Không mất hồ sơ đã xác nhận", "No acknowledged dossier lost"),
    not_lost,
    ("VP318-0-1", "VP0701-1-1", "TTG0617-III1-1"),
)
NOT_DOUBLED = Check(
    "no-dossier-doubled",
    "data",
    Text("Không nhân đôi hồ sơ", "No dossier doubled"),
    not_doubled,
    ("TTG96-2a-0", "VP318-3-1", "LC-5-2", "TTG0617-III2-1"),
)
RIGHT_CASE_SYSTEM = Check(
    "right-case-system",
    "data",
    Text("Đúng hệ thống của tỉnh, đúng một lần", "In the right case system exactly once"),
    right_case_system,
    (
        "TTG96-2a-0",
        "TTG96-2a-5",
        "TTG96-2c-1",
        "TTG96-3b-2",
        "VP318-3-1",
        "VP318-3-2",
        "LC-2-1",
        "VP0701-5-1",
        "TTG0617-II1-3",
        "TTG0617-III2-1",
    ),
)
SYNCHRONISED = Check(
    "synchronised",
    "data",
    Text("Đồng bộ trạng thái", "Statuses synchronised"),
    synchronised,
    ("VP318-0-1", "VP318-3-2", "LC-3-1", "LC-5-2", "VP0701-1-1", "TTG0617-III2-2"),
)
UNALTERED = Check(
    "content-unaltered",
    "data",
    Text("Nội dung nguyên vẹn", "Content unaltered"),
    unaltered,
    ("VP318-0-1", "VP0701-1-1", "TTG0617-III1-1"),
)
CLOSED_PORTALS = Check(
    "closed-portals",
    "data",
    Text("Cổng tỉnh đã đóng không nhận hồ sơ", "Closed portals accept nothing"),
    closed_portals,
    ("TTG96-2a-6", "LC-1-6", "LC-2-2", "LC-5-5", "VP0701-5-1", "TTG0617-III2-3"),
)
