"""Which time is free of faults: what a fault is compared with, and until when it alone is to blame."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.evidence import Evidence, Window

Spans = Sequence[tuple[float, float]]
"""Disjoint stretches of time ``[from, until)`` in ascending order, in seconds relative to T0."""

Together = Callable[[Window], bool]
"""Whether another fault disturbs the same as the one that is looked at."""


def quiet(evidence: Evidence, until: float | None = None) -> Spans:
    """The judged time in which no fault was there and none had still to be recovered from.

    A fault is allowed ``recover_within`` after its cure. ``until`` cuts what is later.
    """
    clock = evidence.run.plan.clock
    end = clock.end if until is None else min(until, clock.end)
    free, since = [], clock.judged_from
    for window in sorted(evidence.windows, key=lambda window: window.start):
        if window.start > since:
            free.append((since, min(window.start, end)))
        since = max(since, window.end + window.fault.recover_within)
    free.append((since, end))
    return [(start, stop) for start, stop in free if stop > start]


def lasting(spans: Spans) -> float:
    """How long all of them are."""
    return sum(end - start for start, end in spans)


def inside(instants: pd.Series, spans: Spans) -> npt.NDArray[np.bool_]:
    """Per instant whether it lies in one of the spans."""
    at = instants.to_numpy()
    found = np.zeros(len(at), dtype=np.bool_)
    for start, end in spans:
        found |= (at >= start) & (at < end)
    return found


def overlapping(evidence: Evidence, window: Window) -> list[Window]:
    """The other faults that were there, or had still to be recovered from, while this one lasted."""
    return [
        other
        for other in evidence.windows
        if other.fault.name != window.fault.name
        and other.start < window.end
        and other.end + other.fault.recover_within > window.start
    ]


def cured_together(evidence: Evidence, window: Window, together: Together) -> list[Window]:
    """The window and those whose cure must be waited for: faults on the same that were there at its cure.

    Each of them may in turn end under a further one. The last cure is when recovery can begin.
    """
    chain, end = [window], window.end
    for other in sorted(evidence.windows, key=lambda each: each.start):
        if other.start < end < other.end and together(other):
            chain.append(other)
            end = other.end
    return chain


def undisturbed_until(evidence: Evidence, since: float, together: Together) -> float:
    """When the next fault on the same begins after ``since``; the end of the plan where there is none."""
    later = [other.start for other in evidence.windows if other.start >= since and together(other)]
    return min([evidence.run.plan.clock.end, *later])


def ordinary_rates(evidence: Evidence) -> dict[str, float]:
    """System → requests that it receives per second while no fault is felt; empty without such time."""
    return evidence.once("ordinary rates", lambda: _ordinary_rates(evidence))


def _ordinary_rates(evidence: Evidence) -> dict[str, float]:
    free, received = quiet(evidence), evidence.frames.received
    if not free:
        return {}
    counts = received.loc[inside(received["at"], free), "system"].value_counts()
    return {str(system): int(count) / lasting(free) for system, count in counts.items()}
