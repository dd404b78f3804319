"""When a process of mocks was not there, or not itself, because a fault of the plan had it.

What the instrument says of it in such a time is no finding: the fault is. A system that such a fault befalls
runs in a process of its own, ``mocks-<system>``.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from reports.evidence import Evidence

Span = tuple[float, float]
"""First and last moment, in seconds relative to T0."""

LOST = 2.0
"""Seconds of its journals that a killed process may take with it: it hands them over once a second, and then
some, where there is no CPU."""
SETTLES = 1.0
"""Seconds after its return in which a process catches up with what came meanwhile."""
_JOURNALS = ("received", "calls", "pulse")


def absences(evidence: Evidence) -> dict[str, list[Span]]:
    """By system, in the order of time: from the beginning of a fault of its process until it had settled."""
    return evidence.once("absences", lambda: _absences(evidence))


def _absences(evidence: Evidence) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for window in sorted(evidence.windows, key=lambda each: each.start):
        if window.fault.place == "process" and window.applied is not None:
            first = window.start - (LOST if window.fault.kind == "killed" else 0.0)
            for system in window.fault.systems:
                found.setdefault(system, []).append((first, window.end + SETTLES))
    return found


def of_process(evidence: Evidence, process: str) -> list[Span]:
    """The absences of a process, by its name in the pulses."""
    return absences(evidence).get(process.removeprefix("mocks-"), []) if process.startswith("mocks-") else []


def ended_by_plan(evidence: Evidence) -> set[str]:
    """The processes whose end is on record as the work of a planned fault, by their names in the pulses."""
    planned = {fault.name for fault in evidence.run.plan.faults if fault.place == "process"}
    events = evidence.frames.events
    return {event.process for event in events if event.event == "process-ended" and event.fault in planned}


def torn_by_plan(evidence: Evidence, journal: str) -> bool:
    """Whether a torn file, such as ``received.vneid.1.arrows``, belongs to a process that the plan ended."""
    kind, _, rest = journal.partition(".")
    process = rest.partition(".")[0]
    return kind in _JOURNALS and f"mocks-{process.removeprefix('mocks-')}" in ended_by_plan(evidence)


def touch(spans: Iterable[Span], begun: npt.ArrayLike, done: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Which of the stretches from ``begun`` to ``done`` have a moment in one of the spans."""
    first, last = np.asarray(begun, dtype="float64"), np.asarray(done, dtype="float64")
    met = np.zeros(len(first), dtype=bool)
    for span in spans:
        met |= (last >= span[0]) & (first <= span[1])
    return met
