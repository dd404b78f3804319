"""The journals of a process of mocks: what its systems received, and what they sent to each other.

The columns are those that the reports read (a test holds the two against each other); a mock may not import
the reports, because a vendor runs it without them.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

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
        arrays = [
            pa.array(column, type=field.type) for column, field in zip(columns, self._schema, strict=True)
        ]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))

    def close(self) -> None:
        """Write what is left and the end of the stream."""
        self.flush()
        self._writer.close()
        self._file.close()
