"""A system that slows down is told from a machine that does."""

from __future__ import annotations

import pytest

from reports.checks.steadiness import _of_the_machine, _slower
from reports.steadiness import Pace


def pace(system: str, first: float, last: float, what: str = "answer", chance: float = 0.0) -> Pace:
    return Pace(system=system, what=what, requests=900, first=first, last=last, chance=chance)


@pytest.mark.parametrize(
    ("found", "slower"),
    [
        pytest.param([pace("vneid", 0.030, 0.050)], ["vneid"], id="nobody to compare with"),
        pytest.param([pace("vneid", 0.030, 0.050), pace("population", 0.01, 0.011)], ["vneid"], id="alone"),
        pytest.param([pace("vneid", 0.069, 0.089), pace("population", 0.051, 0.079)], [], id="all alike"),
        pytest.param([pace("vneid", 0.030, 0.034)], [], id="by less than is noticeable"),
        pytest.param([pace("vneid", 0.030, 0.050, chance=0.01)], [], id="by chance"),
        pytest.param(
            [pace("vneid", 0.030, 0.036, "service"), pace("population", 0.01, 0.05)],
            ["vneid", "population"],
            id="declared service does not depend on the machine",
        ),
        pytest.param(
            [pace("vneid", 0.030, 0.050), pace("population", 0.05, 0.02)], ["vneid"], id="others faster"
        ),
    ],
)
def test_slower_is_who_slows_down_more_than_the_others(found: list[Pace], slower: list[str]) -> None:
    assert [each.system for each in found if _slower(each, _of_the_machine(found, each))] == slower
