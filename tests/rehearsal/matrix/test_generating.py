"""The scenario of a series is one that can be planned, and differs from its base only in what it must."""

from __future__ import annotations

import pytest

from rehearsal.matrix.cells import singles
from rehearsal.matrix.generating import generated, journeys_of, matrix_name
from rehearsal.matrix.layout import arranged, quiet
from rehearsal.plan import make_plan
from rehearsal.scenario import load

BASE = load("closing-night")


def test_every_series_of_the_matrix_can_be_planned_and_its_faults_lie_where_they_were_laid() -> None:
    for series in arranged(singles()):
        plan = make_plan(generated(BASE, series, rate=8.0), 1).plan
        faults = {fault.name: fault for fault in plan.faults}
        assert len(faults) == sum(len(slot.cell.faults) for slot in series.slots)
        for slot in series.slots:
            for name, choice in slot.cell.faults:
                fault = faults[name]
                assert (fault.kind, fault.place) == (choice.kind, choice.place)
                assert (fault.start, fault.end) == pytest.approx((slot.at, slot.end), abs=0.002)
                assert fault.end + fault.recover_within <= plan.clock.end + 0.01
                assert fault.links


def test_every_journey_of_the_base_comes_equally_often_at_a_constant_rate() -> None:
    made = make_plan(generated(BASE, quiet(), rate=80.0), 1).plan
    assert set(made.arrivals.by_journey) == set(journeys_of(BASE))
    expected = 80.0 / len(journeys_of(BASE)) * (made.clock.end - made.clock.start)
    for number in made.arrivals.by_journey.values():
        assert number == pytest.approx(expected, rel=0.25)  # five standard deviations of chance
    rates = made.arrivals.expected_per_second
    assert min(rates) == pytest.approx(max(rates)) == pytest.approx(80.0)


def test_systems_visitors_and_objectives_are_those_of_the_base() -> None:
    made = generated(BASE, quiet(), rate=8.0)
    kept = ("systems", "visitors", "slo", "validity")
    assert [getattr(made, name) for name in kept] == [getattr(BASE, name) for name in kept]
    assert made.faults == ()


def test_singles_and_pairs_are_kept_apart() -> None:
    assert matrix_name(BASE, pairs=False) == "closing-night-matrix"
    assert matrix_name(BASE, pairs=True) == "closing-night-pairs"
    assert generated(BASE, quiet(), 8.0, pairs=True).scenario.name == "closing-night-pairs"
