"""The checks, in the order of the report: can the run be believed, what broke, what followed from it."""

from __future__ import annotations

from reports.checks import (
    answers,
    arrivals,
    capacity,
    clocks,
    connection,
    data,
    faults,
    littles_law,
    payments,
    prober,
    punctuality,
    recovery,
    requests,
    slo,
    stopping,
    validity,
    workers,
)
from reports.checks.base import Check
from reports.evidence import Evidence
from reports.finding import Finding

CHECKS: tuple[Check, ...] = (
    validity.COMPLETED,
    workers.FINISHED,
    validity.JOURNALS,
    arrivals.ACCOUNTED,
    arrivals.OFFERED,
    requests.ACCOUNTED,
    punctuality.LAG,
    punctuality.SWARM,
    punctuality.MOCKS,
    prober.AGREES,
    clocks.AGREE,
    littles_law.HOLDS,
    validity.SAMPLES,
    validity.BOTH_ENDS,
    validity.DRAINED,
    faults.HIT,
    faults.HEALED,
    stopping.NOT_STOPPED,
    connection.CONNECTED,
    capacity.SUFFICES,
    payments.PAID_ONCE,
    data.NOT_LOST,
    data.NOT_DOUBLED,
    data.RIGHT_CASE_SYSTEM,
    data.SYNCHRONISED,
    data.UNALTERED,
    data.CLOSED_PORTALS,
    answers.SESSIONS,
    answers.DEEP_LINKS,
    answers.UNTIL_T0,
    answers.EXPLAINED,
    answers.NOT_FOUND,
    answers.OWN_DATA,
    answers.RIGHT,
    slo.SLOS,
    recovery.RECOVERED,
)


def examine(evidence: Evidence) -> list[Finding]:
    """All findings of all checks, in the order of the registry."""
    return [finding for check in CHECKS for finding in check.findings(evidence)]
