"""Pairwise covering leaves no pair of choices out, and is much smaller than all combinations."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from rehearsal.matrix.cells import choices, pairs
from rehearsal.matrix.dependencies import dependencies
from rehearsal.matrix.pairs import Part, Row, covering, parts

KINDS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.lists(st.sampled_from(["cut", "slow", "errors", "killed"]), min_size=1, unique=True),
    max_size=5,
)


def all_rows(kinds: dict[str, list[str]]) -> list[Row]:
    return [(a, of_a, b, of_b) for a, b in combinations(kinds, 2) for of_a in kinds[a] for of_b in kinds[b]]


def every_part(rows: list[Row]) -> set[Part]:
    return {part for row in rows for part in parts(row)}


@given(KINDS)
def test_every_pair_of_choices_that_can_occur_does_occur(kinds: dict[str, list[str]]) -> None:
    rows, legal = covering(kinds), all_rows(kinds)
    assert set(rows) <= set(legal)
    assert every_part(rows) == every_part(legal)


@given(KINDS)
def test_no_row_could_be_left_out_of_those_that_came_last(kinds: dict[str, list[str]]) -> None:
    rows = covering(kinds)
    assert len(rows) == len(set(rows))
    if rows:
        assert every_part(rows[:-1]) < every_part(rows)


@given(KINDS)
def test_the_same_kinds_give_the_same_rows(kinds: dict[str, list[str]]) -> None:
    assert covering(kinds) == covering(kinds)


def test_pairs_of_the_matrix_cover_every_dependency_with_every_kind_and_every_two_kinds_that_can_meet() -> (
    None
):
    cells = pairs()
    of = [each for each in dependencies() if not each.before_t0]
    possible = {(choice.dependency.name, choice.kind) for choice in choices(of) if choice.place != "process"}
    covered = {(choice.dependency.name, choice.kind) for cell in cells for choice in cell.choices}
    assert covered == possible
    together = {frozenset(choice.dependency.name for choice in cell.choices) for cell in cells}
    assert together == {frozenset(two) for two in combinations([each.name for each in of], 2)}
    assert len(cells) < len(possible) ** 2 / 20
