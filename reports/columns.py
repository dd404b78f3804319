"""Journal columns in as little memory as their values need, so that ten million samples fit on a laptop.

==============  =============================  =====================================================
in the journal  in the frame                   what for
==============  =============================  =====================================================
name            category, codes of 1-4 bytes   a name stands once, however many rows bear it
instant         float64                        seconds relative to T0
trace, span     uint64 (:mod:`reports.ids`)    joins
other integer   as it is
key             left out                       for reading the journals by eye; no report joins on it
==============  =============================  =====================================================

A file is read as views of its memory-mapped bytes, copied column by column into arrays of their final type,
and unmapped: besides the frame itself there is never more in memory than one file and one column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from reports import ids
from reports.errors import JournalError

Array = npt.NDArray[Any]

IDS = frozenset({"trace", "span", "parent"})
LEFT_OUT = frozenset({"key"})


class Names:
    """The names of one column, numbered as they first appear.

    Each file, and with some writers each batch, has a dictionary of its own; the numbers hold for all.
    """

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._dictionary: pa.StringArray | None = None
        self._numbers: Array = np.zeros(0, dtype=np.int8)

    def codes(self, column: pa.DictionaryArray) -> Array:
        """The number of each row's name."""
        # a dictionary mostly stays as it was in the batch before
        if self._dictionary is None or not column.dictionary.equals(self._dictionary):
            self._dictionary = column.dictionary
            numbers = [
                self._number.setdefault(name, len(self._number)) for name in column.dictionary.to_pylist()
            ]
            self._numbers = np.array(numbers, dtype=np.min_scalar_type(-max(len(self._number), 1)))
        # as unsigned, a damaged negative index is out of range too
        places = column.indices.to_numpy().view(np.uint32)
        codes: Array = self._numbers[places]
        return codes

    def category(self, codes: Array) -> pd.Categorical:
        """The rows as a pandas category."""
        return pd.Categorical.from_codes(codes, categories=pd.Index(list(self._number), dtype="str"))


class Columns:
    """The columns of one kind of journal, filled file by file.

    ``instants`` are the columns that hold nanoseconds of the clock on which T0 is ``t0``.
    """

    def __init__(self, schema: pa.Schema, instants: Sequence[str], t0: int) -> None:
        self._t0 = t0
        self._instants = frozenset(instants)
        self._schema = [field for field in schema if field.name not in LEFT_OUT]
        self._names = {field.name: Names() for field in self._schema if pa.types.is_dictionary(field.type)}
        self._parts: dict[str, list[Array]] = {
            field.name: [np.zeros(0, dtype=self._type(field))] for field in self._schema
        }

    def add(self, path: Path, batches: Iterable[pa.RecordBatch]) -> int:
        """Copy the rows of one file; how many they are. :class:`JournalError` where a column is damaged."""
        views = list(batches)
        if not views:
            return 0
        for field in self._schema:
            try:
                pieces = [self._converted(field.name, view.column(field.name)) for view in views]
            except (pa.ArrowInvalid, IndexError, ValueError) as error:
                raise JournalError(f"{path}: column {field.name!r} is damaged: {error}") from error
            self._parts[field.name].append(np.concatenate(pieces))
        return sum(view.num_rows for view in views)

    def frame(self) -> pd.DataFrame:
        """All rows, file after file. Empties the columns."""
        joined: dict[str, Array | pd.Categorical] = {}
        for field in self._schema:
            values = np.concatenate(self._parts.pop(field.name))
            names = self._names.get(field.name)
            joined[field.name] = values if names is None else names.category(values)
        return pd.DataFrame(joined, copy=False)

    def _type(self, field: pa.Field) -> np.dtype[Any]:
        if field.name in self._instants:
            return np.dtype(np.float64)
        if field.name in IDS:
            return np.dtype(np.uint64)
        return np.dtype(np.int8) if field.name in self._names else np.dtype(field.type.to_pandas_dtype())

    def _converted(self, name: str, column: pa.Array) -> Array:
        if name in IDS:
            return ids.numbers(column)
        if name in self._names:
            return self._names[name].codes(column)
        values: Array = column.to_numpy()  # a view; it refuses nulls, which no writer leaves
        return (values - self._t0) / 1e9 if name in self._instants else values
