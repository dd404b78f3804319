"""Do the clocks of all processes agree? Instants of different processes are compared in every other check."""

from __future__ import annotations

from reports.checks.base import Check, Result, met, missed
from reports.evidence import Evidence
from reports.instrument import Clock, journaling
from reports.text import Text, listed, seconds


def clocks_agree(evidence: Evidence) -> Result:
    """Every clock was measured, and is known within the plan's limit from start to end.

    An offset is no breach, however large: journals are written on the conductor's clock. What is not known of
    it (half the round trip) and what changed (the drift) cannot be corrected.
    """
    limit = evidence.run.plan.validity.clock_within
    clocks = [Clock.of(told) for told in evidence.run.record.clocks]
    unmeasured = sorted(set(journaling(evidence)) - {clock.process for clock in clocks})
    doubtful = [clock for clock in clocks if max(clock.uncertainty, abs(clock.drift)) > limit]
    vi, en = [], []
    if unmeasured:
        vi.append(f"Chưa đo đồng hồ của {listed(unmeasured)}.")
        en.append(f"The clock of {listed(unmeasured)} was never measured.")
    for clock in doubtful:
        sure, drift, at = _fine(clock.uncertainty), _fine(abs(clock.drift)), _at(clock)
        vi.append(f"Đồng hồ của {at}: sai số ±{sure}, trôi {drift}, giới hạn {_fine(limit)}.")
        en.append(
            f"The clock of {at} is known within ±{sure} and drifted by {drift}; the limit is {_fine(limit)}."
        )
    if vi:
        where = (*unmeasured, *(clock.process for clock in doubtful))
        return missed(" ".join(vi), " ".join(en), where)
    if not clocks:
        return missed("Không có đồng hồ nào được đo.", "No clock was measured.")
    offset = max(clocks, key=lambda clock: abs(clock.offset))
    least_sure = max(clock.uncertainty for clock in clocks)
    most = max(abs(clock.drift) for clock in clocks)
    hosts = len({clock.host for clock in clocks})
    return met(
        f"{len(clocks)} đồng hồ trên {hosts} máy: lệch nhiều nhất {_fine(abs(offset.offset))} "
        f"({_at(offset)}), đã hiệu "
        f"chỉnh; sai số ±{_fine(least_sure)}, trôi {_fine(most)}, giới hạn {_fine(limit)}.",
        f"{len(clocks)} clocks on {hosts} hosts: largest offset {_fine(abs(offset.offset))} ({_at(offset)}), "
        "corrected; "
        f"known within ±{_fine(least_sure)}, drift up to {_fine(most)}, limit {_fine(limit)}.",
    )


def _at(clock: Clock) -> str:
    return f"{clock.process} @ {clock.host}" if clock.host else clock.process


def _fine(value: float) -> str:
    """As :func:`seconds`, with microseconds below one millisecond."""
    return f"{value * 1e6:.0f} µs" if 0 < value < 0.001 else seconds(value)


AGREE = Check("clocks-agree", "validity", Text("Đồng hồ khớp nhau", "Clocks agree"), clocks_agree)
