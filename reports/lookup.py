"""Joins on texts, by Arrow's hash tables, and on ids, by sorting: fast enough for millions of rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reports.ids import NO_ID

Ints = npt.NDArray[Any]
"""Whole numbers of 32 or 64 bits: ten million of them are worth the difference."""


class Numbers:
    """Names that stand in several places, numbered as they first appear; "" is 0."""

    def __init__(self) -> None:
        self._number = {"": 0}

    def of(self, name: str) -> int:
        """The number of a name."""
        return self._number.setdefault(name, len(self._number))

    def column(self, names: pd.Series) -> Ints:
        """The number of each row's name, where few names repeat."""
        values = names.astype("category")
        numbers = [self.of(str(name)) for name in values.cat.categories]
        return np.array([*numbers, 0], dtype=np.int32)[values.cat.codes]

    @property
    def names(self) -> list[str]:
        """The name of each number."""
        return list(self._number)

    def __len__(self) -> int:
        return len(self._number)


def places(texts: pd.Series, among: pd.Series) -> Ints:
    """Per text the place at which it first stands among the others; -1 where it does not, and for ""."""
    sought = arrow(texts)
    found = pc.if_else(pc.equal(sought, ""), None, pc.index_in(sought, value_set=arrow(among)))
    result: Ints = pc.fill_null(found, -1).to_numpy()
    return result


def numbered(*columns: pa.Array) -> tuple[list[Ints], int]:
    """The texts of several columns as numbers, equal texts by equal ones, and how many there are.

    "" is -1. Exact, unlike a hash of the texts.
    """
    coded = pa.chunked_array(columns, pa.large_string()).dictionary_encode()
    ends = np.cumsum([len(texts) for texts in columns])[:-1]
    if not len(coded):
        return [np.zeros(0, dtype=np.int32) for _ in columns], 0
    numbers = np.concatenate([chunk.indices.to_numpy() for chunk in coded.chunks])
    dictionary = coded.chunk(0).dictionary
    numbers[numbers == pc.index(dictionary, "").as_py()] = -1
    return np.split(numbers, ends), len(dictionary)


def contained(values: pd.Series, among: pd.Series) -> npt.NDArray[np.bool_]:
    """Per text whether it is among the others."""
    inside = pc.is_in(arrow(values), value_set=arrow(among))
    found: npt.NDArray[np.bool_] = inside.to_numpy(zero_copy_only=False)
    return found


def distinct(numbers: Ints) -> Ints:
    """The different numbers in their order, by sorting: numpy's own hash table takes ten times as long."""
    ordered = np.sort(numbers)
    different: Ints = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return different


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


def number_of(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Per key the number that ``values`` (indexed by key, unique) holds for it; NaN where it holds none."""
    places = _places(keys, values).fill_null(-1).to_numpy(zero_copy_only=False)
    known = np.append(values.to_numpy(dtype="float64"), np.nan)  # place -1: nothing known
    return pd.Series(known[places], index=keys.index)


def _places(keys: pd.Series, values: pd.Series) -> pa.Array:
    return pc.index_in(arrow(keys), value_set=arrow(values.index.to_series()))


def arrow(texts: pd.Series) -> pa.Array:
    """The texts as one Arrow array, without a copy where they are one already."""
    array = pa.array(texts.astype("str").array)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array.cast(pa.large_string())
