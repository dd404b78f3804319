"""A plan is held against what its workers have been shown to offer."""

from __future__ import annotations

import pytest

from rehearsal.calibration.gate import check_plan, demand, refuse
from rehearsal.errors import ExitCode, UsageError
from rehearsal.plan import Plan
from scenarios.journeys import JOURNEYS
from tests.rehearsal.calibration.examples import calibration


def of(plan: Plan, workers: int, per_second: tuple[float, ...], journeys: dict[str, int]) -> Plan:
    """A plan with other arrivals."""
    arrivals = plan.arrivals.model_copy(
        update={"workers": workers, "expected_per_second": per_second, "by_journey": journeys}
    )
    return plan.model_copy(update={"arrivals": arrivals})


def test_the_demand_is_the_busiest_second_times_the_requests_of_an_average_visit(plan: Plan) -> None:
    shaped = of(plan, 1, (1.0, 8.0, 4.0), {"look-up-dossier": 300, "sign-in": 100})
    found = demand(shaped)
    mean = (300 * JOURNEYS["look-up-dossier"].requests + 100 * JOURNEYS["sign-in"].requests) / 400
    assert (found.requests, found.at) == (8.0 * mean, plan.clock.start + 1)


def test_a_plan_without_a_visitor_demands_nothing(plan: Plan) -> None:
    assert demand(of(plan, 1, (0.0, 0.0), {})).requests == 0.0


@pytest.mark.parametrize(
    ("workers", "rate", "within", "needed"),
    [
        pytest.param(1, 2000.0, True, 1, id="room to spare"),
        pytest.param(1, 1500.0, True, 1, id="just enough"),
        pytest.param(1, 1499.0, False, 2, id="just too little"),
        pytest.param(2, 500.0, False, 3, id="several workers, and too few"),
        pytest.param(3, 500.0, True, 3, id="several workers, and enough"),
    ],
)
def test_a_plan_above_the_calibrated_rate_is_refused_with_the_workers_it_takes(
    plan: Plan, workers: int, rate: float, within: bool, needed: int
) -> None:
    shaped = of(plan, workers, (50.0, 100.0), {"submit-and-pay": 1})  # 15 requests each: 1,500 a second
    judgement = check_plan(shaped, calibration(rate))
    assert (judgement.within, judgement.needed) == (within, needed)
    if within:
        refuse(judgement)
        assert "only" not in str(judgement)
        return
    with pytest.raises(UsageError) as refused:
        refuse(judgement)
    assert refused.value.exit_code == ExitCode.USAGE
    for told in ("1,500 requests per second", f"{rate:,.0f} each", f"it takes {needed} workers", "--workers"):
        assert told in str(refused.value)


def test_where_nothing_was_calibrated_there_is_a_notice_and_no_refusal(plan: Plan) -> None:
    judgement = check_plan(of(plan, 2, (1e6,), {"sign-in": 1}), None)
    assert (judgement.within, judgement.needed) == (True, 2)
    assert "was not calibrated (rehearse calibrate)" in str(judgement)
    refuse(judgement)
