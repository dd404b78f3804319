"""Whether what was acknowledged could be read at once: the citizen's side, which needs no store."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reports.ledger.examples import places_of
from reports.ledger.model import CASES, Case, Violation
from reports.plan import Plan

READS = ("track", "my-dossiers", "payment-order", "pay", "payment-state")
"""Steps that begin with finding a dossier that was handed in."""

NOT_FOUND = 404


@dataclass(frozen=True)
class Reads:
    """How many reads followed an acknowledgement, and those of them that denied the dossier.

    ``denied``: samples, with the ``intent``, ``record`` and ``meant_for`` (province) of the submission.
    """

    count: int
    denied: pd.DataFrame


def reads_after_acknowledgement(plan: Plan, intents: pd.DataFrame, samples: pd.DataFrame) -> Reads:
    """The answered reads of visitors whose dossier was acknowledged, by the system that acknowledged it.

    Another system may hear of the dossier later: what an old portal took is synchronised upwards.
    """
    callees = {name: link.callee for name, link in plan.link_ends.items()}
    asked = samples.loc[
        samples["step"].isin(READS) & (samples["status"] > 0),
        ["arrival", "step", "province", "link", "sent", "done", "status"],
    ]
    acknowledged = intents.loc[
        (intents["kind"] == "submission") & (intents["outcome"] == "ok"),
        ["arrival", "system", "intent", "record", "ended", "province"],
    ].rename(columns={"province": "meant_for"})
    asked["at"] = asked["link"].map(callees).astype("str")
    reads = asked.merge(acknowledged, on="arrival")
    reads = reads[(reads["at"] == reads["system"].astype("str")) & (reads["sent"] >= reads["ended"])]
    return Reads(len(reads), reads[reads["status"] == NOT_FOUND])


def denied(reads: pd.DataFrame) -> Violation:
    """Each submission counts once, however often its dossier was not found."""
    once = reads.drop_duplicates("intent")
    provinces, examples = places_of(once["meant_for"], once["record"])
    cases = [
        Case(str(record), str(intent), int(arrival))
        for record, intent, arrival in zip(once["record"], once["intent"], once["arrival"], strict=True)
    ]
    return Violation(
        count=len(once),
        provinces=provinces,
        examples=examples,
        systems={str(name): int(n) for name, n in reads["at"].value_counts().sort_index().items()},
        cases=cases[:CASES],
    )
