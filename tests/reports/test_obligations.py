"""Which findings speak for an obligation: by their check, and by the objective or fault they are about."""

from __future__ import annotations

from collections.abc import Callable

from reports.verdict import Verdict
from tests.reports.conftest import finding
from tests.reports.factory import Night


def test_the_finding_of_an_objective_speaks_for_what_meeting_it_shows(
    run: Night, judge: Callable[[Night], Verdict]
) -> None:
    run.plan["slos"][1]["requirements"] = ["TTG96-1c-1"]
    verdict = judge(run)
    assert finding(verdict, "slo.submit").requirements == ["TTG96-1c-1"]
    assert finding(verdict, "slo.every-answer").requirements == []
    assert {each.id: each.findings for each in verdict.requirements}["TTG96-1c-1"] == ["slo.submit"]


def test_what_is_judged_of_a_fault_speaks_for_what_bearing_it_shows(
    run: Night, judge: Callable[[Night], Verdict]
) -> None:
    run.plan["faults"][0]["requirements"] = ["TTG96-1c-1"]
    verdict = judge(run)
    about = {"recovery", "backlog-drains", "provinces-isolated", "journeys-isolated"}
    speaking = {each.name for each in verdict.findings if "TTG96-1c-1" in each.requirements}
    assert speaking == {
        each.name
        for each in verdict.findings
        if each.name.partition(".")[0] in about and each.name.endswith(".lgsp-01-cut")
    }
    assert "recovery.lgsp-01-cut" in speaking


def test_a_fault_that_hit_traffic_proves_nothing_by_that(
    run: Night, judge: Callable[[Night], Verdict]
) -> None:
    run.plan["faults"][0]["requirements"] = ["TTG96-1c-1"]
    assert finding(judge(run), "fault-hit.lgsp-01-cut").requirements == []


def test_an_obligation_that_the_scenario_does_not_test_is_not_spoken_of(
    run: Night, judge: Callable[[Night], Verdict]
) -> None:
    run.plan["slos"][1]["requirements"] = ["LC-3-2"]
    assert finding(judge(run), "slo.submit").requirements == []
