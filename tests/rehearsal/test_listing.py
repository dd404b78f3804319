"""Every word that may stand in a scenario can be looked up on the command line."""

from __future__ import annotations

import re

import pytest

from chaos import catalogue
from fixtures.reference.directives import requirement
from mocks.defects import DEFECTS
from rehearsal import topology
from rehearsal.listing import LISTS
from rehearsal.readiness import planting
from scenarios.journeys import JOURNEYS


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("faults", list(catalogue.KINDS)),
        ("defects", list(DEFECTS)),
        ("systems", [kind.value for kind in topology.Kind]),
        ("steps", list(JOURNEYS)),
        ("scenarios", ["closing-night", "smoke"]),
        ("gaps", list(planting.KINDS)),
    ],
)
def test_a_list_names_everything_there_is(what: str, names: list[str]) -> None:
    heads = {line.split()[0] for line in LISTS[what]() if not line.startswith(" ")}
    assert set(names) <= heads


def test_links_of_many_provinces_are_one_line() -> None:
    lines = list(LISTS["links"]())
    assert "lgsp-PP--  case-PP, national-portal, procedures  (x 34)" in lines
    assert any(line.startswith("citizens--  national-portal, vneid, payment, portal-OO, ") for line in lines)
    assert "documents-PP--  document-axis, agency-codes  (x 34)" in lines


def test_a_fault_shows_its_parameters_and_what_they_mean() -> None:
    lines = list(LISTS["faults"]())
    assert "    latency (required): how much later data arrives" in lines
    assert not any("see the catalogue" in line for line in lines)


def test_scenarios_stand_by_day_with_what_each_proves() -> None:
    lines = list(LISTS["scenarios"]())
    days = [line for line in lines if re.fullmatch(r"\d{4}-\d{2}-\d{2}", line)]
    assert days == sorted(set(days))
    pilot = lines.index(next(line for line in lines if line.startswith("pilot-27-june  (")))
    assert "2025-06-27" in lines[:pilot]
    of_pilot = lines[pilot : lines.index(next(line for line in lines[pilot:] if "-unprepared  (" in line))]
    assert "    TTG96-2a-5: " + requirement("TTG96-2a-5").obligation in of_pilot


def test_an_unprepared_country_stands_after_its_own_and_proves_nothing() -> None:
    lines = list(LISTS["scenarios"]())
    head = next(line for line in lines if line.startswith("pilot-27-june-unprepared  ("))
    assert "expected: missed, based on pilot-27-june" in head
    after = lines[lines.index(head) + 1 :]
    own = after[: next(i for i, line in enumerate(after) if not line.startswith(" "))]
    assert not [line for line in own if re.match(r"    [A-Z0-9]+-", line)]
