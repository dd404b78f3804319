"""Was every worker of the swarm there to the end? A lost one takes its share of the visitors with it."""

from __future__ import annotations

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence
from reports.instrument.accounts import Missing, missing_arrivals
from reports.plan import Worker
from reports.text import Text, count, listed, moment


def workers_finished(evidence: Evidence) -> Result:
    """Every worker of the swarm offered its share to the end."""
    workers, expected = evidence.run.record.workers, evidence.run.plan.arrivals.workers
    if not workers:
        return inconclusive("run.json không ghi worker nào.", "run.json records no worker.")
    missing = missing_arrivals(evidence)
    lost = [worker for worker in workers if not worker.finished]
    told = [_told(evidence, worker, missing.get(worker.worker)) for worker in lost]
    never = sorted(set(range(expected)) - {worker.worker for worker in workers})
    told += [Text(f"Worker {n} chưa từng tham gia.", f"Worker {n} never joined.") for n in never]
    if told:
        finished = len(workers) - len(lost)
        vi, en = (
            f"{finished} trên {expected} worker chạy xong.",
            f"{finished} of {expected} workers finished.",
        )
        return missed(
            " ".join([vi, *(text.vi for text in told)]),
            " ".join([en, *(text.en for text in told)]),
            tuple(f"worker {number}" for number in [*(worker.worker for worker in lost), *never]),
        )
    vi, en = f"Cả {len(workers)} worker chạy xong.", f"All {len(workers)} workers finished."
    silent = listed(
        f"worker {event.worker} ({moment(evidence.run.seconds(event.at))})"
        for event in evidence.frames.events
        if event.event == "worker-lost"
    )
    if silent:
        vi, en = f"{vi} Có lúc mất liên lạc: {silent}.", f"{en} Not heard for a while: {silent}."
    return met(vi, en)


def _told(evidence: Evidence, worker: Worker, missing: Missing | None) -> Text:
    """Which worker, on which host, when it was last heard, and what it left undone."""
    host = (f" trên {worker.host}", f" on {worker.host}") if worker.host else ("", "")
    heard = _last_heard(evidence, worker)
    when = (
        ("không chạy đến cuối", "did not come to its end")
        if heard is None
        else (f"mất liên lạc, lần cuối lúc {moment(heard)}", f"was lost, last heard at {moment(heard)}")
    )
    vi, en = f"Worker {worker.worker}{host[0]} {when[0]}", f"Worker {worker.worker}{host[1]} {when[1]}"
    if missing is None:
        return Text(f"{vi}.", f"{en}.")
    if missing.never_offered:
        undone = _never_offered(worker, missing)
        vi, en = f"{vi}: {undone.vi}", f"{en}: {undone.en}"
    if missing.unrecorded:
        more = count(missing.unrecorded)
        vi += f"; {more} lượt nữa đã bắt đầu mà không còn dấu vết"
        en += f"; {more} more were begun and left no record"
    return Text(f"{vi}.", f"{en}.")


def _never_offered(worker: Worker, missing: Missing) -> Text:
    never, planned = count(missing.never_offered), count(worker.planned)
    since, worst, most = moment(missing.first), moment(missing.worst), count(missing.at_worst)
    return Text(
        f"{never} trên {planned} lượt đến chưa hề được phát, từ {since}, giây {worst} nhiều nhất ({most})",
        f"{never} of its {planned} arrivals were never offered, since {since}, most ({most}) at {worst}",
    )


def _last_heard(evidence: Evidence, worker: Worker) -> float | None:
    """Relative to T0; by the event where ``run.json`` does not say."""
    if worker.lost_at:
        return evidence.run.seconds(worker.lost_at)
    told = [
        event.at
        for event in evidence.frames.events
        if event.event == "worker-lost" and str(event.worker) == str(worker.worker)
    ]
    return evidence.run.seconds(told[-1]) if told else None


FINISHED = Check(
    "workers-finished", "validity", Text("Đủ worker phát tải", "Workers finished"), workers_finished
)
