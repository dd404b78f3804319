"""Pairwise covering: few cells of two faults in which any two choices occur together.

Greedy, after Cohen et al., "The AETG System", IEEE Transactions on Software Engineering 23 (7), 1997: each
row is begun with a pair that is not covered yet and completed so that it covers as many more as it can. The
usual library, allpairspy, loses legal pairs where rows are restricted, as they are here: a dependency meets
another, never itself, and has kinds of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

Row = tuple[str, str, str, str]
"""Dependency, its kind, another dependency (later in their order), its kind."""
Part = tuple[tuple[int, str], tuple[int, str]]
"""Two columns of a row with what stands in them."""


def covering(kinds: Mapping[str, Sequence[str]]) -> list[Row]:
    """Rows that cover every pair of values of two columns that any legal row holds.

    ``kinds``: the kinds of each dependency. The same input gives the same rows.
    """
    legal = list(_legal(kinds))
    open_parts = dict.fromkeys(part for row in legal for part in parts(row))
    with_part: dict[Part, list[Row]] = {}
    for row in legal:
        for part in parts(row):
            with_part.setdefault(part, []).append(row)
    rows: list[Row] = []
    while open_parts:
        first = next(iter(open_parts))
        best = max(with_part[first], key=lambda row: sum(part in open_parts for part in parts(row)))
        rows.append(best)
        for part in parts(best):
            open_parts.pop(part, None)
    return rows


def parts(row: Row) -> Iterator[Part]:
    """Its six pairs of columns."""
    yield from combinations(enumerate(row), 2)


def _legal(kinds: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    for a, b in combinations(kinds, 2):
        for of_a, of_b in product(kinds[a], kinds[b]):
            yield a, of_a, b, of_b
