"""Whether every payment was taken once: payment intents joined to the charges in store."""

from __future__ import annotations

import pandas as pd

from reports.ledger.model import Charges, Violation, violation
from reports.lookup import contained, first_said, number_of, text_of
from reports.plan import Plan

HOMES = ("national-portal", "case-system")
"""Kinds of systems in which a dossier must be for a charge to have one."""


def reconcile_charges(
    plan: Plan, payments: pd.DataFrame, stored: pd.DataFrame
) -> tuple[Charges, dict[str, Violation]]:
    """Hold payment intents against stored charges. A charge belongs to the intent whose key it carries.

    Doubled is counted per dossier: a citizen who was charged under two intents has paid twice all the same.
    """
    charges = stored[stored["kind"] == "charge"].copy()
    held = stored[stored["kind"] == "dossier"]
    kinds = {system.name: system.kind for system in plan.systems}
    at_home = held[held["system"].isin([name for name, kind in kinds.items() if kind in HOMES])]
    known = payments.drop_duplicates("intent").set_index("intent")
    charges["of"] = first_said(charges["dossier"], charges["intent"])
    charges["province"] = first_said(text_of(charges["intent"], known["province"]), charges["province"])
    charges["agreed"] = number_of(charges["intent"], known["amount"])
    charges["outcome"] = text_of(charges["intent"], known["outcome"])

    per_intent = first_said(charges["intent"], charges["record"])
    again = charges.duplicated("of") | per_intent.duplicated()
    doubled = charges[again].drop_duplicates("of")
    orphaned = charges[~contained(charges["dossier"], at_home["record"])]
    unacknowledged = charges[charges["outcome"] != "ok"].drop_duplicates("of")
    misstated = charges[charges["agreed"].notna() & (charges["agreed"] != charges["amount"])]
    acknowledged = payments[payments["outcome"] == "ok"]
    by_intent = contained(acknowledged["intent"], charges["intent"])
    captured = by_intent | contained(acknowledged["record"], charges["record"])
    uncaptured = acknowledged[~captured]

    violations = {
        "charges-doubled": violation(doubled["of"], doubled["province"]),
        "charges-orphaned": violation(orphaned["record"], orphaned["province"]),
        "charges-unacknowledged": violation(unacknowledged["of"], unacknowledged["province"]),
        "charges-uncaptured": violation(uncaptured["intent"], uncaptured["province"]),
        "charges-misstated": violation(misstated["record"], misstated["province"]),
    }
    counts = {name.removeprefix("charges-"): found.count for name, found in violations.items()}
    return (
        Charges(intended=len(payments), expected=len(acknowledged), captured=len(charges), **counts),
        violations,
    )
