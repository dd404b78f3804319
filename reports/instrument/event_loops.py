"""How punctually the processes of a run ran, and why not: from the pulse that each of them wrote.

A process that is late measures its own lateness, not that of the systems. Two clocks in one process tell why:
its event loop and a native thread both ask to be woken every :data:`PERIOD`; the kernel says how much CPU the
process used, and how long its main thread was ready to run and got none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.absences import Span, of_process, touch
from reports.evidence import Evidence

Lags = npt.NDArray[np.float64]

PERIOD = 0.05
"""Seconds between two pulses."""

ENOUGH = 100
"""Pulses below which the worst hundredth is less than one pulse. They are no sample: they cover the time."""

SILENT = 0.5
"""Seconds in which no pulse was due that was ever written: the process was not there, or its rows are
lost."""

GIL = 0.02
"""Seconds that a native thread of a busy process may wake late although there is CPU: CPython hands its
interpreter lock over at the earliest after a switch interval of 5 ms (``sys.setswitchinterval``), and a
thread may have to ask several times."""

MOSTLY = 0.5

Cause = Literal["", "starved", "busy", "stopped", "blocked"]
"""Why an event loop was late: ``starved`` (ready to run, the machine had no CPU for it), ``busy`` (it ran all
the time: too much work for one event loop), ``stopped`` (all its threads stood still without asking for CPU:
frozen, or its host was), ``blocked`` (only the event loop stood still: a call that waits). "" where it was
punctual."""


class Loop(msgspec.Struct, frozen=True):
    """One process in the judged window: seconds, and shares of the time.

    ``covered`` is the share of the window for which there are pulses, ``cpu`` of one core, ``waited`` the
    share of the time for which the main thread was ready and had no CPU; ``late_cpu`` and ``late_waited`` are
    the same while the loop was later than the plan allows. Figures are None where there are too few pulses to
    say.
    """

    process: str
    pulses: int
    covered: float
    lag_p50: float | None
    lag_p99: float | None
    lag_max: float | None
    thread_lag_p99: float | None
    cpu: float | None
    waited: float | None
    cause: Cause
    late_cpu: float
    late_waited: float


def loops(evidence: Evidence) -> dict[str, Loop]:
    """Every process that wrote a pulse, by name."""
    return evidence.once("loops", lambda: _loops(evidence))


def _loops(evidence: Evidence) -> dict[str, Loop]:
    run = evidence.run
    lost = {f"worker-{w.worker}": run.seconds(w.lost_at) for w in run.record.workers if w.lost_at}
    found = {}
    for name, rows in evidence.frames.pulses.groupby("process", observed=True):
        process, clock = str(name), run.plan.clock
        until = min(clock.end, lost.get(process, clock.end))
        limit, away = run.plan.validity.loop_lag_p99, of_process(evidence, process)
        found[process] = loop(process, rows, clock.judged_from, until, limit, away)
    return dict(sorted(found.items()))


def is_watched(evidence: Evidence, process: str) -> bool:
    """Whether faults of its process leave enough of the judged window to say anything."""
    clock = evidence.run.plan.clock
    seconds = np.arange(clock.judged_from, clock.end, PERIOD)
    return int((~touch(of_process(evidence, process), seconds, seconds)).sum()) >= ENOUGH


def loop(
    process: str, pulses: pd.DataFrame, first: float, last: float, limit: float, away: Sequence[Span] = ()
) -> Loop:
    """One process between two moments; ``pulses`` as in :attr:`reports.frames.Frames.pulses`.

    ``away`` are the times in which it was not there, or stood still, by the plan: they say nothing of it.

    There is a row for every instant that was due, also for those that a loop standing still has slept through
    (they share its ``at``): so quantiles of rows are shares of the time, and a stall of 5 s is a hundred
    rows.
    """
    rows = pulses.assign(due=pulses["at"] - pulses["loop_lag"])
    rows = rows[(rows["due"] >= first) & (rows["due"] <= last) & ~touch(away, rows["due"], rows["due"])]
    lags, turns = rows["loop_lag"].to_numpy(), _turns(rows)
    elapsed, enough = float(turns["elapsed"].sum()), len(rows) >= ENOUGH
    late = turns[turns["loop_lag"] > limit]
    cause, late_cpu, late_waited = _cause(late, kernel_tells=bool(turns["waited"].any()))
    return Loop(
        process=process,
        pulses=len(rows),
        covered=_covered(turns["at"].to_numpy(), turns["due"].to_numpy(), first, last, away),
        lag_p50=_quantile(lags, 0.5) if enough else None,
        lag_p99=_quantile(lags, 0.99) if enough else None,
        lag_max=float(lags.max()) if enough else None,
        thread_lag_p99=_quantile(rows["thread_lag"].to_numpy(), 0.99) if enough else None,
        cpu=float(turns["cpu"].sum()) / elapsed if elapsed else None,
        waited=float(turns["waited"].sum()) / elapsed if elapsed else None,
        cause=cause,
        late_cpu=late_cpu,
        late_waited=late_waited,
    )


def _turns(rows: pd.DataFrame) -> pd.DataFrame:
    """The moments at which the loop came round: the most overdue row of each, with ``elapsed``, ``cpu`` and
    ``waited`` since the turn before."""
    turns = rows.sort_values(["at", "due"]).drop_duplicates("at")
    # after a stop of the whole process the event loop may come first; its thread tells at the next turn
    thread_lag = np.maximum(turns["thread_lag"], turns["thread_lag"].shift(-1, fill_value=0.0))
    used = {  # both fall where a process was started again
        name: turns[name].diff().clip(lower=0.0).fillna(0.0) for name in ("cpu", "waited")
    }
    return turns.assign(elapsed=turns["at"].diff().fillna(0.0), thread_lag=thread_lag, **used)


def _covered(at: Lags, due: Lags, first: float, last: float, away: Sequence[Span]) -> float:
    """Share of the window without silence; a late turn accounts for the time since the earliest it was due,
    and the plan for the times in which there was nobody to be heard."""
    at, due = np.append(at, [end for _, end in away]), np.append(due, [begin for begin, _ in away])
    order = np.argsort(at)
    at, due = at[order], due[order]
    ends = np.concatenate([[first], at])
    begins = np.concatenate([due, [last]])
    gaps = np.clip(begins, first, last) - np.clip(ends, first, last)
    length = last - first
    return 1.0 - float(gaps[gaps > SILENT].sum()) / length if length > 0 else 0.0


def _cause(late: pd.DataFrame, *, kernel_tells: bool) -> tuple[Cause, float, float]:
    """Why these pulses were late, and the shares of CPU used and of waiting for it meanwhile."""
    elapsed = float(late["elapsed"].sum())
    if elapsed <= 0:
        return "", 0.0, 0.0
    lateness = float(np.minimum(late["loop_lag"], late["elapsed"]).sum())
    thread = float(np.minimum((late["thread_lag"] - GIL).clip(lower=0.0), late["elapsed"]).sum())
    cpu, waited = float(late["cpu"].sum()), float(late["waited"].sum())
    shares = (cpu / elapsed, waited / elapsed)
    if waited >= MOSTLY * lateness:
        return "starved", *shares
    if cpu >= MOSTLY * elapsed:  # its thread may be late as well: C code that keeps the interpreter lock
        return "busy", *shares
    if thread >= MOSTLY * lateness:
        return ("stopped" if kernel_tells else "starved"), *shares
    return "blocked", *shares


def _quantile(values: Lags, quantile: float) -> float:
    return float(np.quantile(values, quantile, method="higher"))
