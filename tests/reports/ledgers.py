"""A ledger of a few lines and records, read as those of a run folder are."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from reports import journal
from reports.frames import stored_frame
from reports.intents import IntentLine, fold_intents
from reports.ledger import Ledger, reconcile
from reports.plan import Plan, Record
from tests.reports.factory import T0, UNIX, night, ns

Row = dict[str, Any]

PLAN = msgspec.convert(night(rate=1, start=-2.0, end=3.0).plan, Plan, strict=False)
RECORD = Record(1, "", T0, "completed", t0_unix_ns=UNIX * 10**9)

DOSSIER: Row = {
    "kind": "dossier", "province": "01", "commune": "00001", "procedure": "1.004222", "status": 10,
    "history": "1,2,4,9,10", "digest": "d", "amount": 0, "at": ns(-1), "stamped": 0, "receipt": "",
    "files": 1,
}  # fmt: skip
CHARGE: Row = {
    **DOSSIER, "system": "payment", "kind": "charge", "status": 0, "history": "", "files": 0, "amount": 5,
}  # fmt: skip


def submission(intent: str, province: str = "01", **more: Any) -> Row:
    """The line of a submission to the national portal, a second after T0."""
    return {
        "event": "invoke", "intent": intent, "at": ns(1), "system": "national-portal", "province": province,
        "commune": "00001", "procedure": "1.004222", "digest": "d", **more,
    }  # fmt: skip


def payment(intent: str, dossier: str, **more: Any) -> Row:
    """The line of a payment for a dossier, a second after T0."""
    return {**submission(intent), "kind": "payment", "dossier": dossier, "amount": 5, "digest": "", **more}


def end(intent: str, event: str = "ok", record: str = "", status: int = 201, at: float = 2.0) -> Row:
    """The line of an intent's end."""
    return {"event": event, "intent": intent, "at": ns(at), "status": status, "record": record}


def held(system: str, record: str, intent: str = "", **more: Any) -> Row:
    """A dossier's record."""
    return {**DOSSIER, "system": system, "record": record, "dossier": record, "intent": intent, **more}


def charged(record: str, dossier: str, intent: str = "", **more: Any) -> Row:
    """A charge at the payment platform."""
    return {**CHARGE, "record": record, "dossier": dossier, "intent": intent, **more}


def ledger_of(lines: list[Row], records: list[Row], *, plan: Plan = PLAN, files: Row | None = None) -> Ledger:
    """The ledger; ``files`` are those put up, by intent."""
    intents = fold_intents([msgspec.convert(lines, list[IntentLine])], T0)
    intents["files"] = np.array([(files or {}).get(name, 0) for name in intents["intent"]], dtype=np.int64)
    table = pa.Table.from_pylist(
        [{name: row[name] for name in journal.STORED.names} for row in records], journal.STORED
    )
    return reconcile(plan, intents, stored_frame(table, RECORD))


def broken(ledger: Ledger) -> dict[str, int]:
    """Rule → how many break it."""
    return {name: found.count for name, found in ledger.violations.items()}
