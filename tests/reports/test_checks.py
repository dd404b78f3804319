"""Each check finds the defect it is there for, and an uneventful night meets them all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reports.checks import examine
from reports.checks.base import Check
from reports.evidence import Evidence
from reports.finding import judge as outcome_of
from reports.text import Text
from reports.verdict import Verdict
from tests.reports import defects, instrument_defects
from tests.reports.conftest import evidence_of, finding, plain
from tests.reports.factory import Night, ns

Judge = Callable[..., Verdict]

PLANTED = [
    # defect, finding, its outcome, the verdict's outcome, words in its explanation
    (defects.lost_dossier, "no-dossier-lost", "missed", "missed", "1 of"),
    (defects.carried_over_lost, "no-dossier-lost", "missed", "missed", "1 dossiers carried over"),
    (defects.undelivered_dossier, "right-case-system", "missed", "missed", "not in their case system"),
    (defects.misrouted_dossier, "right-case-system", "missed", "missed", "of another province"),
    (defects.duplicate_record, "no-dossier-doubled", "missed", "missed", "1 dossiers exist"),
    (defects.two_case_systems, "no-dossier-doubled", "missed", "missed", "1 dossiers exist"),
    (defects.altered_dossier, "content-unaltered", "missed", "missed", "1 dossiers differ"),
    (defects.status_apart, "synchronised", "missed", "missed", "1 dossiers end in another status"),
    (
        defects.duplicate_charge,
        "payments-taken-once",
        "missed",
        "missed",
        "1 dossiers were charged more than once",
    ),
    (defects.charged_under_two_intents, "payments-taken-once", "missed", "missed", "charged more than once"),
    (defects.orphaned_charge, "payments-have-dossiers", "missed", "missed", "1 charges belong to no dossier"),
    (defects.uncaptured_payment, "payments-taken-once", "missed", "missed", "never taken"),
    (defects.misstated_charge, "fees-right", "missed", "missed", "agreed amount"),
    (defects.no_payments, "payments-taken-once", "inconclusive", "inconclusive", "Nobody paid"),
    (defects.closed_portal_stored, "closed-portals", "missed", "missed", "stored 1 dossiers after T0"),
    (defects.closed_portal_accepted, "closed-portals", "missed", "missed", "acknowledged 1"),
    (defects.closed_portal_errs, "closed-portals", "missed", "missed", "500 × 1"),
    (defects.nobody_at_closed_portals, "closed-portals", "inconclusive", "inconclusive", "Nobody tried"),
    (defects.unplanned_arrival, "arrivals-accounted", "missed", "inconclusive", "1 arrivals were never"),
    (defects.late_generator, "generator-lag", "missed", "inconclusive", "limit 50 ms"),
    (defects.lost_worker, "workers-finished", "missed", "inconclusive", "Worker 1 on host-1"),
    (defects.unheard_worker, "workers-finished", "missed", "inconclusive", "Worker 1 never joined"),
    (defects.too_few_samples, "enough-samples", "missed", "inconclusive", "at least"),
    (defects.callee_never_heard, "both-ends-agree", "missed", "inconclusive", "callee's journal"),
    (defects.interrupted, "run-completed", "missed", "inconclusive", "Ctrl-C at T0+12 s"),
    (defects.process_died, "run-completed", "missed", "inconclusive", "mocks.1 (-9)"),
    (defects.not_drained, "drained", "missed", "inconclusive", "case-79: 12"),
    (defects.fault_never_applied, "fault-hit.vneid-slow", "missed", "inconclusive", "No event"),
    (defects.fault_met_no_traffic, "fault-hit.lgsp-01-cut", "missed", "inconclusive", "No traffic met it"),
    (defects.fault_without_effect, "fault-hit.lgsp-01-cut", "missed", "inconclusive", "mark is not on"),
    (
        defects.acknowledgements_arrived,
        "fault-hit.payment-ack-lost",
        "missed",
        "inconclusive",
        "mark is not on",
    ),
    (defects.never_slow, "fault-hit.vneid-slow", "missed", "inconclusive", "mark is not on"),
    (defects.never_healed, "faults-healed", "missed", "inconclusive", "vneid-slow"),
    (defects.never_healed, "recovery.vneid-slow", "inconclusive", "inconclusive", "not on record"),
    (defects.cure_unproved, "faults-healed", "missed", "inconclusive", "lgsp-01--case-01"),
    (defects.exhausted_vneid, "capacity-suffices", "missed", "missed", "vneid turned away"),
    (defects.province_never_connected, "provinces-connected", "missed", "missed", "Province 15 Lào Cai"),
    (defects.province_without_visitors, "provinces-connected", "inconclusive", "inconclusive", "12 Lai Châu"),
    (defects.failing_answers, "slo.every-answer", "missed", "missed", "of the error budget was spent"),
    (defects.slow_answers, "slo.submit", "missed", "missed", "within 1.00 s"),
    (defects.few_for_an_objective, "slo.submit", "inconclusive", "inconclusive", "needs at least 29"),
    (defects.slow_to_recover, "recovery.vneid-slow", "missed", "missed", "Recovered 9.00 s after the cure"),
    (defects.never_recovers, "recovery.payment-ack-lost", "missed", "missed", "Not recovered"),
    (defects.too_late_to_see, "recovery.payment-ack-lost", "inconclusive", "inconclusive", "too short"),
]


def test_an_uneventful_night_meets_every_check(run: Night, judge: Judge) -> None:
    verdict = judge(run)
    unmet = [f.name for f in verdict.validity.findings + verdict.findings if f.outcome != "met"]
    assert (verdict.outcome, unmet) == ("met", [])


@pytest.mark.parametrize(
    ("plant", "name", "outcome", "verdict_outcome", "words"),
    PLANTED,
    ids=[f"{case[0].__name__}->{case[1]}" for case in PLANTED],
)
def test_a_planted_defect_is_found(
    run: Night,
    judge: Judge,
    plant: Callable[[Night], None],
    name: str,
    outcome: str,
    verdict_outcome: str,
    words: str,
) -> None:
    plant(run)
    verdict = judge(run)
    found = finding(verdict, name)
    assert found.outcome == outcome, found.explanation.en
    assert words in found.explanation.en
    assert found.explanation.vi
    assert verdict.outcome == verdict_outcome


BREACHES = [
    # a defect of the instrument, every check of validity that it breaks, words of the first of them
    (instrument_defects.under_offered, ["arrivals-offered"], "35 were dropped as too late"),
    (instrument_defects.begun_twice, ["arrivals-accounted"], "1 arrivals were begun more than once"),
    (
        instrument_defects.forgotten_arrivals,
        ["arrivals-accounted", "arrivals-offered"],
        "21 of worker 1 since T0+5 s",
    ),
    (instrument_defects.lost_samples, ["requests-accounted"], "(3 were under way, 14 not yet written)"),
    (instrument_defects.invented_samples, ["requests-accounted"], "worker 1 has 2 samples more"),
    (
        instrument_defects.killed_worker,
        ["workers-finished", "arrivals-accounted", "arrivals-offered", "requests-accounted"],
        "Worker 1 on host-1 was lost, last heard at T0+10 s: 347 of its 695 arrivals were never offered, "
        "since T0+10 s, most (16) at T0+19 s; 10 more were begun and left no record.",
    ),
    (instrument_defects.starved_swarm, ["swarm-punctual"], "the machine had no CPU for it"),
    (instrument_defects.busy_swarm, ["swarm-punctual"], "its own event loop was busy"),
    (instrument_defects.frozen_swarm, ["swarm-punctual"], "the whole process stood still"),
    (instrument_defects.blocked_swarm, ["swarm-punctual"], "a call that waits held up its event loop"),
    (instrument_defects.silent_swarm, ["swarm-punctual"], "covers only 65 %"),
    (instrument_defects.starved_mocks, ["mocks-had-cpu"], "It was not the declared capacity"),
    (instrument_defects.prober_disagrees, ["prober-agrees.track"], "The swarm sees slower answers"),
    (instrument_defects.slow_prober, ["prober-agrees.track"], "its own lag p95 200 ms"),
    (instrument_defects.prober_died, ["prober-agrees.track"], "The prober sent only 80 of 580"),
    (instrument_defects.nobody_to_compare, ["prober-agrees.home"], "0 of the swarm"),
    (instrument_defects.unmeasured_clock, ["clocks-agree"], "The clock of worker-1 was never measured"),
    (instrument_defects.uncertain_clock, ["clocks-agree"], "known within ±12 ms"),
    (instrument_defects.drifting_clock, ["clocks-agree"], "drifted by 40 ms"),
    (instrument_defects.too_short_samples, ["littles-law.swarm"], "make them too short"),
    (instrument_defects.forgetful_mocks, ["littles-law.mocks"], "The journals lack requests"),
]


@pytest.mark.parametrize(("plant", "broken", "words"), BREACHES, ids=[case[0].__name__ for case in BREACHES])
def test_a_defect_of_the_instrument_breaks_the_checks_it_concerns_and_no_other(
    run: Night, tmp_path: Path, plant: Callable[[Night], None], broken: list[str], words: str
) -> None:
    plant(run)
    findings = examine(evidence_of(run.write(tmp_path / "run")))
    unmet = {f.name: f.explanation for f in findings if f.kind == "validity" and f.outcome != "met"}
    assert (list(unmet), outcome_of(findings)) == (broken, "inconclusive")
    assert words in plain(unmet[broken[0]].en)
    assert unmet[broken[0]].vi


def test_what_died_with_a_worker_is_counted(run: Night, judge: Judge) -> None:
    instrument_defects.killed_worker(run)
    told = plain(finding(judge(run), "requests-accounted").explanation.en)
    assert "13 of 442 requests of worker 1 were begun and have no sample" in told


def test_a_worker_that_was_silent_for_a_while_and_finished_is_no_breach(run: Night, judge: Judge) -> None:
    run.events.insert(3, {"at": ns(3), "event": "worker-lost", "worker": 1})
    run.events.insert(4, {"at": ns(6), "event": "worker-back", "worker": 1})
    found = finding(judge(run), "workers-finished")
    assert (found.outcome, "worker 1 (T0+3 s)" in found.explanation.en) == ("met", True)


def test_a_late_clock_is_no_breach_where_its_offset_is_known(run: Night, judge: Judge) -> None:
    run.run["clocks"][0].update(host="far", offset_ns=9_000_000_000_000, uncertainty_ns=200_000)
    found = finding(judge(run), "clocks-agree")
    assert (found.outcome, "worker-0 @ far" in found.explanation.en) == ("met", True)


def test_a_plan_without_a_prober_is_not_asked_about_one(run: Night, judge: Judge) -> None:
    run.plan["probes"] = []
    verdict = judge(run)
    assert verdict.outcome == "met"
    assert not [f.name for f in verdict.validity.findings if f.name.startswith("prober")]


def test_an_old_run_without_clocks_cannot_be_believed(run: Night, judge: Judge) -> None:
    run.run["clocks"] = []
    assert finding(judge(run), "clocks-agree").outcome == "missed"


@pytest.mark.parametrize(
    ("plant", "words"),
    [
        pytest.param(defects.no_defect, "The declared capacity was the limit", id="punctual"),
        pytest.param(instrument_defects.starved_mocks, "is not known", id="starved"),
    ],
)
def test_declared_capacity_is_told_apart_from_a_lack_of_cpu(
    run: Night, judge: Judge, plant: Callable[[Night], None], words: str
) -> None:
    defects.exhausted_vneid(run)
    plant(run)
    assert words in finding(judge(run), "capacity-suffices").explanation.en


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        pytest.param(defects.torn_samples, "torn: samples.0.arrows", id="torn-samples"),
        pytest.param(defects.torn_intents, "torn: intents.1.jsonl", id="torn-intents"),
        pytest.param(defects.missing_worker_files, "missing: samples.1.arrows", id="missing-worker"),
        pytest.param(defects.missing_calls, "missing: calls.*.arrows", id="missing-calls"),
        pytest.param(defects.missing_stores, "missing: stored.arrow", id="missing-stores"),
    ],
)
def test_an_incomplete_journal_makes_the_run_inconclusive(
    run: Night, judge: Judge, damage: Callable[[Path], None], words: str
) -> None:
    verdict = judge(run, damage)
    found = finding(verdict, "journals-complete")
    assert (found.outcome, verdict.outcome, verdict.validity.outcome) == (
        "missed",
        "inconclusive",
        "inconclusive",
    )
    assert words in found.explanation.en


def test_the_unprepared_country_is_missed_with_its_three_defects_as_causes(run: Night, judge: Judge) -> None:
    defects.unprepared(run)
    verdict = judge(run)
    assert verdict.outcome == "missed"
    assert verdict.validity.outcome == "met"
    causes = {found.name: found for found in verdict.causes}
    assert {"provinces-connected", "capacity-suffices", "payments-taken-once"} <= set(causes)
    assert "lgsp-15 → case-15: no call" in causes["provinces-connected"].explanation.en
    assert "answered 502" in causes["provinces-connected"].explanation.en
    assert causes["capacity-suffices"].where == ["vneid"]
    assert finding(verdict, "right-case-system").because_of == ["provinces-connected"]


def test_a_backlog_of_a_connected_province_is_not_excused_by_a_disconnected_one(
    run: Night, judge: Judge
) -> None:
    defects.province_never_connected(run)
    defects.undelivered_dossier(run)
    verdict = judge(run)
    assert finding(verdict, "drained").outcome == "missed"
    assert verdict.outcome == "inconclusive"
    assert finding(verdict, "right-case-system").outcome == "inconclusive"


def test_facts_are_listed_even_where_the_run_cannot_be_believed(run: Night, judge: Judge) -> None:
    defects.late_generator(run)
    defects.duplicate_charge(run)
    verdict = judge(run)
    assert verdict.outcome == "inconclusive"
    assert finding(verdict, "payments-taken-once").outcome == "missed"
    assert "payments-taken-once" in [found.name for found in verdict.causes]


def test_a_slo_missed_through_an_exhausted_system_names_it_as_its_cause(run: Night, judge: Judge) -> None:
    run.plan["slos"][0]["objective"] = 0.99
    defects.exhausted_vneid(run)
    assert finding(judge(run), "slo.every-answer").because_of == ["capacity-suffices"]


def test_what_was_sent_to_a_portal_before_t0_may_still_be_stored_just_after_it(
    run: Night, judge: Judge
) -> None:
    row = next(row for row in run.stored if row["system"].startswith("portal-"))
    row["at"] = ns(0.02)
    assert finding(judge(run), "closed-portals").outcome == "met"


def test_a_short_look_is_enough_where_nothing_was_felt(run: Night, judge: Judge) -> None:
    run.plan["clock"]["end"] = 28.0
    found = finding(judge(run), "recovery.payment-ack-lost")
    assert (found.outcome, "Not felt" in found.explanation.en) == ("met", True)


def test_the_cure_counts_from_when_it_was_done_not_from_when_it_was_proved(run: Night, judge: Judge) -> None:
    healed = next(row for row in run.events if row["event"] == "fault-healed")
    healed.update(healed=healed["at"] - 500_000_000)
    fault = next(fault for fault in judge(run).faults if fault.name == healed["fault"])
    assert fault.healed == pytest.approx(8.5)


def test_a_missed_slo_says_where_and_how(run: Night, judge: Judge) -> None:
    defects.slow_answers(run)
    found = finding(judge(run), "slo.submit")
    assert found.where == ["submit"]
    assert "0 without a right answer; 100 % at step submit" in plain(found.explanation.en)


def test_a_crashing_check_is_inconclusive_with_its_reason(evidence: Evidence) -> None:
    def crash(_evidence: Evidence) -> None:
        raise ZeroDivisionError("division by zero")

    check = Check("crashing", "service", Text("Hỏng", "Broken"), crash)  # type: ignore[arg-type]  # crashes by intent
    (found,) = check.findings(evidence)
    assert found.outcome == "inconclusive"
    assert "ZeroDivisionError: division by zero" in found.explanation.en


def test_no_check_passes_on_no_data(nothing: Evidence) -> None:
    met = {found.name for found in examine(nothing) if found.outcome == "met"}
    # these say how the run went, which is known without a single sample
    assert met <= {
        "run-completed", "workers-finished", "journals-complete", "drained", "faults-healed",
        "swarm-punctual", "mocks-had-cpu", "clocks-agree",
    }  # fmt: skip
