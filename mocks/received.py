"""The journals of a process of mocks: what its systems received, and what they sent to each other.

The columns are those that the reports read (a test holds the two against each other); a mock may not import
the reports, because a vendor runs it without them.
"""

from __future__ import annotations

import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow.lib import StringBuilder

_NAME = pa.dictionary(pa.int32(), pa.string())

RECEIVED = pa.schema(
    [
        ("system", _NAME),
        ("operation", _NAME),
        ("caller", _NAME),
        ("at", pa.int64()),
        ("done", pa.int64()),
        ("queued_us", pa.int64()),
        ("service_us", pa.int64()),
        ("status", pa.int16()),
        ("key", pa.string()),
        ("trace", pa.string()),
        ("parent", pa.string()),
    ]
)

CALLS = pa.schema(
    [
        ("caller", _NAME),
        ("callee", _NAME),
        ("link", _NAME),
        ("operation", _NAME),
        ("attempt", pa.int16()),
        ("at", pa.int64()),
        ("done", pa.int64()),
        ("status", pa.int16()),
        ("error", _NAME),
        ("key", pa.string()),
        ("trace", pa.string()),
        ("span", pa.string()),
    ]
)

Row = tuple[object, ...]
_TYPECODES = {pa.int16(): "h", pa.int64(): "q"}


class Journal:
    """Rows of one schema, appended in memory and written as one batch per :meth:`flush`."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._rows: list[Row] = []
        self.append = self._rows.append
        self._file = pa.OSFile(str(path), mode="wb")
        self._writer = pa.ipc.new_stream(self._file, schema)

    def flush(self) -> None:
        """Hand everything appended so far to the operating system."""
        if not self._rows:
            return
        rows = self._rows[:]
        self._rows.clear()
        columns = zip(*rows, strict=True)
        arrays = [_array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))

    def close(self) -> None:
        """Write what is left and the end of the stream."""
        self.flush()
        self._writer.close()
        self._file.close()


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """A column. ``pyarrow.array`` imports pandas at its first call: seconds in which nothing is served."""
    if kind in _TYPECODES:
        numbers = array.array(_TYPECODES[kind], values)
        return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])
    builder = StringBuilder()
    builder.append_values(values)
    strings = builder.finish()
    return strings.dictionary_encode() if pa.types.is_dictionary(kind) else strings
