"""Every defect misbehaves as its title says, and the honest system does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mocks.defects import DEFECTS
from tests.mocks.country import Country, configuration, running
from tests.mocks.defects import national_portal, other_systems
from tests.mocks.defects.steps import PROVINCES

PLANTED_IN = {
    "national-portal": "national-portal",
    "case-system": "case-15",
    "lgsp": "lgsp-15",
    "payment": "payment",
    "provincial-portal": "portal-10",
    "vneid": "vneid",
}


def given_away_by(defect: str) -> Callable[[Country], bool]:
    """The steps that are called like a defect."""
    module = national_portal if DEFECTS[defect].kind == "national-portal" else other_systems
    steps: Callable[[Country], bool] = getattr(module, defect.replace("-", "_"))
    return steps


@pytest.mark.parametrize("planted", [pytest.param(True, id="planted"), pytest.param(False, id="honest")])
@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_seen_where_it_is_planted_and_nowhere_else(
    tmp_path: Path, name: str, planted: bool
) -> None:
    system = PLANTED_IN[DEFECTS[name].kind]
    defects = {system: frozenset({name})} if planted else {}
    with running(tmp_path, configuration(PROVINCES, (("10", "15"),), defects=defects)) as country:
        assert given_away_by(name)(country) is planted
