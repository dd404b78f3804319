"""The journals of a process of mocks: what its systems received and sent, and how punctually it runs.

The columns are those that the reports read (a test holds the two against each other); a mock may not import
the reports, because a vendor runs it without them.
"""

from __future__ import annotations

import array
import io
import os
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute  # else the first flush imports it: 60 ms in which nothing is served
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

PULSE = pa.schema(
    [
        ("process", _NAME),
        ("at", pa.int64()),
        ("loop_lag", pa.int64()),
        ("thread_lag", pa.int64()),
        ("cpu", pa.int64()),
        ("waited", pa.int64()),
        ("in_flight", pa.int32()),
        ("rss", pa.int64()),
    ]
)

Row = tuple[object, ...]
_TYPECODES = {pa.int16(): "h", pa.int32(): "i", pa.int64(): "q"}
_CHECKSUM = struct.Struct("<qqq")  # offset in the stream's file, length, CRC-32 of these bytes


class Journal:
    """Rows of one schema, appended in memory and written as one batch per :meth:`flush`.

    Each flush is one ``write(2)`` of whole batches, followed by one of their checksum into ``<path>.crc``: a
    killed process leaves nothing half written that claims to be whole.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._rows: list[Row] = []
        self.append = self._rows.append
        self._stream = _open(path)
        self._checksums = _open(path.with_name(f"{path.name}.crc"))
        self._offset = 0
        self._buffer = io.BytesIO()
        self._writer = pa.ipc.new_stream(pa.PythonFile(self._buffer, mode="w"), schema)

    def flush(self) -> None:
        """Hand everything appended so far to the operating system."""
        if not self._rows:
            return
        rows = self._rows[:]
        self._rows.clear()
        columns = zip(*rows, strict=True)
        arrays = [_array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        self._hand_over()

    def close(self) -> None:
        """Write what is left and the end of the stream."""
        self.flush()
        self._writer.close()
        self._hand_over()
        os.close(self._stream)
        os.close(self._checksums)

    def _hand_over(self) -> None:
        data = self._buffer.getvalue()
        if not data:
            return
        # Arrow pads every message to eight bytes, so starting again at position 0 keeps the alignment
        self._buffer.seek(0)
        self._buffer.truncate()
        _write(self._stream, data)
        _write(self._checksums, _CHECKSUM.pack(self._offset, len(data), zlib.crc32(data)))
        self._offset += len(data)


def _open(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o644)


def _write(descriptor: int, data: bytes) -> None:
    """All of it, at once unless the disk is full; then the next call raises ``OSError``."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """A column. ``pyarrow.array`` imports pandas at its first call: seconds in which nothing is served."""
    if kind in _TYPECODES:
        numbers = array.array(_TYPECODES[kind], values)
        return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])
    builder = StringBuilder()
    builder.append_values(values)
    strings = builder.finish()
    return strings.dictionary_encode() if pa.types.is_dictionary(kind) else strings
