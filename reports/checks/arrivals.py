"""Was the load that was planned the load that was offered? Every arrival has to be found again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence
from reports.instrument.accounts import ArrivalAccount, arrival_account
from reports.statistics import per_second
from reports.text import Text, count, listed, moment, share


def arrivals_accounted(evidence: Evidence) -> Result:
    """Planned = begun + dropped, arrival by arrival, so for every second, province and worker."""
    account = arrival_account(evidence)
    planned, lost = int(account.due.sum()), int(account.unaccounted.sum())
    begun, dropped = int(account.begun.sum()), int(account.dropped.sum())
    if not planned:
        return inconclusive("Kế hoạch không có lượt đến nào.", "The plan has no arrivals.")
    problems = [_unaccounted(evidence, account)] if lost else []
    problems += _impossible(account)
    if not problems:
        return met(
            f"Cả {count(planned)} lượt đến đều có kết cục, theo từng giây, tỉnh và worker: {count(begun)} đã "
            "bắt "
            f"đầu, {count(dropped)} bị bỏ.",
            f"All {count(planned)} planned arrivals are accounted for, by second, province and worker: "
            f"{count(begun)} begun, {count(dropped)} dropped.",
        )
    where = tuple(f"worker {n}" for n in np.unique(account.worker[account.unaccounted]))
    return missed(" ".join(text.vi for text in problems), " ".join(text.en for text in problems), where)


def _unaccounted(evidence: Evidence, account: ArrivalAccount) -> Text:
    """How many, whose, since when, the worst second, the provinces most struck."""
    gone = account.unaccounted
    planned, seconds = account.planned, np.floor(account.planned).astype("int64")
    vi, en = [], []
    for worker in np.unique(account.worker[gone]):
        mine = gone & (account.worker == worker)
        n, since = count(mine.sum()), moment(float(planned[mine].min()))
        vi.append(f"worker {worker} mất {n} từ {since}")
        en.append(f"{n} of worker {worker} since {since}")
    lost_in = np.bincount(seconds[gone] - seconds.min(), minlength=int(np.ptp(seconds)) + 1)
    worst = int(lost_in.argmax()) + int(seconds.min())
    at_worst, due = int(lost_in.max()), int((seconds == worst).sum())
    provinces = evidence.frames.arrivals["province"][gone].astype(str).value_counts()
    struck = listed(f"{code} ({count(n)})" for code, n in provinces.items())
    total, of = count(gone.sum()), count(len(planned))
    return Text(
        f"{total} trên {of} lượt đến không rõ kết cục, không bắt đầu cũng không bị bỏ: {listed(vi)}. Giây tệ "
        "nhất: "
        f"{moment(worst)}, {at_worst} trên {due}. Tỉnh: {struck}.",
        f"{total} of {of} planned arrivals have no record, neither begun nor dropped: {listed(en)}. Worst "
        "second: "
        f"{moment(worst)}, {at_worst} of {due}. Provinces: {struck}.",
    )


def _impossible(account: ArrivalAccount) -> list[Text]:
    """What no honest generator writes."""
    found = []
    if account.strangers:
        n = count(account.strangers)
        found.append(Text(f"{n} lượt không có trong kế hoạch.", f"{n} arrivals were never planned."))
    if account.repeated:
        n = count(account.repeated)
        found.append(Text(f"{n} lượt được phát hơn một lần.", f"{n} arrivals were begun more than once."))
    if account.displaced:
        n = count(account.displaced)
        found.append(
            Text(
                f"{n} lượt do worker khác phát.",
                f"{n} arrivals were begun by another worker than planned.",
            )
        )
    return found


def arrivals_offered(evidence: Evidence) -> Result:
    """As many arrivals were begun as were planned, within the plan's tolerance, second by second told."""
    plan, account = evidence.run.plan, arrival_account(evidence)
    planned, limit, known = plan.arrivals.count, plan.validity.offered_within, len(account.planned)
    if not planned:
        return inconclusive("Kế hoạch không có lượt đến nào.", "The plan has no arrivals.")
    if known != planned:
        return missed(
            f"arrivals.arrow có {count(known)} lượt, plan.json ghi {count(planned)}.",
            f"arrivals.arrow holds {count(known)} arrivals, plan.json says {count(planned)}.",
            ("arrivals.arrow",),
        )
    if not (planned := int(account.due.sum())):
        return inconclusive("Bị dừng trước lượt đến đầu tiên.", "The run was stopped before anybody came.")
    offered, dropped = int((account.due & account.begun).sum()), int((account.due & account.dropped).sum())
    second, at_worst, wanted = _worst_second(evidence, account)
    late = Text()
    if dropped:
        late = Text(f", {count(dropped)} bị bỏ vì quá trễ", f", {count(dropped)} were dropped as too late")
    vi = (
        f"Đã phát {count(offered)} trên {count(planned)} lượt ({share(offered / planned)}){late.vi}, giới "
        f"hạn lệch {share(limit)}. Giây lệch nhất: {moment(second)}, {at_worst} trên {wanted}."
    )
    en = (
        f"{count(offered)} of {count(planned)} planned arrivals were offered ({share(offered / planned)})"
        f"{late.en}; {share(limit)} may be missing. Worst second: {moment(second)}, {at_worst} of {wanted}."
    )
    return missed(vi, en, ("swarm",)) if 1 - offered / planned > limit else met(vi, en)


def _worst_second(evidence: Evidence, account: ArrivalAccount) -> tuple[int, int, int]:
    """The second with the largest gap between planned and offered: (second, offered, planned)."""
    clock = evidence.run.plan.clock
    first, last = int(np.floor(clock.start)), int(np.ceil(clock.end)) + 1
    planned = np.array(per_second(evidence.frames.arrivals["planned"], first, last))
    offered = np.array(per_second(pd.Series(account.began[account.begun]), first, last))
    worst = int(np.argmax(np.abs(planned - offered)))
    return first + worst, int(offered[worst]), int(planned[worst])


ACCOUNTED = Check(
    "arrivals-accounted",
    "validity",
    Text("Mọi lượt đến có kết cục", "Arrivals accounted for"),
    arrivals_accounted,
)
OFFERED = Check(
    "arrivals-offered", "validity", Text("Phát đủ lượt đến", "Arrivals offered"), arrivals_offered
)
