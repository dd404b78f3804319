"""Who has nothing to do with a fault, and when they fare worse all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.impact import spread
from reports.impact.spread import FEWEST, Compared, Share, provinces_hit
from tests.reports.conftest import evidence_of
from tests.reports.factory import PROVINCES, Night, ns

HIT = [
    (["lgsp-01--case-01"], [], ["01"]),
    (["case-04--lgsp-04", "national-portal--lgsp-01"], [], ["01", "04"]),
    (["citizens--portal-15"], [], ["15"]),
    (["citizens--vneid"], [], []),
    (["lgsp-01--case-01", "national-portal--payment"], [], []),
    (["citizens--portal-15"], ["portal-15"], ["15"]),
    (["national-portal--lgsp-01"], ["national-portal"], []),
    ([f"lgsp-{code}--case-{code}" for code in PROVINCES], [], []),
]


@pytest.mark.parametrize(("links", "systems", "expected"), HIT)
def test_a_fault_hits_provinces_where_it_is_on_their_systems_only(
    run: Night, tmp_path: Path, links: list[str], systems: list[str], expected: list[str]
) -> None:
    run.plan["faults"][0].update(links=links, systems=systems)
    evidence = evidence_of(run.write(tmp_path / "run"))
    assert provinces_hit(evidence, evidence.windows[0]) == expected


@given(st.integers(FEWEST, 5000), st.floats(0, 0.5), st.integers(FEWEST, 5000))
def test_what_stays_as_it_was_is_not_worse(before: int, part: float, during: int) -> None:
    compared = Compared(Share(before, int(part * before)), Share(during, int(part * during)))
    assert not compared.worse(0.05)


@given(st.integers(FEWEST, 5000), st.integers(FEWEST, 5000))
def test_what_fails_altogether_is_worse(before: int, during: int) -> None:
    assert Compared(Share(before, 0), Share(during, during)).worse(0.05)


def test_a_few_are_no_comparison_and_a_little_no_difference() -> None:
    assert not Compared(Share(FEWEST - 1, 0), Share(100, 100)).worse(0.05)
    assert not Compared(Share(1000, 0), Share(FEWEST - 1, FEWEST - 1)).worse(0.05)
    assert not Compared(Share(100_000, 0), Share(100_000, 4_000)).worse(0.05)
    assert not Compared(Share(20, 0), Share(20, 2)).worse(0.05)  # a tenth, but it could be chance


def test_who_is_hit_by_another_fault_at_the_same_time_is_left_out(run: Night, tmp_path: Path) -> None:
    alone = evidence_of(run.write(tmp_path / "alone"))
    whole = spread(alone, alone.windows[0])
    also = {**run.plan["faults"][0], "name": "lgsp-79-cut", "links": ["lgsp-79--case-79"]}
    run.plan["faults"].append(also)
    run.events += [
        {"at": ns(at), "event": event, "fault": "lgsp-79-cut", "links": [], "proved": []}
        for event, at in (("fault-applied", 4.0), ("fault-healed", 9.0))
    ]
    both = evidence_of(run.write(tmp_path / "both"))
    part = spread(both, both.windows[0])
    assert part.provinces == ["01"]
    assert part.deliveries is not None
    assert whole.deliveries is not None
    assert part.deliveries.during.count < whole.deliveries.during.count


def test_the_slowest_province_is_told_with_the_median_one(run: Night, tmp_path: Path) -> None:
    for row in run.samples:
        if row["province"] == "79" and ns(4) <= row["planned"] < ns(9):
            row["done"] += 600_000_000
    evidence = evidence_of(run.write(tmp_path / "run"))
    slowest = spread(evidence, evidence.windows[0]).slowest_answers
    assert slowest is not None
    assert slowest.province == "79"
    assert slowest.worst > 0.6 > slowest.median
