"""Defects to plant in a night, one function each."""

from __future__ import annotations

from pathlib import Path

from reports.journal_writer import CHECKSUM, CHECKSUM_SUFFIX
from tests.reports.factory import Night, ns
from tests.reports.instruments import Row


def no_defect(run: Night) -> None:
    pass


def acknowledged(run: Night) -> list[str]:
    kinds = {row["intent"]: row for row in run.intents if row["event"] == "invoke"}
    return [
        row["record"]
        for row in run.intents
        if row["event"] == "ok"
        and kinds[row["intent"]]["kind"] == "submission"
        and kinds[row["intent"]]["at"] > ns(1)
    ]


def stored_at(run: Night, record: str, system: str) -> Row:
    return next(row for row in run.stored if row["record"] == record and row["system"].startswith(system))


def lost_dossier(run: Night) -> None:
    lost = acknowledged(run)[10]
    run.stored = [row for row in run.stored if row["record"] != lost]


def carried_over_lost(run: Night) -> None:
    run.stored = [
        r for r in run.stored if not (r["record"].endswith("01.H-old-1") and r["system"] == "case-01")
    ]


def undelivered_dossier(run: Night) -> None:
    gone = acknowledged(run)[10]
    run.stored = [r for r in run.stored if not (r["record"] == gone and r["system"].startswith("case-"))]


def duplicate_record(run: Night) -> None:
    row = stored_at(run, acknowledged(run)[5], "case-")
    run.stored.append({**row, "record": row["record"] + "-2"})


def two_case_systems(run: Night) -> None:
    row = stored_at(run, acknowledged(run)[5], "case-")
    run.stored.append({**row, "system": "case-96" if row["system"] != "case-96" else "case-92"})


def misrouted_dossier(run: Night) -> None:
    row = stored_at(run, acknowledged(run)[5], "case-")
    row["system"] = "case-96" if row["system"] != "case-96" else "case-92"


def altered_dossier(run: Night) -> None:
    stored_at(run, acknowledged(run)[5], "case-")["digest"] = "0" * 64


def status_apart(run: Night) -> None:
    stored_at(run, acknowledged(run)[5], "national-portal").update(history="1,2,4", status=4)


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
