"""The way of one dossier or payment through all systems, for each way in which the ledger was broken.

::

    violation ── its examples ──► the rows of all journals about them ──► steps in the order of time
                                                                       └─► the shortest of them is shown

Only the violations are followed, so a run in which nothing was lost reads no journal a second time.
"""

from __future__ import annotations

from collections.abc import Mapping

from reports.evidence import Evidence
from reports.ledger import Violation
from reports.traces.gathering import Gathered, gather
from reports.traces.model import Step, Trace
from reports.traces.telling import tell

__all__ = ["Step", "Trace", "traces"]

CANDIDATES = 3
"""Examples of a violation that are followed, to show the one with the shortest way."""


def traces(evidence: Evidence) -> list[Trace]:
    """One trace for each violation of the ledger, in its order; none where the stores were not read."""
    ledger = evidence.ledger
    if ledger is None or not ledger.violations:
        return []
    candidates = {name: _candidates(found) for name, found in ledger.violations.items()}
    gathered = gather(evidence, {each for ids in candidates.values() for each in ids})
    return [
        trace
        for name, ids in candidates.items()
        if (trace := _shortest(evidence, name, ids, gathered)) is not None
    ]


def _candidates(violation: Violation) -> list[str]:
    """A few ids, from different provinces where there are several."""
    first = [ids[0] for ids in violation.examples.values() if ids]
    more = [name for ids in violation.examples.values() for name in ids[1:]]
    return list(dict.fromkeys([*first, *more]))[:CANDIDATES]


def _shortest(
    evidence: Evidence, name: str, ids: list[str], gathered: Mapping[str, Gathered]
) -> Trace | None:
    told = [tell(evidence, name, gathered[each]) for each in ids if each in gathered]
    return min((trace for trace in told if trace.steps), key=lambda trace: len(trace.steps), default=None)
