"""Ids as integers: equal texts, equal integers; and a foreign caller may send anything."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.ids import NO_ID, numbers

SPANS = st.integers(0, 2**64 - 1).map(lambda value: f"{value:016x}")
TRACES = st.integers(0, 2**128 - 1).map(lambda value: f"{value:032x}")


@given(st.lists(SPANS | st.just("")) | st.lists(TRACES | st.just("")), st.integers(0, 3))
def test_each_id_is_the_integer_of_its_last_sixteen_digits(ids: list[str], offset: int) -> None:
    array = pa.array(["f" * 16] * offset + ids, pa.string()).slice(offset)
    assert numbers(array).tolist() == [int(text[-16:], 16) if text else NO_ID for text in ids]


@pytest.mark.parametrize(
    "foreign",
    [
        pytest.param("ABCDEF0123456789", id="upper-case"),
        pytest.param("xyz", id="short"),
        pytest.param("0123456789abcdeg", id="no-hex-digit"),
        pytest.param("0123456789abcde\u00e9", id="not-ascii"),
    ],
)
def test_what_is_no_id_is_none_and_leaves_the_others_as_they_are(foreign: str) -> None:
    ids = pa.array(["00000000000000ff", foreign, "", "0000000000000100"], pa.string())
    assert numbers(ids).tolist() == [0xFF, NO_ID, NO_ID, 0x100]


def test_an_array_that_contradicts_itself_is_refused() -> None:
    offsets = pa.py_buffer(b"\x00\x00\x00\x00\x40\x00\x00\x00\x10\x00\x00\x00")
    damaged = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"0" * 20)])
    with pytest.raises(ValueError, match="outside its text"):
        numbers(damaged)
