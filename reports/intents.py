"""What was meant to be stored and charged: the lines of ``intents.<w>.jsonl``, one row per intent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

import msgspec
import pandas as pd


class IntentLine(msgspec.Struct, gc=False):  # there are millions, and none refers to another
    """One line of ``intents.<w>.jsonl``."""

    event: Literal["invoke", "ok", "failed", "unknown"]
    intent: str
    at: int
    kind: Literal["submission", "payment"] = "submission"
    arrival: int = -1
    system: str = ""
    province: str = ""
    commune: str = ""
    procedure: str = ""
    dossier: str = ""
    amount: int = 0
    digest: str = ""
    status: int = 0
    record: str = ""


_RANK = {"": 0, "failed": 1, "unknown": 2, "ok": 3}
"""Which end of an intent counts where it ended more than once: a late answer tells more than a time-out."""

_INTENT_COLUMNS = (
    "intent", "kind", "at", "arrival", "system", "province", "commune", "procedure", "dossier", "amount",
    "digest", "outcome", "ended", "status", "record",
)  # fmt: skip


def fold_intents(lines: Iterable[IntentLine], seconds: Callable[[int], float]) -> pd.DataFrame:
    """One row per intent: its invocation, and the strongest of its ends (ok > unknown > failed).

    An invocation without an end is ``unknown``. An end whose invocation is not on record cannot be (the line
    is written before the first byte is sent) unless a journal is missing; it is left out.
    """
    invoked: dict[str, IntentLine] = {}
    ends: dict[str, IntentLine] = {}
    for line in lines:
        if line.event == "invoke":
            invoked.setdefault(line.intent, line)
        else:
            known = ends.get(line.intent)
            if known is None or _RANK[line.event] > _RANK[known.event]:
                ends[line.intent] = line
    rows = []
    for intent, line in invoked.items():
        end = ends.get(intent)
        rows.append(
            (
                intent, line.kind, seconds(line.at), line.arrival, line.system, line.province, line.commune,
                line.procedure, line.dossier, line.amount, line.digest,
                end.event if end else "unknown", seconds(end.at) if end else float("nan"),
                end.status if end else 0, end.record if end else "",
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(_INTENT_COLUMNS)).astype(
        {"at": "float64", "ended": "float64", "amount": "int64", "status": "int64", "arrival": "int64"}
    )
