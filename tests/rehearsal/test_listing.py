"""Every word that may stand in a scenario can be looked up on the command line."""

from __future__ import annotations

import pytest

from chaos import catalogue
from mocks.defects import DEFECTS
from rehearsal import topology
from rehearsal.listing import LISTS
from scenarios.journeys import JOURNEYS


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("faults", list(catalogue.KINDS)),
        ("defects", list(DEFECTS)),
        ("systems", [kind.value for kind in topology.Kind]),
        ("steps", list(JOURNEYS)),
        ("scenarios", ["closing-night", "smoke"]),
    ],
)
def test_a_list_names_everything_there_is(what: str, names: list[str]) -> None:
    heads = {line.split()[0] for line in LISTS[what]() if not line.startswith(" ")}
    assert set(names) <= heads


def test_links_of_many_provinces_are_one_line() -> None:
    lines = list(LISTS["links"]())
    assert "lgsp-PP--  case-PP, national-portal, procedures  (x 34)" in lines
    assert "citizens--  national-portal, vneid, payment, portal-OO" in lines


def test_a_fault_shows_its_parameters_and_what_they_mean() -> None:
    lines = list(LISTS["faults"]())
    assert "    latency (required): how much later data arrives" in lines
    assert not any("see the catalogue" in line for line in lines)
