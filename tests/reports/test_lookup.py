"""Joins on ids say what Python's sets would say."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from reports.ids import NO_ID
from reports.lookup import id_among

IDS = st.lists(st.integers(NO_ID, 6) | st.just(2**64 - 1), max_size=12)


@given(IDS, IDS)
def test_an_id_is_found_where_it_is_and_no_id_nowhere(ids: list[int], among: list[int]) -> None:
    found = id_among(pd.Series(ids, dtype="uint64"), pd.Series(among, dtype="uint64"))
    assert found.tolist() == [identity != NO_ID and identity in set(among) for identity in ids]
