"""The intent ledger: every submission and payment held against every store."""

from __future__ import annotations

import pandas as pd

from reports.ledger.charges import reconcile_charges
from reports.ledger.dossiers import Dossiers
from reports.ledger.model import PLACES, Charges, Ledger, ProvinceLedger, Violation
from reports.plan import Plan

__all__ = ["PLACES", "Charges", "Ledger", "ProvinceLedger", "Violation", "reconcile"]


def reconcile(plan: Plan, intents: pd.DataFrame, stored: pd.DataFrame) -> Ledger:
    """Hold the intents (:attr:`Frames.intents`) against the stored records (:attr:`Frames.stored`)."""
    submissions = intents[intents["kind"] == "submission"].reset_index(drop=True)
    payments = intents[intents["kind"] == "payment"].reset_index(drop=True)
    dossiers = Dossiers(plan, submissions, stored[stored["kind"] == "dossier"])
    charges, of_charges = reconcile_charges(plan, payments, stored)
    violations = {**dossiers.violations(), **of_charges}
    table = dossiers.table
    acknowledged = table[table["outcome"] == "ok"]
    unknown = table[table["outcome"] == "unknown"]
    counted = {name: found.count for name, found in violations.items()}
    return Ledger(
        submitted=len(table),
        acknowledged=len(acknowledged),
        failed=int((table["outcome"] == "failed").sum()),
        unknown=len(unknown),
        stored=int((table["national"] > 0).sum()),
        delivered=int((table["right"] > 0).sum()),
        synchronised=int(table["synchronised"].sum()),
        lost=counted["lost"],
        undelivered=counted["undelivered"],
        unsynchronised=counted["unsynchronised"],
        duplicated=counted["duplicated"],
        misrouted=counted["misrouted"],
        altered=counted["altered"],
        closed_portal_stored=counted["closed-portal-stored"],
        failed_but_stored=counted["failed-but-stored"],
        unknown_once=int((unknown["effects"] == 1).sum()),
        unknown_twice=int((unknown["effects"] > 1).sum()),
        carried_over=dossiers.carried_over,
        carried_over_missing=counted["carried-over-missing"],
        charges=charges,
        places={place: int((acknowledged["place"] == place).sum()) for place in PLACES},
        violations={name: found for name, found in violations.items() if found.count},
        provinces=_by_province(plan, table, violations["duplicated"]),
    )


def _by_province(plan: Plan, table: pd.DataFrame, duplicated: Violation) -> list[ProvinceLedger]:
    acknowledged = table["outcome"] == "ok"
    forwarded = acknowledged & table["sent_to_national"]
    columns = pd.DataFrame(
        {
            "province": table["province"].astype(str),
            "submitted": 1,
            "acknowledged": acknowledged,
            "stored": table["national"] > 0,
            "delivered": table["right"] > 0,
            "synchronised": table["synchronised"],
            "forwarded": forwarded,
            "arrived": forwarded & (table["right"] > 0),
            "lost": acknowledged & (table["place"] == "nowhere"),
            "undelivered": table["place"] == "portal-only",
        }
    )
    codes = [province.code for province in plan.provinces]
    sums = columns.groupby("province").sum().reindex(codes, fill_value=0).astype("int64")
    return [
        ProvinceLedger(
            province=code,
            duplicated=duplicated.provinces.get(code, 0),
            **{str(name): int(n) for name, n in counts.items()},
        )
        for code, counts in zip(codes, sums.to_dict("records"), strict=True)
    ]
