"""Objectives are judged by the samples themselves, and say how certain their outcome is."""

from __future__ import annotations

from collections.abc import Callable

from reports.objectives import Objective
from reports.render import markdown
from reports.verdict import Verdict
from tests.reports.conftest import plain
from tests.reports.factory import Night

Judge = Callable[..., Verdict]


def _slo(verdict: Verdict, name: str = "every-answer") -> Objective:
    return next(slo for slo in verdict.slos if slo.name == name)


def _answer_in(run: Night, nanoseconds: int, share: float = 1.0) -> None:
    """Every sample, or the first so many of them in time, took so long from when it was meant."""
    run.samples.sort(key=lambda row: int(row["planned"]))
    for row in run.samples[: round(len(run.samples) * share)]:
        row["done"] = row["planned"] + nanoseconds


def test_a_true_1049_ms_misses_an_objective_of_one_second(run: Night, judge: Judge) -> None:
    """Locust keeps two significant digits, so 1,049 ms would pass for 1,000 ms there."""
    _answer_in(run, 1_049_000_000)
    verdict = judge(run)
    slo = _slo(verdict)
    assert (slo.outcome, slo.good, slo.certain) == ("missed", 0, True)
    assert (slo.p50, slo.p95, slo.p99) == (1.049, 1.049, 1.049)
    rows = [*verdict.steps, *verdict.journeys, *verdict.provinces]
    assert {row.p50 for row in rows if row.count >= 20} == {1.049}  # fewer are worth no median
    (row,) = [line for line in plain(markdown(verdict)).splitlines() if line.startswith("| track |")]
    assert " | 1.049 s (1.04–1.05 s) | " in row


def test_exactly_the_limit_is_within_it(run: Night, judge: Judge) -> None:
    _answer_in(run, 1_000_000_000)
    slo = _slo(judge(run))
    assert (slo.outcome, slo.good) == ("met", slo.count)


def test_an_outcome_is_certain_where_the_whole_interval_lies_on_its_side(run: Night, judge: Judge) -> None:
    slo = _slo(judge(run))
    assert slo.outcome == "met"
    assert slo.good_interval.low is not None
    assert slo.good_interval.low >= slo.objective
    assert slo.certain


def test_one_burst_of_bad_answers_near_the_budget_leaves_the_outcome_uncertain(
    run: Night, judge: Judge
) -> None:
    """6 % bad miss an objective of 95 %; but they came in one burst, and another night might have none."""
    _answer_in(run, 5_000_000_000, share=0.08)
    slo = _slo(judge(run))
    assert slo.outcome == "missed"
    assert slo.good_interval.high is not None
    assert slo.good_interval.high >= slo.objective
    assert not slo.certain


def test_too_few_requests_are_never_certain(run: Night, judge: Judge) -> None:
    run.samples = [row for row in run.samples if row["step"] != "submit"]
    slo = _slo(judge(run), "submit")
    assert (slo.outcome, slo.count, slo.certain) == ("inconclusive", 0, False)
