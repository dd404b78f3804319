"""Each rule of the ledger is broken once in a whole run, and the check that speaks for it finds it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reports.checks import examine
from reports.verdict import Verdict
from tests.reports import defects
from tests.reports import ledger_defects as broken
from tests.reports.conftest import evidence_of, finding, plain
from tests.reports.factory import Night, night

Judge = Callable[..., Verdict]

BROKEN = [
    # defect, the check that misses, words of its explanation, where
    (defects.orphaned_charge, "payments-have-dossiers", "1 charges belong to no dossier", ["payment"]),
    (broken.misposted_charge, "payments-have-dossiers", "1 charges name another dossier", ["payment"]),
    (defects.misstated_charge, "fees-right", "1 charges differ from the agreed", ["payment"]),
    (broken.misquoted_fee, "fees-right", "1 payments were asked for another amount", ["payment"]),
    (broken.hidden_payment, "payments-shown", "1 dossiers were paid for, and", ["national-portal"]),
    (broken.receipt_of_nobody, "payments-shown", "1 dossiers are shown as paid by", ["national-portal"]),
    (broken.receipt_of_another, "payments-shown", "1 dossiers are shown as paid by", ["national-portal"]),
    (broken.payment_never_settled, "payments-taken-once", "1 payments that were said", ["payment"]),
    (broken.status_skipped, "statuses-in-order", "1 dossiers left out a status", None),
    (broken.status_backwards, "statuses-in-order", "1 dossiers went back", None),
    (broken.carried_over_status_backwards, "statuses-in-order", "went back", ["case-01", "national-portal"]),
    (broken.old_commune, "units-current", "1 dossiers are stored under another commune", None),
    (broken.carried_over_old_commune, "units-current", "1 dossiers", ["case-01"]),
    (broken.carried_over_altered, "content-unaltered", "1 dossiers differ", ["case-01"]),
    (broken.lost_files, "content-unaltered", "1 dossiers lack attached files", None),
    (broken.files_lost_everywhere, "content-unaltered", "1 dossiers lack attached files", None),
    (broken.code_given_twice, "codes-unique", "1 dossier codes were given to more than one", None),
    (broken.code_of_before_given_again, "codes-unique", "1 dossier codes were given to more", None),
    (broken.invented_dossier, "no-dossier-doubled", "1 dossiers are in store that nobody submitted", None),
    (broken.fast_calendar, "system-calendars", "case-79 +120 s", ["case-79"]),
    (broken.refused_and_stored, "refusals-honest", "refused submissions were stored", None),
    (broken.stale_read, "read-after-acknowledgement", "1 acknowledged dossiers were", ["national-portal"]),
    (broken.closed_procedure_taken, "closed-procedures", "1 dossiers were taken", ["national-portal"]),
    (broken.closed_procedure_acknowledged, "closed-procedures", "1 submissions", ["national-portal"]),
]  # fmt: skip

NOT_BROKEN = [
    # what looks like a defect, the check, its outcome
    (broken.refused_and_stored_by_a_fault, "refusals-honest", "met"),
    (broken.denied_by_a_fault, "read-after-acknowledgement", "met"),
    (broken.nobody_looks, "read-after-acknowledgement", "inconclusive"),
    (broken.hidden_while_under_way, "payments-shown", "inconclusive"),
    (broken.unsettled_while_under_way, "payments-taken-once", "inconclusive"),
    (broken.nobody_tries_closed_procedures, "closed-procedures", "inconclusive"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("plant", "name", "words", "where"), BROKEN, ids=[f"{case[0].__name__}->{case[1]}" for case in BROKEN]
)
def test_a_broken_rule_is_missed(
    run: Night, judge: Judge, plant: Callable[[Night], None], name: str, words: str, where: list[str] | None
) -> None:
    plant(run)
    found = finding(judge(run), name)
    assert found.outcome == "missed", found.explanation.en
    assert words in plain(found.explanation.en)
    assert found.explanation.vi
    assert found.where
    assert where is None or found.where == where


@pytest.mark.parametrize(
    ("plant", "name", "outcome"), NOT_BROKEN, ids=[f"{case[0].__name__}->{case[1]}" for case in NOT_BROKEN]
)
def test_what_only_looks_broken_is_not_missed(
    run: Night, judge: Judge, plant: Callable[[Night], None], name: str, outcome: str
) -> None:
    plant(run)
    found = finding(judge(run), name)
    assert found.outcome == outcome, found.explanation.en


def test_dossiers_of_unknown_origin_are_inconclusive_where_intents_may_be_missing(
    run: Night, judge: Judge
) -> None:
    broken.invented_dossier(run)
    run.run["workers"][1]["finished"] = False
    assert finding(judge(run), "no-dossier-doubled").outcome == "inconclusive"


def test_a_plan_that_names_no_statuses_and_no_closed_procedures_is_not_asked_about_them(
    run: Night, judge: Judge
) -> None:
    run.plan.update(statuses=[], closed_procedures=[])
    verdict = judge(run)
    assert verdict.outcome == "met"
    assert not {"statuses-in-order", "closed-procedures"} & {found.name for found in verdict.findings}


def test_zero_of_n_is_told_as_a_bound(run: Night, judge: Judge) -> None:
    verdict = judge(run)
    ledger = verdict.ledger
    assert ledger is not None
    assert ledger.double_bound == pytest.approx(3 / ledger.effective)
    assert ledger.charges.double_bound == pytest.approx(3 / ledger.charges.captured)
    assert "at 95 %" in plain(finding(verdict, "no-dossier-doubled").explanation.en)


@pytest.mark.parametrize("seed", range(20))
def test_an_uneventful_night_is_clean_whatever_its_seed(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    played = night(rate=16, seed=seed, end=32.0)
    evidence = evidence_of(played.write(tmp_path_factory.mktemp("night") / "run"))
    assert evidence.ledger is not None
    assert evidence.ledger.violations == {}
    data = [found for found in examine(evidence) if found.kind == "data"]
    assert {found.name: found.explanation.en for found in data if found.outcome != "met"} == {}
