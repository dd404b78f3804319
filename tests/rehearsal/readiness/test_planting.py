"""Planted gaps: of every kind, the same for the same seed, none hiding another; the comparison is strict."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.gaps import Gap
from rehearsal.errors import UsageError
from rehearsal.readiness.checks import rows
from rehearsal.readiness.planting import KINDS, compare, digest, expected, plant
from reports.readiness.model import Cell, Moment, Shortfall
from reports.text import Text


def seen(*found: tuple[str, str, str]) -> list[Cell]:
    """Cells that show these shortfalls."""
    return [Cell(check, "15", 1, [Shortfall(unit, detail, Text())]) for check, unit, detail in found]


def test_every_kind_is_found_by_a_check_that_there_is() -> None:
    checks = {check.name for check in rows("across", own=True)}
    assert {kind.check for kind in KINDS.values()} <= checks


@given(count=st.integers(1, 120), seed=st.integers(0, 50))
def test_gaps_are_distinct_and_spread_over_all_kinds(count: int, seed: int) -> None:
    gaps = plant(count, seed)
    assert len({expected(gap) for gap in gaps}) == count
    kinds = Counter(gap.kind for gap in gaps)
    assert max(kinds.values()) - min(kinds[kind] for kind in KINDS) <= 1
    communes = [gap.unit for gap in gaps if KINDS[gap.kind].of == "commune"]
    assert len(communes) == len(set(communes))


def test_the_same_seed_plants_the_same() -> None:
    assert plant(40, 7) == plant(40, 7)
    assert plant(40, 7) != plant(40, 8)


@pytest.mark.parametrize(("moment", "absent"), [("before", "portal-open"), ("after", "portal-closed-early")])
def test_what_cannot_be_seen_from_a_side_of_t0_is_not_planted(moment: Moment, absent: str) -> None:
    assert absent not in {gap.kind for gap in plant(60, 1, moment)}


def test_only_gaps_of_the_checks_that_are_made() -> None:
    assert {gap.kind for gap in plant(5, 1, "across", ["fee-codes"])} == {"fee-code-old"}
    with pytest.raises(UsageError, match="none of these checks"):
        plant(5, 1, "across", ["dossier-taken"])


def test_more_gaps_than_units() -> None:
    with pytest.raises(UsageError, match="at most 34"):
        plant(35, 1, "across", ["sso-sign-in"])


GAPS = [Gap("sso-down", "15"), Gap("fee-code-old", "15", "TEST-LP-01")]
RIGHT = (("sso-sign-in", "15", ""), ("fee-codes", "15", "TEST-LP-01"))


def test_what_was_planted_and_found_is_exact() -> None:
    comparison = compare(GAPS, seen(*RIGHT))
    assert comparison.exact
    assert comparison.sentence() == "planted 2, found 2, invented 0"


@pytest.mark.parametrize(
    ("found", "missed", "invented"),
    [
        pytest.param(RIGHT[:1], 1, 0, id="one is not found"),
        pytest.param((*RIGHT, ("hotline-numbers", "00004", "")), 0, 1, id="one is invented"),
        pytest.param((RIGHT[0], ("fee-codes", "15", "TEST-LP-02")), 1, 1, id="another detail"),
        pytest.param((RIGHT[1], ("sso-sign-in", "19", "")), 1, 1, id="another unit"),
    ],
)
def test_anything_else_is_not(found: tuple[tuple[str, str, str], ...], missed: int, invented: int) -> None:
    comparison = compare(GAPS, seen(*found))
    assert not comparison.exact
    assert (len(comparison.missed), len(comparison.invented)) == (missed, invented)


def test_the_digest_does_not_depend_on_the_order() -> None:
    assert digest(GAPS) == digest(GAPS[::-1])
    assert digest(GAPS) != digest(GAPS[:1])
    assert digest([]) == ""
