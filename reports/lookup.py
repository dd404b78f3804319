"""Joins on texts, by Arrow's hash tables, and on ids, by sorting: fast enough for millions of rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reports.ids import NO_ID


def contained(values: pd.Series, among: pd.Series) -> npt.NDArray[np.bool_]:
    """Per text whether it is among the others."""
    inside = pc.is_in(_arrow(values), value_set=_arrow(among))
    found: npt.NDArray[np.bool_] = inside.to_numpy(zero_copy_only=False)
    return found


def id_among(ids: pd.Series, among: pd.Series) -> npt.NDArray[np.bool_]:
    """Per id (:mod:`reports.ids`) whether it is among the others; what has no id is among none.

    A merge of the two sorted sides: it walks through memory where a hash table of ten million ids jumps, at
    a cache miss for each.
    """
    sought, known = ids.to_numpy(), np.sort(among.to_numpy())
    if not len(known):
        return np.zeros(len(sought), dtype=np.bool_)
    order = np.argsort(sought)
    ascending = sought[order]
    places = np.searchsorted(known, ascending)
    places[places == len(known)] = 0
    found = np.empty(len(sought), dtype=np.bool_)
    found[order] = (known[places] == ascending) & (ascending != NO_ID)
    return found


def text_of(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Per key the text that ``values`` (indexed by key, unique) holds for it; "" where it holds none."""
    taken = _arrow(values).take(_places(keys, values))
    return pd.Series(pc.fill_null(taken, ""), index=keys.index, dtype="str")


def number_of(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Per key the number that ``values`` (indexed by key, unique) holds for it; NaN where it holds none."""
    places = _places(keys, values).fill_null(-1).to_numpy(zero_copy_only=False)
    known = np.append(values.to_numpy(dtype="float64"), np.nan)  # place -1: nothing known
    return pd.Series(known[places], index=keys.index)


def first_said(preferred: pd.Series, otherwise: pd.Series) -> pd.Series:
    """The first text where it says something, else the second; both aligned."""
    words = preferred.astype("str")
    result: pd.Series = words.where(words != "", otherwise.astype("str"))
    return result


def _places(keys: pd.Series, values: pd.Series) -> pa.Array:
    return pc.index_in(_arrow(keys), value_set=_arrow(values.index.to_series()))


def _arrow(texts: pd.Series) -> pa.Array:
    array = pa.array(texts.astype("str").array)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array.cast(pa.large_string())
