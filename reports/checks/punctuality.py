"""Were generator and mocks punctual? A late process measures itself, not the country."""

from __future__ import annotations

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence
from reports.instrument import journaling
from reports.instrument.event_loops import ENOUGH, Cause, Loop, is_watched, loops
from reports.statistics import needed, percentile
from reports.text import Text, count, seconds, share

COVERED = 0.9
"""Share of the judged window for which a process must have pulses."""

_BECAUSE: dict[Cause, Text] = {
    "": Text(),
    "starved": Text(
        "máy không có CPU cho nó: giảm tải, thêm nhân hoặc thêm máy",
        "the machine had no CPU for it: less load, more cores or more hosts",
    ),
    "busy": Text(
        "vòng lặp sự kiện của nó luôn bận: quá nhiều tải cho một tiến trình",
        "its own event loop was busy all the time: too much load for one process",
    ),
    "stopped": Text(
        "cả tiến trình đứng yên mà không xin CPU: bị đóng băng, hoặc máy bị dừng",
        "the whole process stood still without asking for CPU: frozen, or its host was",
    ),
    "blocked": Text(
        "vòng lặp sự kiện của nó bị một lời gọi chặn lại",
        "a call that waits held up its event loop",
    ),
}


def generator_lag(evidence: Evidence) -> Result:
    """The generator sent requests when it meant to: its own delay must not pass for the country's."""
    limit = evidence.run.plan.validity.lag_p99
    lag = evidence.judged["lag"]
    p99 = percentile(lag, 0.99)
    if p99 is None:
        return inconclusive(
            f"Chỉ có {len(lag)} mẫu; p99 cần {needed(0.99)}.",
            f"Only {len(lag)} samples; a p99 needs {needed(0.99)}.",
        )
    late, worst = float((lag > limit).mean()), float(lag.max())
    vi = (
        f"Trễ của bộ phát tải: p99 {seconds(p99)}, giới hạn {seconds(limit)}; {share(late)} số yêu cầu trễ "
        "hơn, nhiều "
        f"nhất {seconds(worst)}."
    )
    en = (
        f"The generator's own lag: p99 {seconds(p99)}, limit {seconds(limit)}; {share(late)} of the requests "
        "were "
        f"later, at most {seconds(worst)}."
    )
    return met(vi, en) if p99 <= limit else missed(vi, en, ("swarm",))


def swarm_punctual(evidence: Evidence) -> Result:
    """The event loop of every worker came to its turn when it asked to."""
    result = _punctual(evidence, "worker-")
    if result.outcome != "missed":
        return result
    return missed(
        f"{result.explanation.vi} Thời gian đo được là của bộ phát tải, không phải của hệ thống.",
        f"{result.explanation.en} The times it measured are its own, not those of the systems.",
        result.where,
    )


def mocks_had_cpu(evidence: Evidence) -> Result:
    """No mock ran out of real CPU: what limited a mock was its declared capacity alone."""
    result = _punctual(evidence, "mocks-")
    if result.outcome != "missed":
        return result
    return missed(
        f"{result.explanation.vi} Không phải công suất khai báo đã giới hạn các hệ thống giả lập này.",
        f"{result.explanation.en} It was not the declared capacity that limited these mocks.",
        result.where,
    )


def _punctual(evidence: Evidence, prefix: str) -> Result:
    limit = evidence.run.plan.validity.loop_lag_p99
    expected = [n for n in journaling(evidence) if n.startswith(prefix) and is_watched(evidence, n)]
    found = loops(evidence)
    if not expected:
        return inconclusive(
            f"Không có nhịp của tiến trình {prefix}* nào.", f"No process {prefix}* wrote a pulse."
        )
    late = [loop for name in expected if (loop := found.get(name)) and _exceeds(loop, limit)]
    if late:
        told = [_told(loop, limit) for loop in late]
        return missed(
            " ".join(text.vi for text in told),
            " ".join(text.en for text in told),
            tuple(loop.process for loop in late),
        )
    unknown = [name for name in expected if name not in found or _unknown(found[name])]
    if unknown:
        told = [_too_few(name, found.get(name)) for name in unknown]
        return inconclusive(
            " ".join(text.vi for text in told), " ".join(text.en for text in told), tuple(unknown)
        )
    worst = max((found[name] for name in expected), key=lambda loop: loop.lag_p99 or 0.0)
    return met(
        f"Vòng lặp sự kiện của {len(expected)} tiến trình đúng giờ: p99 trễ nhất {seconds(worst.lag_p99)} "
        f"({worst.process}, dùng {share(worst.cpu, 0)} một nhân, chờ CPU {share(worst.waited, 0)} thời "
        "gian), giới hạn "
        f"{seconds(limit)}.",
        f"The event loops of {len(expected)} processes were punctual: worst p99 {seconds(worst.lag_p99)} "
        f"({worst.process}, which used {share(worst.cpu, 0)} of one core and waited for CPU "
        f"{share(worst.waited, 0)} of the time), limit {seconds(limit)}.",
    )


def _exceeds(loop: Loop, limit: float) -> bool:
    return loop.lag_p99 is not None and loop.lag_p99 > limit


def _unknown(loop: Loop) -> bool:
    return loop.lag_p99 is None or loop.covered < COVERED


def _told(loop: Loop, limit: float) -> Text:
    """How late, why, and the figures that say so: of the time in which it was late."""
    because = _BECAUSE[loop.cause]
    per_second = f"{loop.late_waited * 1000:.0f} ms"
    return Text(
        f"{loop.process} trễ: p99 {seconds(loop.lag_p99)}, nhiều nhất {seconds(loop.lag_max)}, giới hạn "
        f"{seconds(limit)}; {because.vi} (khi trễ: dùng {share(loop.late_cpu, 0)} một nhân, chờ CPU "
        f"{per_second} mỗi "
        f"giây; luồng gốc trễ p99 {seconds(loop.thread_lag_p99)}).",
        f"{loop.process} ran late: loop lag p99 {seconds(loop.lag_p99)}, at most {seconds(loop.lag_max)}, "
        "limit "
        f"{seconds(limit)}; {because.en} (while late it used {share(loop.late_cpu, 0)} of one core and was "
        "ready "
        f"without CPU for {per_second} of every second; its native thread: p99 "
        f"{seconds(loop.thread_lag_p99)}).",
    )


def _too_few(name: str, loop: Loop | None) -> Text:
    if loop is None:
        return Text(f"Không có nhịp của {name}.", f"{name} wrote no pulse.")
    if loop.lag_p99 is None:
        n = count(loop.pulses)
        return Text(
            f"{name} chỉ có {n} nhịp, cần {ENOUGH}.", f"{name} has only {n} pulses; {ENOUGH} are needed."
        )
    part = share(loop.covered, 0)
    return Text(
        f"Nhịp của {name} chỉ phủ {part} khoảng xét.",
        f"The pulse of {name} covers only {part} of the judged window.",
    )


LAG = Check("generator-lag", "validity", Text("Độ trễ bộ phát tải", "Generator lag"), generator_lag)
SWARM = Check(
    "swarm-punctual", "validity", Text("Vòng lặp bộ phát tải đúng giờ", "Swarm's event loops"), swarm_punctual
)
MOCKS = Check("mocks-had-cpu", "validity", Text("Hệ thống giả lập đủ CPU", "Mocks had CPU"), mocks_had_cpu)
