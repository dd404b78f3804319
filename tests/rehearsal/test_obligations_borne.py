"""Every obligation that a scenario states is borne by a check, an objective or a fault of its run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pytest

from rehearsal.plan import make_plan
from rehearsal.plan.records import Plan
from rehearsal.scenario import list_scenarios, load
from reports.checks import CHECKS, elsewhere
from reports.checks.base import Check

WHOLE_COUNTRY_ONLY = [each for each in vars(elsewhere).values() if isinstance(each, Check)]

SCENARIOS = [summary.name for summary in list_scenarios()]


def bearers(plan: Plan) -> Mapping[str, list[str]]:
    """Obligation → the findings that speak for it: of checks, objectives and faults of such a run."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for check in CHECKS:
        if plan.country == "whole" or check not in WHOLE_COUNTRY_ONLY:
            for id_ in check.requirements:
                found[id_].append(check.name)
    for slo in plan.slos:
        for id_ in slo.requirements:
            found[id_].append(f"slo.{slo.name}")
    for fault in plan.faults:
        for id_ in fault.requirements:
            found[id_].append(f"recovery.{fault.name}")
    return found


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_obligation_that_a_scenario_states_is_borne_by_a_finding(name: str) -> None:
    plan = make_plan(load(name), workers=1).plan
    borne = bearers(plan)
    assert [each.id for each in plan.scenario.requirements if not borne.get(each.id)] == []
