"""From when on a fault is felt, how deep it goes, and when it is over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reports.impact import Impact, impact
from tests.reports import defects
from tests.reports.conftest import evidence_of
from tests.reports.factory import Night, ns

Felt = Callable[[Night, str], Impact]


@pytest.fixture
def felt(tmp_path: Path) -> Felt:
    def of(run: Night, name: str) -> Impact:
        evidence = evidence_of(run.write(tmp_path / "run"))
        return impact(evidence, next(each for each in evidence.windows if each.fault.name == name))

    return of


def _fails(run: Night, step: str, since: float, until: float) -> None:
    for row in run.samples:
        if row["step"] == step and ns(since) <= row["planned"] < ns(until):
            row.update(outcome="failed", status=500, error="http-500")


def _second_fault(run: Night, name: str, start: float, end: float) -> None:
    """Another one on the link that ``vneid-slow`` is on."""
    like = next(fault for fault in run.plan["faults"] if fault["name"] == "vneid-slow")
    run.plan["faults"].append({**like, "name": name, "start": start, "end": end})
    for event, at in (("fault-applied", start), ("fault-healed", end)):
        run.events.append({"at": ns(at), "event": event, "fault": name, "links": [], "proved": like["links"]})


def test_a_fault_is_felt_from_its_first_bad_second_until_the_first_of_five_good_ones(
    run: Night, felt: Felt
) -> None:
    _fails(run, "sign-in", 14, 26)
    seen = felt(run, "vneid-slow")
    assert (seen.felt, seen.felt_after, seen.recovered_after) == (True, 2.0, 9.0)
    assert seen.felt_for == pytest.approx(12.0)
    assert (seen.cured, seen.together) == (17.0, [])


def test_the_depth_is_the_worst_of_five_seconds(run: Night, felt: Felt) -> None:
    _fails(run, "sign-in", 12, 26)
    seen = felt(run, "vneid-slow")
    assert (seen.worst_good_share, seen.worst_good_share_at) == (0.0, 12.0)
    assert seen.good_share == 0.0


def test_the_worst_p95_needs_enough_requests(run: Night, felt: Felt) -> None:
    seen = felt(run, "vneid-slow")
    assert seen.requests >= 59
    assert seen.worst_p95 is not None
    assert 0.3 < seen.worst_p95 <= 0.7
    assert seen.worst_p95_at == 12.0
    assert felt(run, "payment-ack-lost").worst_p95 is None


def test_what_was_not_felt_has_neither_beginning_nor_end(run: Night, felt: Felt) -> None:
    seen = felt(run, "vneid-slow")
    assert (seen.felt, seen.felt_after, seen.felt_for, seen.recovered_after) == (False, None, None, 0.0)


def test_what_does_not_recover_is_censored(run: Night, felt: Felt) -> None:
    defects.never_recovers(run)
    seen = felt(run, "payment-ack-lost")
    assert (seen.felt, seen.recovered_after, seen.felt_for) == (True, None, None)
    assert seen.observed == pytest.approx(14.0)


def test_recovery_counts_from_the_last_cure_of_faults_on_the_same_steps(run: Night, felt: Felt) -> None:
    _second_fault(run, "vneid-slow-too", 15, 21)
    _fails(run, "sign-in", 12, 22)
    seen = felt(run, "vneid-slow")
    assert (seen.cured, seen.together, seen.recovered_after) == (21.0, ["vneid-slow-too"], 1.0)
    assert felt(run, "vneid-slow-too").recovered_after == 1.0


def test_a_later_fault_on_the_same_steps_ends_the_observation(run: Night, felt: Felt) -> None:
    _second_fault(run, "vneid-slow-again", 20, 24)
    assert felt(run, "vneid-slow").observed == pytest.approx(3.0)


def test_the_time_before_is_free_of_other_faults(run: Night, felt: Felt) -> None:
    """Tracking takes a second while an earlier fault lasts, and may until that is recovered from: neither is
    what is usual before the later one."""
    run.plan["faults"][2]["links"] = ["citizens--national-portal"]
    quick = felt(run, "payment-ack-lost").p95_before
    for row in run.samples:
        if row["step"] == "track" and ns(12) <= row["planned"] < ns(22):
            row["done"] += 900_000_000
    assert quick is not None
    assert felt(run, "payment-ack-lost").p95_before == quick
