"""Whether every system was used that the plan says is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.checks.used import USED
from reports.evidence import Evidence
from reports.finding import Finding
from tests.reports.conftest import evidence_of
from tests.reports.factory import Night


@pytest.fixture
def asked(run: Night, tmp_path: Path) -> Finding:
    """The finding about a night in which one of three systems was not asked."""
    run.plan["systems"].append({"name": "fee-catalogue", "kind": "fee-catalogue", "province": ""})
    run.plan["must_be_used"] = ["vneid", "fee-catalogue", "case-01"]
    (found,) = USED.findings(evidence_of(run.write(tmp_path / "run")))
    return found


def test_a_system_that_nobody_asked_is_missed_by_name(asked: Finding) -> None:
    assert asked.outcome == "missed"
    assert asked.where == ["fee-catalogue"]
    assert "1 of 3 systems that have to be used got no request: fee-catalogue." in asked.explanation.en


def test_systems_that_were_all_asked_are_met(run: Night, tmp_path: Path) -> None:
    run.plan["must_be_used"] = ["vneid", "case-01"]
    (found,) = USED.findings(evidence_of(run.write(tmp_path / "run")))
    assert found.outcome == "met"


def test_requests_are_counted_by_the_journals_where_systems_do_not_count(run: Night, tmp_path: Path) -> None:
    run.plan["must_be_used"] = ["vneid"]
    run.run["counters"] = {}
    (found,) = USED.findings(evidence_of(run.write(tmp_path / "run")))
    assert found.outcome == "met"


def test_a_plan_that_demands_no_use_has_no_finding(evidence: Evidence) -> None:
    assert USED.findings(evidence) == []


def test_without_any_count_nothing_is_known(nothing: Evidence) -> None:
    plan = nothing.run.plan
    plan.must_be_used.append("vneid")
    (found,) = USED.findings(nothing)
    assert found.outcome == "inconclusive"
