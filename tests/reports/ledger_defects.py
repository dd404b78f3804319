"""Defects of stores and of what citizens were told, to plant in a night: one for each rule of the ledger."""

from __future__ import annotations

from tests.reports import defects
from tests.reports.defects import acknowledged, stored_at
from tests.reports.factory import CLOSED_PROCEDURE, Night, ns
from tests.reports.instruments import Row
from tests.reports.story import TRACE


def misposted_charge(run: Night) -> None:
    """Both dossiers exist; one was paid for twice by this, and the other not at all."""
    charges = [row for row in run.stored if row["kind"] == "charge"]
    charges[0]["dossier"] = charges[1]["dossier"]


def misquoted_fee(run: Night) -> None:
    """The portal asks for another fee than the procedure's, and gets it."""
    paid = next(row for row in run.intents if row["event"] == "invoke" and row["kind"] == "payment")
    paid["amount"] += 1000
    next(row for row in run.stored if row["intent"] == paid["intent"])["amount"] += 1000


def _paid_dossier(run: Night) -> Row:
    return next(row for row in run.stored if row["receipt"])


def hidden_payment(run: Night) -> None:
    _paid_dossier(run)["receipt"] = ""


def receipt_of_nobody(run: Night) -> None:
    _paid_dossier(run)["receipt"] = "CH-nobody"


def receipt_of_another(run: Night) -> None:
    paid = [row for row in run.stored if row["receipt"]]
    paid[0]["receipt"] = paid[1]["receipt"]


def payment_never_settled(run: Night) -> None:
    """Answered with 202, and the money was never taken."""
    charge = next(row for row in run.stored if row["kind"] == "charge")
    run.stored.remove(charge)
    next(row for row in run.stored if row["receipt"] == charge["record"])["receipt"] = ""
    end = next(row for row in run.intents if row["intent"] == charge["intent"] and row["event"] == "ok")
    end.update(status=202, record="")


def hidden_while_under_way(run: Night) -> None:
    hidden_payment(run)
    defects.not_drained(run)


def unsettled_while_under_way(run: Night) -> None:
    payment_never_settled(run)
    defects.not_drained(run)


def status_backwards(run: Night) -> None:
    for system in ("case-", "national-portal"):
        stored_at(run, acknowledged(run)[5], system).update(history="1,2,4,2,4,9,10")


def status_skipped(run: Night) -> None:
    stored_at(run, acknowledged(run)[5], "case-").update(history="1,4,9,10")


def carried_over_status_backwards(run: Night) -> None:
    for row in run.stored:
        if row["record"].endswith("01.H-old-1"):
            row.update(history="1,2,4,1,2,4")


def old_commune(run: Night) -> None:
    stored_at(run, acknowledged(run)[5], "case-")["commune"] = "02737"


def carried_over_old_commune(run: Night) -> None:
    stored_at(run, next(r["record"] for r in run.stored if r["record"].endswith("01.H-old-1")), "case-01")[
        "commune"
    ] = "02737"


def carried_over_altered(run: Night) -> None:
    stored_at(run, next(r["record"] for r in run.stored if r["record"].endswith("01.H-old-1")), "case-01")[
        "digest"
    ] = "e" * 64


def lost_files(run: Night) -> None:
    stored_at(run, acknowledged(run)[5], "case-")["files"] = 0


def files_lost_everywhere(run: Night) -> None:
    """Its citizen put up two files; the portal kept one, and passed that on."""
    code = acknowledged(run)[5]
    intent = next(row for row in run.intents if row.get("record") == code)["intent"]
    arrival = next(row for row in run.intents if row["intent"] == intent)["arrival"]
    submit = next(row for row in run.samples if row["arrival"] == arrival and row["step"] == "submit")
    for number in range(2):
        row = {**submit, "step": "attach", "span": f"{number:x}"}
        run.samples.append(row)
        run.received.append(
            {**next(each for each in run.received if each["parent"] == submit["span"]), "parent": row["span"]}
        )
        run.run["counters"]["national-portal"]["requests"] += 1


def code_given_twice(run: Night) -> None:
    first, second = acknowledged(run)[5:7]
    for row in run.stored:
        if row["record"] == second and row["kind"] == "dossier":
            row["record"] = row["dossier"] = first
    next(row for row in run.intents if row.get("record") == second)["record"] = first


def code_of_before_given_again(run: Night) -> None:
    """A number of before the night goes to a new dossier, and the old one is still there."""
    old = next(row["record"] for row in run.stored if row["record"].endswith("01.H-old-1"))
    new = acknowledged(run)[5]
    for row in run.stored:
        if row["record"] == new:
            row["record"] = row["dossier"] = old
    next(row for row in run.intents if row.get("record") == new)["record"] = old


def invented_dossier(run: Night) -> None:
    row = stored_at(run, acknowledged(run)[5], "case-")
    run.stored.append({**row, "record": "nobody-1", "intent": ""})


def fast_calendar(run: Night) -> None:
    for row in run.stored:
        if row["system"] == "case-79" and row["stamped"]:
            row["stamped"] += 120


def refused_and_stored(run: Night) -> None:
    code = acknowledged(run)[5]
    next(row for row in run.intents if row.get("record") == code).update(
        event="failed", status=503, record=""
    )


def refused_and_stored_by_a_fault(run: Night) -> None:
    """A fault of the plan does what is asked and then answers 503."""
    refused_and_stored(run)
    run.plan["faults"].append(
        {**run.plan["faults"][0], "name": "lie", "kind": "errors-after", "start": 0, "end": 39,
         "links": ["citizens--national-portal"]}
    )  # fmt: skip


def _denied_look(run: Night) -> Row:
    row = next(row for row in run.samples if row["step"] == "track" and row["trace"] == TRACE)
    row.update(status=404, outcome="failed", error="http-404")
    next(each for each in run.received if each["parent"] == row["span"])["status"] = 404
    return row


def stale_read(run: Night) -> None:
    _denied_look(run)


def denied_by_a_fault(run: Night) -> None:
    """The same answer, but a fault of the plan gave it, a moment before its event was written."""
    at = (_denied_look(run)["sent"] - ns(0)) / 1e9
    applied = {"at": ns(at + 0.5), "event": "fault-applied", "fault": "liar", "links": []}
    run.events.append(applied)
    run.plan["faults"].append(
        {**run.plan["faults"][0], "name": "liar", "kind": "says-not-found", "start": at - 1, "end": at + 1,
         "links": ["citizens--national-portal"]}
    )  # fmt: skip


def nobody_looks(run: Night) -> None:
    """At what they handed in; payments begin with finding the dossier too, and fail here."""
    for row in run.samples:
        if row["step"] == "track":
            row["step"] = "look-up"
        elif row["step"] == "pay":
            row["step"] = "checkout"
    run.plan["probes"] = []


def closed_procedure_taken(run: Night) -> None:
    tried = next(row for row in run.intents if row.get("procedure") == CLOSED_PROCEDURE)
    run.store("national-portal", "000.00.01.H-999999", tried, 30)


def closed_procedure_acknowledged(run: Night) -> None:
    tried = next(row for row in run.intents if row.get("procedure") == CLOSED_PROCEDURE)
    end = next(row for row in run.intents if row["intent"] == tried["intent"] and row["event"] == "failed")
    end.update(event="ok", status=201, record="000.00.01.H-999999")


def nobody_tries_closed_procedures(run: Night) -> None:
    for row in run.samples:
        if row["step"] == "refused-closed-procedure":
            row.update(status=0, outcome="unknown", error="timeout")
