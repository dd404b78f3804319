"""Does the declared capacity of every system suffice for the surge?"""

from __future__ import annotations

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence, SystemLoad
from reports.instrument.event_loops import loops
from reports.text import Text, count, moment, seconds, share


def capacity_suffices(evidence: Evidence) -> Result:
    """No system turned anybody away because its servers and its queue were full."""
    if not evidence.loads:
        return inconclusive("Không hệ thống nào nhận yêu cầu.", "No system received a request.")
    if evidence.exhausted:
        told = [_told(load) for load in evidence.exhausted[:5]]
        told.append(_what_limited(evidence))
        return missed(
            " ".join(text.vi for text in told),
            " ".join(text.en for text in told),
            tuple(load.system for load in evidence.exhausted),
        )
    busiest = evidence.loads[0]
    queued = "" if busiest.queue_peak is None else f"{count(busiest.queue_peak)}"
    return met(
        f"Không hệ thống nào từ chối vì quá tải. Bận nhất: {busiest.system}, {share(busiest.utilisation, 0)} "
        f"công suất, hàng đợi cao nhất {queued or '–'}.",
        f"No system turned anybody away. The busiest: {busiest.system}, {share(busiest.utilisation, 0)} of "
        f"its capacity over the run, queue peak {queued or '–'}.",
    )


def _what_limited(evidence: Evidence) -> Text:
    """The declared capacity, if the processes of the mocks were punctual; else their machine, perhaps."""
    limit = evidence.run.plan.validity.loop_lag_p99
    lags = [loop.lag_p99 for name, loop in loops(evidence).items() if name.startswith("mocks-")]
    known = [lag for lag in lags if lag is not None]
    if known and len(known) == len(lags) and max(known) <= limit:
        p99 = seconds(max(known))
        return Text(
            f"Giới hạn là công suất khai báo: tiến trình giả lập vẫn đúng giờ (trễ p99 {p99}).",
            f"The declared capacity was the limit: the mocks' own processes were punctual (lag p99 {p99}).",
        )
    return Text(
        "Chưa chắc giới hạn là công suất khai báo: xem mục hệ thống giả lập đủ CPU.",
        "Whether the declared capacity was the limit is not known: see whether the mocks had CPU.",
    )


def _told(load: SystemLoad) -> Text:
    part = share(load.refused / load.requests)
    refused, requests = count(load.refused), count(load.requests)
    vi = f"{load.system} từ chối {refused} trên {requests} yêu cầu ({part}) vì hết công suất khai báo"
    en = f"{load.system} turned away {refused} of {requests} requests ({part}) at its declared capacity"
    if load.worst_second is not None:
        vi += f", nhiều nhất {count(load.worst_refusals)} trong giây {moment(load.worst_second)}"
        en += f", at most {count(load.worst_refusals)} in the second {moment(load.worst_second)}"
    if load.queue_peak is not None:
        vi += f"; hàng đợi cao nhất {count(load.queue_peak)}"
        en += f"; queue peak {count(load.queue_peak)}"
    return Text(
        f"{vi}; dùng {share(load.utilisation, 0)} công suất cả lần chạy.",
        f"{en}; {share(load.utilisation, 0)} of its capacity was used over the run.",
    )


SUFFICES = Check(
    "capacity-suffices",
    "service",
    Text("Công suất khai báo đủ dùng", "Declared capacity suffices"),
    capacity_suffices,
    ("TTG96-3a-1", "VP0701-1-2", "VP0701-3-2", "VP0701-3-5", "TTG0617-III4-2", "TTG0617-III6-2"),
)
