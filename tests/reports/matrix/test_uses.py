"""Which way a journey uses how is read from a night without faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.matrix.files import Role
from reports.matrix.observing import gathered
from reports.matrix.uses import uses, ways
from tests.reports.factory import Night, ns


def found(run: Night, folder: Path) -> dict[tuple[str, str, bool], Role]:
    run.plan["faults"] = []
    return {
        (use.journey, use.way, use.before_t0): use.role for use in uses(gathered(run.write(folder / "run")))
    }


@pytest.mark.parametrize(
    ("journey", "way", "before_t0", "role"),
    [
        ("submit-dossier", "citizens--national-portal", False, "asked"),
        ("submit-dossier", "citizens--vneid", False, "asked"),
        ("submit-dossier", "national-portal--procedures", False, "waited-for"),
        ("submit-dossier", "national-portal--payment", False, "waited-for"),
        ("submit-dossier", "national-portal--lgsp", False, "behind"),
        ("submit-dossier", "lgsp--case-system", False, "behind"),
        ("submit-at-province", "provincial-portal--case-system", True, "waited-for"),
        ("track-dossier", "citizens--national-portal", True, "asked"),
        ("track-dossier", "national-portal--procedures", False, None),
        ("submit-at-province", "citizens--provincial-portal", False, None),
        ("submit-dossier", "national-portal--procedures", True, None),
    ],
)
def test_the_role_of_a_way_in_a_journey(
    run: Night, tmp_path: Path, journey: str, way: str, before_t0: bool, role: Role | None
) -> None:
    assert found(run, tmp_path).get((journey, way, before_t0)) == role


def test_what_a_system_asks_now_and_then_it_can_do_without(run: Night, tmp_path: Path) -> None:
    asked = [row for row in run.calls if row["link"] == "national-portal--procedures"]
    dropped = {id(row) for number, row in enumerate(asked) if number % 4}
    run.calls = [row for row in run.calls if id(row) not in dropped]
    assert found(run, tmp_path)["submit-dossier", "national-portal--procedures", False] == "done-without"


def test_who_is_in_the_middle_of_something_at_t0_is_left_out(run: Night, tmp_path: Path) -> None:
    number, trace = run.arrive(1.0, "late-visitor", "01")
    run.request((number, trace), "track", "citizens--portal-01", 1.0, 0.02)
    assert ("late-visitor", "citizens--provincial-portal", False) not in found(run, tmp_path)


def test_calls_without_a_visitor_say_nothing(run: Night, tmp_path: Path) -> None:
    for row in run.calls:
        row["trace"] = ""
    assert set(found(run, tmp_path).values()) == {"asked"}


def test_a_night_in_which_nobody_came_shows_no_use(run: Night, tmp_path: Path) -> None:
    run.samples.clear()
    run.calls.clear()
    assert found(run, tmp_path) == {}


def test_a_way_leads_between_kinds(run: Night, tmp_path: Path) -> None:
    way = ways(gathered(run.write(tmp_path / "run")).run.plan)
    assert way["lgsp-01--case-01"] == way["lgsp-15--case-15"] == "lgsp--case-system"
    assert way["citizens--portal-01"] == "citizens--provincial-portal"
    assert ns(0) == ns(0.0)
