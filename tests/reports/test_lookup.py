"""Joins say what Python's lists and sets would say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from reports.ids import NO_ID
from reports.lookup import Numbers, arrow, distinct, id_among, numbered, places

IDS = st.lists(st.integers(NO_ID, 6) | st.just(2**64 - 1), max_size=12)


@given(IDS, IDS)
def test_an_id_is_found_where_it_is_and_no_id_nowhere(ids: list[int], among: list[int]) -> None:
    found = id_among(pd.Series(ids, dtype="uint64"), pd.Series(among, dtype="uint64"))
    assert found.tolist() == [identity != NO_ID and identity in set(among) for identity in ids]


TEXTS = st.lists(st.sampled_from(["", "a", "b", "ab", "đ"]), max_size=8)


@given(TEXTS, TEXTS)
def test_a_text_is_placed_where_it_first_stands_and_no_text_nowhere(
    texts: list[str], among: list[str]
) -> None:
    found = places(pd.Series(texts, dtype="str"), pd.Series(among, dtype="str"))
    assert found.tolist() == [among.index(text) if text and text in among else -1 for text in texts]


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_equal_texts_have_equal_numbers_in_all_columns(columns: list[list[str]]) -> None:
    arrays = [arrow(pd.Series(texts, dtype="str")) for texts in columns]
    found, count = numbered(*arrays)
    pairs = [
        (text, int(number)) for texts, numbers in zip(columns, found, strict=True)
        for text, number in zip(texts, numbers, strict=True)
    ]  # fmt: skip
    assert [len(numbers) for numbers in found] == [len(texts) for texts in columns]
    assert len(set(pairs)) == len({text for text, _ in pairs}) == len({number for _, number in pairs})
    assert all((number == -1) == (text == "") and number < count for text, number in pairs)


@given(st.lists(st.integers(-3, 3), max_size=9))
def test_distinct_numbers_are_those_of_a_set(numbers: list[int]) -> None:
    assert distinct(np.array(numbers, dtype=np.int64)).tolist() == sorted(set(numbers))


def test_names_keep_their_numbers_from_column_to_column() -> None:
    names = Numbers()
    first = names.column(pd.Series(["x", "", "y", "x"], dtype="str"))
    second = names.column(pd.Series(["y", "z"], dtype="category"))
    assert [names.names[number] for number in [*first, *second]] == ["x", "", "y", "x", "y", "z"]
    assert (first[1], names.of("z"), len(names)) == (0, second[1], 4)
