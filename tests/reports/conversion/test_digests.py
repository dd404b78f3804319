"""The checksum of a table: of its rows, whatever their order, and of every value in them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.conversion.digests import digest
from reports.conversion.schema import INSTANT

ROWS = st.lists(st.tuples(st.text(max_size=5), st.integers(-5, 5), st.booleans()), max_size=8)


def table(rows: list[tuple[str, int, bool]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    kinds = (pa.string(), pa.int64(), pa.bool_())
    return pa.table(
        {name: pa.array(each, kind) for name, each, kind in zip("abc", columns, kinds, strict=True)}
    )


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter_and_everything_else_does(
    rows: list[tuple[str, int, bool]], random: object
) -> None:
    shuffled = sorted(rows, key=lambda row: (row[1], row[0]))
    assert digest(table(rows)) == digest(table(shuffled))
    assert digest(table(rows)) != digest(table([*rows, ("x", 0, True)]))
    if rows:
        name, number, truth = rows[0]
        assert digest(table(rows)) != digest(table([(name, number + 1, truth), *rows[1:]]))


def test_it_is_what_its_description_says() -> None:
    rows = pa.table(
        {
            "a": pa.array(["Ư", "B"]),
            "b": pa.array([datetime(2025, 7, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)], INSTANT),
            "c": pa.array([True, False]),
        }
    )
    lines = sorted(["Ư\x1f1751328000\x1ftrue\n".encode(), b"B\x1f1748736000\x1ffalse\n"])
    assert digest(rows) == hashlib.sha256(b"".join(lines)).hexdigest()


@pytest.mark.parametrize("offset", [0, 2])
def test_a_slice_is_its_rows(offset: int) -> None:
    rows = table([("a", 1, True), ("b", 2, False), ("c", 3, True)])
    assert digest(rows.slice(offset, 1)) == digest(rows.take([offset]))
