"""What is read from the folder of a probe."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.errors import EvidenceError
from rehearsal.explore.evidence import Evidence
from rehearsal.explore.thinning import Schedule, schedule
from reports.explore.model import Limits, Point
from tests.rehearsal.examples import scenario
from tests.rehearsal.explore.folders import write_probe

POINT = Point(0.8, 3.0)
WITHIN = 4.0


@pytest.fixture(scope="module")
def whole() -> Schedule:
    evening = scenario()
    return schedule(evening, evening.faults[0], Limits(0.1, 1.0, 0.5, 6.0, 0.1, 3, WITHIN), 1)


def test_visits_are_counted_by_the_second_in_which_they_begin(tmp_path: Path, whole: Schedule) -> None:
    planned = whole.probe(POINT, WITHIN)
    visits = Evidence(write_probe(tmp_path / "run", planned, lambda at: at < 5)).visits()
    assert (visits.first, visits.end) == (-10, int(planned.plan.clock.end))
    assert sum(visits.begun) == planned.arrivals.num_rows
    assert list(visits.finished[:15]) == list(visits.begun[:15])
    assert sum(visits.finished[15:]) == 0


def test_the_trigger_is_when_it_really_was(tmp_path: Path, whole: Schedule) -> None:
    applied = Evidence(write_probe(tmp_path / "run", whole.probe(POINT, WITHIN), lambda _: True)).applied()
    assert applied is not None
    assert applied.start == pytest.approx(5.01)
    assert applied.gone == pytest.approx(8.02)
    assert applied.proved


def test_a_cure_that_was_not_proved_is_told(tmp_path: Path, whole: Schedule) -> None:
    folder = write_probe(tmp_path / "run", whole.probe(POINT, WITHIN), lambda _: True, proved=False)
    applied = Evidence(folder).applied()
    assert applied is not None
    assert not applied.proved


def test_what_a_collapse_breaks_by_itself_is_not_held_against_the_instrument(
    tmp_path: Path, whole: Schedule
) -> None:
    broken = ["littles-law.mocks", "drained", "generator-lag"]
    folder = write_probe(tmp_path / "run", whole.probe(POINT, WITHIN), lambda _: True, breaches=broken)
    assert [doubt.name for doubt in Evidence(folder).doubts()] == ["generator-lag"]


def test_the_capacity_is_that_of_the_narrowest_system(tmp_path: Path, whole: Schedule) -> None:
    evidence = Evidence(write_probe(tmp_path / "run", whole.probe(POINT, WITHIN), lambda _: True, asked=3))
    found = evidence.capacity(-5.0, 5.0, whole.sessions_per_second)
    assert found is not None
    by_name = {system.name: system for system in evidence.plan.systems}
    population, portal = by_name["population"], by_name["national-portal"]
    carried = {
        "population": population.servers / population.service_mean / 3,
        "national-portal": portal.servers / portal.service_mean,
    }
    assert found.system == min(carried, key=carried.__getitem__)
    assert found.load == pytest.approx(min(carried.values()) / whole.sessions_per_second)


def test_a_timeline_tells_repeated_calls_from_first_ones(tmp_path: Path, whole: Schedule) -> None:
    planned = whole.probe(POINT, WITHIN)
    evidence = Evidence(write_probe(tmp_path / "run", planned, lambda at: at < 5))
    found = evidence.timeline(POINT)
    assert found.point == POINT
    assert (found.trigger_from, found.trigger_until) == pytest.approx((5.01, 8.02))
    assert sum(found.retries[:15]) == 0
    later = slice(20, len(found.begun) - 4)
    assert sum(found.retries[later]) == pytest.approx(3 * sum(found.begun[later]), rel=0.2)
    assert all(again <= every for again, every in zip(found.retries, found.calls, strict=True))


def test_a_folder_without_its_files_is_an_error_that_names_one(tmp_path: Path, whole: Schedule) -> None:
    with pytest.raises(EvidenceError, match=r"plan\.json"):
        Evidence(tmp_path)
    folder = write_probe(tmp_path / "run", whole.probe(POINT, WITHIN), lambda _: True)
    (folder / "validity.json").unlink()
    with pytest.raises(EvidenceError, match=r"validity\.json"):
        Evidence(folder).doubts()
    (folder / "visits.0.arrows").write_bytes(b"nonsense")
    with pytest.raises(EvidenceError, match=r"visits\.0\.arrows"):
        Evidence(folder).visits()
