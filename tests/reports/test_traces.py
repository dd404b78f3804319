"""The way of one dossier or payment that broke a rule, as a reader sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from reports.render.html import html
from reports.render.markdown import markdown
from reports.traces import Trace, traces
from reports.verdict import Verdict
from tests.reports import defects
from tests.reports.conftest import evidence_of
from tests.reports.factory import Night, ns

Judge = Callable[..., Verdict]
PAYMENT = "national-portal--payment"


def told(trace: Trace) -> list[tuple[str, str, str, str]]:
    return [(step.who.en, step.whom.en, step.what.en, step.end) for step in trace.steps]


def trace_of(run: Night, folder: Path, violation: str) -> Trace:
    (trace,) = [each for each in traces(evidence_of(run.write(folder))) if each.violation == violation]
    return trace


def paid_twice(run: Night) -> dict[str, Any]:
    """One payment whose first charge is taken and never answered; the second try takes it again."""
    at, code = 22.5, "15"
    arrival = run.arrive(at, "submit-and-pay", code)
    number, trace = arrival
    dossier = f"000.00.{code}.H-{number:06d}"
    handed_in = run.intend(
        "submission", number, "national-portal", code, at - 1, outcome="ok", until=at - 0.9, record=dossier
    )
    for system in ("national-portal", f"case-{code}"):
        run.store(system, dossier, handed_in, at - 0.5)
    run.request(arrival, "pay", "citizens--national-portal", at, 1.9)
    run.call(PAYMENT, "charge", at + 0.1, 1.5, trace, status=0, error="timeout")
    run.call(PAYMENT, "charge", at + 1.7, 0.1, trace, status=201)
    run.calls[-1]["attempt"] = 2
    intent = run.intend(
        "payment", number, "national-portal", code, at, outcome="ok", until=at + 1.9, record="CH-2",
        dossier=dossier, amount=55_000,
    )  # fmt: skip
    for name, when in (("CH-1", at + 0.4), ("CH-2", at + 1.75)):
        run.store("payment", name, intent, when, kind="charge", dossier=dossier, amount=55_000)
    return {"dossier": dossier, "intent": intent["intent"]}


def test_a_payment_taken_twice_is_followed_through_all_systems(run: Night, tmp_path: Path) -> None:
    of = paid_twice(run)
    (trace,) = [
        each for each in traces(evidence_of(run.write(tmp_path))) if each.violation == "charges-doubled"
    ]
    assert (trace.record, trace.province) == (of["dossier"], "15")
    portal, platform, pay = "the national portal", "the payment platform", "take the money"
    assert told(trace) == [
        ("The citizen", portal, "pay the fee", "done"),
        (portal, platform, pay, "lost-answer"),
        (platform, platform, "books the charge CH-1", "kept"),
        (portal, platform, pay, "done"),
        (platform, platform, "books the charge CH-2", "kept"),
    ]
    lost, again = trace.steps[1], trace.steps[3]
    assert lost.fault == "payment-ack-lost"
    assert "The payment platform did it" in lost.told.en
    assert "the national portal waited and got no answer after 1.50 s" in lost.told.en
    assert (again.attempt, again.told.en) == (2, "Answered 201 after 100 ms.")
    assert [step.wrong for step in trace.steps] == [False, False, False, False, True]
    assert trace.so.en == (
        f"2 charges for the one dossier {of['dossier']}: the citizen has paid 110\u202f000 dong in all. "
        "The national portal asked again under the same key, as it must; the payment platform has to know "
        "the key again and take the money once: it is to be mended there."
    )
    assert all(step.told.vi and step.what.vi for step in trace.steps)


def test_the_page_and_the_summary_tell_it(run: Night, judge: Judge) -> None:
    of = paid_twice(run)
    verdict = judge(run)
    page, summary = html(verdict), markdown(verdict)
    for text in (page, summary):
        assert "The fee was taken twice" in text
        assert of["dossier"] in text
        assert "T0+22.500 s" in text or "T0+22.501 s" in text
    assert "Thu tiền hai lần" in page


def test_a_lost_dossier_ends_in_no_store(run: Night, tmp_path: Path) -> None:
    defects.lost_dossier(run)
    trace = trace_of(run, tmp_path, "lost")
    assert told(trace)[0] == ("The citizen", "the national portal", "hand in the dossier", "done")
    assert trace.so.en == "After the drain: no store has it."


def test_many_tries_that_end_alike_are_one_step(run: Night, tmp_path: Path) -> None:
    defects.undelivered_dossier(run)
    record = evidence_of(run.write(tmp_path / "first")).ledger
    assert record is not None
    code = next(iter(record.violations["undelivered"].examples.values()))[0]
    for n in range(9):
        run.call(
            "national-portal--lgsp-01", "NoiHoSo", 30 + n, 0.01, "0" * 31 + "1", status=502, error="http-502"
        )
        run.calls[-1].update(key=code, attempt=n + 1)
    trace = trace_of(run, tmp_path / "second", "undelivered")
    tries = [step for step in trace.steps if step.what.en == "pass on the dossier"]
    assert len(tries) == 1
    assert tries[0].told.en.endswith("So did 8 more tries, until T0+38 s.")


def test_a_shorter_way_is_chosen(run: Night, tmp_path: Path) -> None:
    gone = defects.acknowledged(run)[10:12]
    run.stored = [row for row in run.stored if row["record"] not in gone]
    ended = next(row["intent"] for row in run.intents if row["event"] == "ok" and row["record"] == gone[0])
    number = next(row["arrival"] for row in run.intents if row["intent"] == ended and "arrival" in row)
    trace_id = next(row["trace"] for row in run.samples if row["arrival"] == number)
    run.call("national-portal--lgsp-01", "NoiHoSo", 30, 0.01, trace_id)
    assert trace_of(run, tmp_path, "lost").record == gone[1]


def test_a_night_without_violations_has_no_traces(run: Night, tmp_path: Path) -> None:
    assert traces(evidence_of(run.write(tmp_path))) == []


def test_a_record_from_before_the_night_needs_no_intent(run: Night, tmp_path: Path) -> None:
    defects.carried_over_lost(run)
    found = traces(evidence_of(run.write(tmp_path)))
    assert [trace.violation for trace in found] in ([], ["carried-over-missing"])


def test_instants_are_relative_to_t0(run: Night, tmp_path: Path) -> None:
    paid_twice(run)
    (trace,) = [
        each for each in traces(evidence_of(run.write(tmp_path))) if each.violation == "charges-doubled"
    ]
    assert [round(step.at, 3) for step in trace.steps] == sorted(round(step.at, 3) for step in trace.steps)
    assert all(abs(ns(step.at) - ns(22.5)) < 3e9 for step in trace.steps)
