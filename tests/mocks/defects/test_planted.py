"""Every defect misbehaves as its title says, and the honest system does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mocks.config import SystemConfig
from mocks.defects import DEFECTS
from tests.mocks.country import Country, configuration, running
from tests.mocks.defects import national_portal, other_systems, whole_country
from tests.mocks.defects.steps import PROVINCES
from tests.mocks.platform import configurations

PLANTED_IN = {
    "national-portal": "national-portal",
    "case-system": "case-15",
    "lgsp": "lgsp-15",
    "payment": "payment",
    "provincial-portal": "portal-10",
    "vneid": "vneid",
    "emc": "emc",
    "national-data-centre": "national-data-centre",
    "civil-status": "civil-status",
    "reporting": "reporting",
}


def given_away_by(defect: str) -> Callable[[Country], bool]:
    """The steps that are called like a defect."""
    of_kind = {"national-portal": national_portal} | dict.fromkeys(whole_country.KINDS, whole_country)
    module = of_kind.get(DEFECTS[defect].kind, other_systems)
    steps: Callable[[Country], bool] = getattr(module, defect.replace("-", "_"))
    return steps


def country_of(kind: str, defects: Mapping[str, frozenset[str]]) -> list[SystemConfig]:
    """The systems among which a defect of a kind shows."""
    if kind in whole_country.KINDS:
        return configurations(PLANTED_IN[kind], *whole_country.BESIDE, defects=defects)
    return configuration(PROVINCES, (("10", "15"),), defects=defects)


@pytest.mark.parametrize("planted", [pytest.param(True, id="planted"), pytest.param(False, id="honest")])
@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_seen_where_it_is_planted_and_nowhere_else(
    tmp_path: Path, name: str, planted: bool
) -> None:
    kind = DEFECTS[name].kind
    defects = {PLANTED_IN[kind]: frozenset({name})} if planted else {}
    with running(tmp_path, country_of(kind, defects)) as country:
        assert given_away_by(name)(country) is planted
