"""Live stop conditions: when a rehearsal is better ended than gone on with, and the evidence is there.

Both are judged from what the swarm reports anyway, so that looking on changes nothing:

===============  =========================================================================================
error budget     more answers were bad than the objectives allow for the whole night
ledger           something that was acknowledged is not there: see :mod:`rehearsal.auditor`
===============  =========================================================================================

A run that is stopped heals, drains and reads its stores like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rehearsal.plan.records import Stop
from rehearsal.swarm_processes import Event


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a run is stopped: which condition (``error-budget`` or ``ledger``), and a sentence."""

    condition: str
    sentence: str


@dataclass
class StopConditions:
    """The plan's conditions. ``breaches`` are what the auditor has found so far."""

    stop: Stop
    breaches: list[str] = field(default_factory=list)

    def met_by(self, progress: Event) -> Reason | None:
        """Whether the run has to end, after a ``progress`` event of the swarm (its counts are totals)."""
        if self.breaches:
            more = f" and {len(self.breaches) - 1} more" if len(self.breaches) > 1 else ""
            return Reason("ledger", self.breaches[0] + more)
        bad = int(progress["failed"]) + int(progress["unknown"])
        if self.stop.error_budget is not None and bad > self.stop.bad_answers_allowed:
            return Reason(
                "error-budget",
                f"{bad} answers failed or never came; {self.stop.bad_answers_allowed} are "
                f"{self.stop.error_budget:g} times what the objectives allow for the whole run",
            )
        return None
