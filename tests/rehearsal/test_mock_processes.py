"""Which systems share a process follows from the plan: what a fault may kill has to die alone."""

from __future__ import annotations

from itertools import count, islice
from pathlib import Path

import pytest

from rehearsal import mock_processes, topology
from rehearsal.plan import Plan, make_plan
from tests.rehearsal.examples import scenario

PLACES = topology.assign(islice(count(20_000), topology.ports_needed()))
NORTH = 'kind = "cut"\nlinks = ["lgsp-1*--case-1*"]'


def grouped(plan: Plan, folder: Path) -> dict[str, list[str]]:
    """The systems of each process."""
    configs = mock_processes.configurations(plan, PLACES, folder)
    return {config.process: [system.name for system in config.systems] for config in configs}


@pytest.mark.parametrize(
    ("fault", "alone"),
    [
        pytest.param(NORTH, set(), id="a fault of links"),
        pytest.param('kind = "errors"\nsystems = ["vneid"]', set(), id="a fault of a system"),
        pytest.param(
            'kind = "killed"\nsystems = ["vneid", "case-1[15]"]', {"vneid", "case-11", "case-15"}, id="killed"
        ),
        pytest.param('kind = "frozen"\nsystems = ["national-portal"]', set(), id="the portal always is"),
    ],
)
def test_a_system_whose_process_a_fault_befalls_runs_in_one_of_its_own_name(
    tmp_path: Path, fault: str, alone: set[str]
) -> None:
    plan = make_plan(scenario((NORTH, fault)), 1).plan
    found = grouped(plan, tmp_path)
    assert set(found) == {"national-portal", "country"} | alone
    for name in {"national-portal"} | alone:
        assert found[name] == [name]
    assert sorted(system for systems in found.values() for system in systems) == sorted(
        system.name for system in plan.systems
    )
