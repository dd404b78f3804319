"""What a country lacks is asked by kind and unit."""

from __future__ import annotations

from mocks.gaps import Gap, Gaps


def test_a_gap_is_found_at_its_unit_alone() -> None:
    gaps = Gaps([Gap("hotline-missing", "00004")])
    assert gaps.has("hotline-missing", "00004")
    assert not gaps.has("hotline-missing", "00008")
    assert not gaps.has("address-missing", "00004")


def test_a_unit_may_lack_several_things_of_a_kind() -> None:
    gaps = Gaps(
        [Gap("catalogue-incomplete", "15", "1.001193"), Gap("catalogue-incomplete", "15", "1.000656")]
    )
    assert gaps.details("catalogue-incomplete", "15") == {"1.001193", "1.000656"}
    assert gaps.details("catalogue-incomplete", "91") == frozenset()
