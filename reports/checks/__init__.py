"""The checks, in the order of the report: can the run be believed, what broke, what followed from it."""

from __future__ import annotations

from reports.checks import capacity, connection, data, faults, payments, recovery, slo, validity
from reports.checks.base import Check
from reports.evidence import Evidence
from reports.finding import Finding

CHECKS: tuple[Check, ...] = (
    validity.COMPLETED,
    validity.WORKERS,
    validity.JOURNALS,
    validity.OFFERED,
    validity.LAG,
    validity.SAMPLES,
    validity.BOTH_ENDS,
    validity.DRAINED,
    faults.HIT,
    faults.HEALED,
    connection.CONNECTED,
    capacity.SUFFICES,
    payments.PAID_ONCE,
    data.NOT_LOST,
    data.NOT_DOUBLED,
    data.RIGHT_CASE_SYSTEM,
    data.SYNCHRONISED,
    data.UNALTERED,
    data.CLOSED_PORTALS,
    slo.SLOS,
    recovery.RECOVERED,
)


def examine(evidence: Evidence) -> list[Finding]:
    """All findings of all checks, in the order of the registry."""
    return [finding for check in CHECKS for finding in check.findings(evidence)]
