"""Defects to plant in a night, one function each."""

from __future__ import annotations

from pathlib import Path

from reports.journal_writer import CHECKSUM, CHECKSUM_SUFFIX
from tests.reports.factory import CLOSED_PROCEDURE, Night, ns
from tests.reports.instruments import Row
from tests.reports.story import TRACE


def no_defect(run: Night) -> None:
    pass


def _acknowledged(run: Night) -> list[str]:
    kinds = {row["intent"]: row for row in run.intents if row["event"] == "invoke"}
    return [
        row["record"]
        for row in run.intents
        if row["event"] == "ok"
        and kinds[row["intent"]]["kind"] == "submission"
        and kinds[row["intent"]]["at"] > ns(1)
    ]


def _stored(run: Night, record: str, system: str) -> Row:
    return next(row for row in run.stored if row["record"] == record and row["system"].startswith(system))


def lost_dossier(run: Night) -> None:
    lost = _acknowledged(run)[10]
    run.stored = [row for row in run.stored if row["record"] != lost]


def carried_over_lost(run: Night) -> None:
    run.stored = [
        r for r in run.stored if not (r["record"].endswith("01.H-old-1") and r["system"] == "case-01")
    ]


def undelivered_dossier(run: Night) -> None:
    gone = _acknowledged(run)[10]
    run.stored = [r for r in run.stored if not (r["record"] == gone and r["system"].startswith("case-"))]


def duplicate_record(run: Night) -> None:
    row = _stored(run, _acknowledged(run)[5], "case-")
    run.stored.append({**row, "record": row["record"] + "-2"})


def two_case_systems(run: Night) -> None:
    row = _stored(run, _acknowledged(run)[5], "case-")
    run.stored.append({**row, "system": "case-96" if row["system"] != "case-96" else "case-92"})


def misrouted_dossier(run: Night) -> None:
    row = _stored(run, _acknowledged(run)[5], "case-")
    row["system"] = "case-96" if row["system"] != "case-96" else "case-92"


def altered_dossier(run: Night) -> None:
    _stored(run, _acknowledged(run)[5], "case-")["digest"] = "0" * 64


def status_apart(run: Night) -> None:
    _stored(run, _acknowledged(run)[5], "national-portal").update(history="1,2,4", status=4)


def duplicate_charge(run: Night) -> None:
    charge = next(row for row in run.stored if row["kind"] == "charge")
    run.stored.append({**charge, "record": charge["record"] + "-again"})


def charged_under_two_intents(run: Night) -> None:
    charge = next(row for row in run.stored if row["kind"] == "charge")
    run.stored.append({**charge, "record": charge["record"] + "-again", "intent": "another"})


def orphaned_charge(run: Night) -> None:
    next(row for row in run.stored if row["kind"] == "charge")["dossier"] = "nobody's"


def uncaptured_payment(run: Night) -> None:
    charge = next(row for row in run.stored if row["kind"] == "charge")
    run.stored.remove(charge)


def misstated_charge(run: Night) -> None:
    next(row for row in run.stored if row["kind"] == "charge")["amount"] += 1


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
    not_drained(run)


def unsettled_while_under_way(run: Night) -> None:
    payment_never_settled(run)
    not_drained(run)


def status_backwards(run: Night) -> None:
    for system in ("case-", "national-portal"):
        _stored(run, _acknowledged(run)[5], system).update(history="1,2,4,2,4,9,10")


def status_skipped(run: Night) -> None:
    _stored(run, _acknowledged(run)[5], "case-").update(history="1,4,9,10")


def carried_over_status_backwards(run: Night) -> None:
    for row in run.stored:
        if row["record"].endswith("01.H-old-1"):
            row.update(history="1,2,4,1,2,4")


def old_commune(run: Night) -> None:
    _stored(run, _acknowledged(run)[5], "case-")["commune"] = "02737"


def carried_over_old_commune(run: Night) -> None:
    _stored(run, next(r["record"] for r in run.stored if r["record"].endswith("01.H-old-1")), "case-01")[
        "commune"
    ] = "02737"


def carried_over_altered(run: Night) -> None:
    _stored(run, next(r["record"] for r in run.stored if r["record"].endswith("01.H-old-1")), "case-01")[
        "digest"
    ] = "e" * 64


def lost_files(run: Night) -> None:
    _stored(run, _acknowledged(run)[5], "case-")["files"] = 0


def files_lost_everywhere(run: Night) -> None:
    """Its citizen put up two files; the portal kept one, and passed that on."""
    code = _acknowledged(run)[5]
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
    first, second = _acknowledged(run)[5:7]
    for row in run.stored:
        if row["record"] == second and row["kind"] == "dossier":
            row["record"] = row["dossier"] = first
    next(row for row in run.intents if row.get("record") == second)["record"] = first


def code_of_before_given_again(run: Night) -> None:
    """A number of before the night goes to a new dossier, and the old one is still there."""
    old = next(row["record"] for row in run.stored if row["record"].endswith("01.H-old-1"))
    new = _acknowledged(run)[5]
    for row in run.stored:
        if row["record"] == new:
            row["record"] = row["dossier"] = old
    next(row for row in run.intents if row.get("record") == new)["record"] = old


def invented_dossier(run: Night) -> None:
    row = _stored(run, _acknowledged(run)[5], "case-")
    run.stored.append({**row, "record": "nobody-1", "intent": ""})


def fast_calendar(run: Night) -> None:
    for row in run.stored:
        if row["system"] == "case-79" and row["stamped"]:
            row["stamped"] += 120


def refused_and_stored(run: Night) -> None:
    code = _acknowledged(run)[5]
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


def no_payments(run: Night) -> None:
    paid = {row["intent"] for row in run.intents if row["event"] == "invoke" and row["kind"] == "payment"}
    run.intents = [row for row in run.intents if row["intent"] not in paid]
    run.stored = [row for row in run.stored if row["kind"] != "charge"]


def closed_portal_stored(run: Night) -> None:
    refused = next(
        row
        for row in run.intents
        if row["event"] == "invoke" and row["at"] > ns(5) and row["system"].startswith("portal-")
    )
    run.store(refused["system"], "000.00.99.H-000001", refused, 5.1)


def closed_portal_accepted(run: Night) -> None:
    end = next(row for row in run.intents if row["event"] == "failed" and row["status"] == 410)
    end.update(event="ok", status=201, record="000.00.99.H-000002")


def closed_portal_errs(run: Night) -> None:
    next(row for row in run.intents if row["event"] == "failed" and row["status"] == 410)["status"] = 500


def nobody_at_closed_portals(run: Night) -> None:
    tried = {row["intent"] for row in run.intents if row["event"] == "failed" and row["status"] == 410}
    run.intents = [row for row in run.intents if row["intent"] not in tried]


def unplanned_arrival(run: Night) -> None:
    run.samples[0]["arrival"] = len(run.arrivals) + 8


def late_generator(run: Night) -> None:
    for row in run.samples[::20]:
        row["sent"] += 200_000_000
        row["done"] += 200_000_000


def lost_worker(run: Night) -> None:
    run.run["workers"][1]["finished"] = False


def unheard_worker(run: Night) -> None:
    del run.run["workers"][1]


def too_few_samples(run: Night) -> None:
    run.plan["validity"]["minimum_samples"] = 1_000_000


def callee_never_heard(run: Night) -> None:
    run.received = [row for number, row in enumerate(run.received) if number % 10]


def interrupted(run: Night) -> None:
    run.run.update(ended="interrupted", reason="Ctrl-C at T0+12 s", drained=False)


def process_died(run: Night) -> None:
    run.events.insert(3, {"at": ns(3), "event": "process-ended", "process": "mocks.1", "status": -9})


def not_drained(run: Night) -> None:
    run.run.update(drained=False, backlog={"case-79": 12})


def fault_never_applied(run: Night) -> None:
    run.events = [row for row in run.events if row["event"] != "fault-applied"]


def fault_met_no_traffic(run: Night) -> None:
    run.calls = [row for row in run.calls if row["link"] != "lgsp-01--case-01"]


def fault_without_effect(run: Night) -> None:
    for row in run.calls:
        if row["link"] == "lgsp-01--case-01":
            row.update(status=201, error="")


def acknowledgements_arrived(run: Night) -> None:
    for row in run.calls:
        if row["link"] == "national-portal--payment":
            row.update(status=201, error="")


def never_slow(run: Night) -> None:
    for row in run.samples:
        if row["step"] == "sign-in":
            row["done"] = min(row["done"], row["sent"] + 20_000_000)


def never_healed(run: Night) -> None:
    run.events = [row for row in run.events if row["event"] != "fault-healed" or row["fault"] != "vneid-slow"]


def cure_unproved(run: Night) -> None:
    next(row for row in run.events if row["event"] == "fault-healed")["proved"] = []


def exhausted_vneid(run: Night) -> None:
    """Turns away two of three who sign in between T0+5 s and T0+15 s; they give up."""
    gone = set()
    for number, row in enumerate(run.samples):
        if row["step"] == "sign-in" and ns(5) < row["sent"] < ns(15) and number % 3:
            row.update(status=503, outcome="failed", error="http-503")
            gone.add(row["span"])
    for row in run.received:
        if row["parent"] in gone:
            row.update(status=503, service_us=0)
    run.run["counters"]["vneid"].update(refused=len(gone), queue_peak=64)


def province_never_connected(run: Night) -> None:
    """Lào Cai: the integration platform answers 502, nothing reaches the case system, messages wait."""
    after = {row["intent"] for row in run.intents if row["event"] == "invoke" and row["at"] > ns(0)}
    waiting = [r for r in run.stored if r["system"] == "case-15" and r["intent"] in after]
    run.stored = [row for row in run.stored if row not in waiting]
    run.calls = [row for row in run.calls if row["link"] != "lgsp-15--case-15"]
    for row in run.calls:
        if row["link"] == "national-portal--lgsp-15":
            row.update(status=502, error="http-502")
    run.run.update(drained=False, backlog={"national-portal": len(waiting)})


def province_without_visitors(run: Night) -> None:
    mine = {row["intent"] for row in run.intents if row["event"] == "invoke" and row["province"] == "12"}
    run.intents = [row for row in run.intents if row["intent"] not in mine]
    run.stored = [row for row in run.stored if row["intent"] not in mine]
    run.calls = [row for row in run.calls if row["link"] != "lgsp-12--case-12"]


def unprepared(run: Night) -> None:
    """All three defects at once."""
    exhausted_vneid(run)
    province_never_connected(run)
    run.stored += [
        {**row, "record": row["record"] + "-again"}
        for row in run.stored
        if row["kind"] == "charge" and ns(22) < row["at"] < ns(26)
    ]


def failing_answers(run: Night) -> None:
    for row in run.samples[::8]:
        row.update(outcome="failed", status=500, error="http-500")


def slow_answers(run: Night) -> None:
    for row in run.samples:
        if row["step"] == "submit":
            row["done"] += 2_000_000_000


def slow_to_recover(run: Night) -> None:
    """Signing in fails until nine seconds after the cure."""
    for row in run.samples:
        if row["step"] == "sign-in" and ns(12) <= row["planned"] < ns(26):
            row.update(outcome="failed", status=500, error="http-500")


def never_recovers(run: Night) -> None:
    for row in run.samples:
        if row["step"] == "pay" and row["planned"] >= ns(22):
            row.update(outcome="failed", status=500, error="http-500")


def too_late_to_see(run: Night) -> None:
    """The last fault is cured two seconds before the end, and nothing is good after it."""
    run.plan["clock"]["end"] = 28.0
    never_recovers(run)


def few_for_an_objective(run: Night) -> None:
    run.plan["slos"][1]["objective"] = 0.9999


# damage to the folder

END_OF_STREAM = 8
"""Bytes."""


def torn_samples(folder: Path) -> None:
    """Killed while its last batch went to disk: a part of it, and no checksum yet."""
    path = folder / "samples.0.arrows"
    checksums = path.with_name(path.name + CHECKSUM_SUFFIX)
    records = list(CHECKSUM.iter_unpack(checksums.read_bytes()))
    last = max(offset for offset, length, _crc in records if length > END_OF_STREAM)
    checksums.write_bytes(b"".join(CHECKSUM.pack(*each) for each in records if each[0] < last))
    path.write_bytes(path.read_bytes()[: last + 20])


def torn_intents(folder: Path) -> None:
    path = folder / "intents.1.jsonl"
    path.write_bytes(path.read_bytes()[:-25])


def missing_worker_files(folder: Path) -> None:
    (folder / "samples.1.arrows").unlink()


def missing_calls(folder: Path) -> None:
    (folder / "calls.0.arrows").unlink()


def missing_stores(folder: Path) -> None:
    (folder / "stored.arrow").unlink()
