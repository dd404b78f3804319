"""What one run showed of each of its cells: who got what, and what became of what they handed in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pandas as pd

from reports import frames
from reports.evidence import Evidence, Window
from reports.finding import Finding
from reports.ledger import Ledger, reconcile
from reports.lookup import contained, number_of
from reports.matrix.files import Cell, Cells, Observed, Seen, SeenCell
from reports.matrix.uses import uses, ways
from reports.run import Run
from reports.statistics import percentile
from reports.text import Text
from reports.traffic import on_links

SLOW = 1.0
"""Seconds from which on a right answer counts as slow."""
LATE = 1.0
"""Seconds between a dossier's acknowledgement and its arrival from which on it arrived late."""
QUIET = 0.5
"""Seconds at the end of a cell without a bad answer that show that all is as before."""

ESSENTIAL = frozenset(
    {
        "run-completed",
        "workers-finished",
        "journals-complete",
        "arrivals-accounted",
        "arrivals-offered",
        "requests-accounted",
        "both-ends-agree",
        "drained",
    }
)
"""Validity checks that speak of a run as a whole. Punctuality and faults are judged cell by cell; clocks need
not agree to milliseconds where faults last for seconds."""


def gathered(folder: Path) -> Evidence:
    """The evidence of a run folder; :class:`~reports.errors.ReportError` where it cannot be read."""
    run = Run.open(folder)
    journals = frames.load(run)
    ledger = None if journals.stored is None else reconcile(run.plan, journals.intents, journals.stored)
    return Evidence(run, journals, ledger)


def observe(evidence: Evidence, asked: Cells, findings: list[Finding]) -> Observed:
    """Everything that the report needs to know of one run; ``findings`` are those of its own report."""
    ledger = evidence.ledger
    doubts = [f.explanation for f in findings if f.name in ESSENTIAL and f.outcome != "met"]
    if ledger is None:
        doubts.append(Text("Kho dữ liệu chưa được đọc.", "The stores were not read."))
    return Observed(
        doubts=doubts,
        acknowledged=ledger.acknowledged if ledger else 0,
        lost=_lost(ledger) if ledger else 0,
        doubled=_doubled(ledger) if ledger else 0,
        charged_twice=ledger.charges.doubled if ledger else 0,
        uses=[] if evidence.run.plan.faults else uses(evidence),
        cells=list(_cells(evidence, asked)),
    )


def _cells(evidence: Evidence, asked: Cells) -> Iterator[SeenCell]:
    """Each cell with the requests that belong to it.

    Those are the ones that were meant to be sent from its beginning to that of the next. One that was meant
    to be sent when all was well again, and was still under way when the next fault began, met that one.
    """
    samples = evidence.frames.samples
    planned, done = samples["planned"], samples["done"]
    well_since = -math.inf
    for cell in asked.cells:
        windows = [window for window in evidence.windows if window.fault.name in cell.faults]
        cured = max((window.end for window in windows), default=cell.end)
        met = (planned >= well_since) & (planned < cell.start) & (done > cell.start)
        kept = (planned >= cell.start) & (planned < cell.until) & ((planned < cured) | (done <= cell.until))
        yield _cell(evidence, cell, asked.journeys, windows, samples[met | kept], cured)
        well_since = cured


def _cell(
    evidence: Evidence,
    cell: Cell,
    journeys: list[str],
    windows: list[Window],
    mine: pd.DataFrame,
    cured: float,
) -> SeenCell:
    concerned = mine["province"].isin(cell.provinces) if cell.provinces else pd.Series(True, index=mine.index)
    met, unmet = _traffic(evidence, windows)
    return SeenCell(
        name=cell.name,
        applied=len(windows) == len(cell.faults) and all(window.applied is not None for window in windows),
        healed=all(window.healed is not None for window in windows),
        met=met,
        unmet=unmet,
        recovered_after=_recovered(mine[concerned], cell, cured),
        lag=percentile(mine["lag"], 0.99),
        journeys=[
            _seen(evidence, cell, journey, mine[mine["journey"] == journey], concerned)
            for journey in journeys
        ],
        late=max(
            (max(each.start - each.fault.start, each.end - each.fault.end) for each in windows), default=0.0
        ),
        room=cell.until - cell.end,
    )


def _seen(evidence: Evidence, cell: Cell, journey: str, mine: pd.DataFrame, concerned: pd.Series) -> Seen:
    here = mine[concerned[mine.index]]
    others = mine[~concerned[mine.index]]
    right = here["outcome"] == "ok"
    errors = here.loc[~right, "error"].astype(str).value_counts()
    ledger, late = _handed_in(evidence, cell, journey)
    return Seen(
        journey=journey,
        requests=len(here),
        right=int(right.sum()),
        slow=int((right & (here["response"] > SLOW)).sum()),
        errors={str(error): int(number) for error, number in errors.sort_index().items() if number},
        longest=float(here["response"].max()) if len(here) else None,
        elsewhere=len(others),
        elsewhere_bad=int((others["outcome"] != "ok").sum()),
        acknowledged=ledger.acknowledged if ledger else 0,
        lost=_lost(ledger) if ledger else 0,
        doubled=_doubled(ledger) if ledger else 0,
        undelivered=ledger.undelivered if ledger else 0,
        late=late,
        charged_twice=ledger.charges.doubled if ledger else 0,
    )


def _traffic(evidence: Evidence, windows: list[Window]) -> tuple[int, list[str]]:
    """How many requests met the faults, and each way on which none did."""
    way = ways(evidence.run.plan)
    met, unmet = 0, []
    for window in windows:
        for name, links in groupby(sorted(window.fault.links, key=way.__getitem__), way.__getitem__):
            sent = on_links(evidence, list(links))
            number = int(((sent["at"] < window.end) & (sent["done"] > window.start)).sum())
            met += number
            if not number:
                unmet.append(name)
    return met, unmet


def _recovered(samples: pd.DataFrame, cell: Cell, cured: float) -> float | None:
    """Seconds from the cure to the last bad answer; None where bad answers came to the end of the cell."""
    bad = samples.loc[(samples["outcome"] != "ok") & (samples["planned"] >= cured), "planned"]
    if bad.empty:
        return 0.0
    last = float(bad.max())
    return last - cured if last < cell.until - QUIET else None


def _handed_in(evidence: Evidence, cell: Cell, journey: str) -> tuple[Ledger | None, int]:
    """The ledger of what visitors of a journey handed in while the cell lasted, and how much of it came
    late."""
    journals = evidence.frames
    if journals.stored is None:
        return None, 0
    arrivals, intents = journals.arrivals, journals.intents
    of_journey = arrivals.loc[arrivals["journey"] == journey, "arrival"]
    in_cell = (intents["at"] >= cell.start) & (intents["at"] < cell.until)
    chosen = intents[in_cell & intents["arrival"].isin(of_journey)]
    if chosen.empty:
        return None, 0
    stored = journals.stored
    known = contained(stored["intent"], chosen["intent"])
    known |= contained(stored["record"], chosen.loc[chosen["record"] != "", "record"])
    known |= contained(stored["dossier"], chosen.loc[chosen["dossier"] != "", "dossier"])
    held = stored[known]
    return reconcile(evidence.run.plan, chosen, held), _late(evidence, chosen, held)


def _late(evidence: Evidence, intents: pd.DataFrame, stored: pd.DataFrame) -> int:
    """How many acknowledged dossiers reached their case system noticeably after their acknowledgement."""
    case_systems = {system.name for system in evidence.run.plan.systems_of("case-system")}
    acknowledged = intents[(intents["kind"] == "submission") & (intents["outcome"] == "ok")]
    arrived = stored[(stored["kind"] == "dossier") & stored["system"].isin(case_systems)]
    first = arrived.groupby("intent")["at"].min()
    return int((number_of(acknowledged["intent"], first) - acknowledged["ended"] > LATE).sum())


def _lost(ledger: Ledger) -> int:
    """Dossiers, and payments, of which somebody was told that they are there, and they are not."""
    return ledger.lost + ledger.charges.uncaptured


def _doubled(ledger: Ledger) -> int:
    return ledger.duplicated + ledger.unknown_twice
