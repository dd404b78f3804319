"""The intent ledger: every submission and payment held against every store."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reports.ledger.book import Book, Flags
from reports.ledger.charges import reconcile_charges
from reports.ledger.contents import Contents
from reports.ledger.dossiers import Dossiers
from reports.ledger.examples import Examples
from reports.ledger.model import PLACES, Case, Charges, Ledger, ProvinceLedger, Violation
from reports.ledger.statuses import statuses_out_of_order
from reports.lookup import distinct
from reports.plan import Plan

__all__ = ["PLACES", "Case", "Charges", "Ledger", "ProvinceLedger", "Violation", "reconcile"]


def reconcile(plan: Plan, intents: pd.DataFrame, stored: pd.DataFrame) -> Ledger:
    """Hold the intents (:attr:`Frames.intents`) against the stored records (:attr:`Frames.stored`)."""
    book = Book(plan, intents, stored)
    examples = Examples(book)
    dossiers, contents = Dossiers(book, examples), Contents(book, examples)
    charges, of_charges = reconcile_charges(book, examples)
    violations = {
        **dossiers.violations(),
        **contents.violations(),
        **statuses_out_of_order(book, examples),
        **of_charges,
    }
    known = book.intents
    unknown = known.submission & known.unknown
    acknowledged = known.submission & known.ok
    counted = {name: found.count for name, found in violations.items()}
    return Ledger(
        submitted=_count(known.submission),
        acknowledged=_count(acknowledged),
        failed=_count(known.submission & known.failed),
        unknown=_count(unknown),
        effective=_count(known.submission & (dossiers.effects > 0)),
        held=len(distinct(book.key[book.records.dossier])),
        stored=_count(known.submission & (dossiers.national > 0)),
        delivered=_count(known.submission & (dossiers.right > 0)),
        synchronised=_count(dossiers.synchronised),
        lost=counted["lost"],
        undelivered=counted["undelivered"],
        unsynchronised=counted["unsynchronised"],
        duplicated=counted["duplicated"],
        invented=counted["invented"],
        misrouted=counted["misrouted"],
        altered=counted["altered"],
        files_missing=counted["files-missing"],
        units_altered=counted["units-altered"],
        statuses_backwards=counted["statuses-backwards"],
        statuses_skipped=counted["statuses-skipped"],
        codes_shared=counted["codes-shared"],
        closed_portal_stored=counted["closed-portal-stored"],
        closed_procedure_stored=counted["closed-procedure-stored"],
        failed_but_stored=counted["failed-but-stored"],
        unknown_once=_count(unknown & (dossiers.effects == 1)),
        unknown_twice=counted["unknown-twice"],
        carried_over=dossiers.carried_over,
        carried_over_missing=counted["carried-over-missing"],
        charges=charges,
        places={place: _count(acknowledged & dossiers.at(place)) for place in PLACES},
        violations={name: found for name, found in violations.items() if found.count},
        provinces=_by_province(book, dossiers, violations["duplicated"]),
        calendars=contents.calendars(),
    )


def _by_province(book: Book, dossiers: Dossiers, duplicated: Violation) -> list[ProvinceLedger]:
    known = book.intents
    acknowledged = known.submission & known.ok
    to_national = np.array([not name.startswith("portal-") for name in book.systems.names])[known.system]
    forwarded = acknowledged & to_national
    flags = {
        "submitted": known.submission,
        "acknowledged": acknowledged,
        "stored": known.submission & (dossiers.national > 0),
        "delivered": known.submission & (dossiers.right > 0),
        "synchronised": dossiers.synchronised,
        "forwarded": forwarded,
        "arrived": forwarded & (dossiers.right > 0),
        "lost": acknowledged & dossiers.at("nowhere"),
        "undelivered": dossiers.at("portal-only"),
    }
    number = {province.code: book.provinces.of(province.code) for province in book.plan.provinces}
    sums = {
        name: np.bincount(known.province[flag], minlength=len(book.provinces)) for name, flag in flags.items()
    }
    return [
        ProvinceLedger(
            province=code,
            duplicated=duplicated.provinces.get(code, 0),
            **{name: int(counts[at]) for name, counts in sums.items()},
        )
        for code, at in number.items()
    ]


def _count(flags: Flags) -> int:
    return int(np.count_nonzero(flags))
