"""One checksum for a whole table, whatever the order of its rows.

The SHA-256 of its rows as lines: values joined by U+001F, instants as Unix seconds, truth values as ``true``
and ``false``; the lines sorted by their bytes, each ended by a line feed.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.conversion.schema import INSTANT

SEPARATOR = "\x1f"


def digest(table: pa.Table) -> str:
    """The checksum in hex."""
    columns = [plain(table[name]) for name in table.column_names]
    if not len(table):
        return hashlib.sha256().hexdigest()
    texts = [each.cast(pa.large_string()) for each in columns]
    lines = pc.binary_join_element_wise(*texts, pa.scalar(SEPARATOR, pa.large_string()))
    end, nothing = pa.scalar("\n", pa.large_string()), pa.scalar("", pa.large_string())
    ended = pc.binary_join_element_wise(lines, end, nothing).cast(pa.large_binary())
    ordered = ended.take(pc.array_sort_indices(ended))
    _, offsets, content = ordered.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[ordered.offset : ordered.offset + len(ordered) + 1]
    return hashlib.sha256(memoryview(content)[ends[0] : ends[-1]]).hexdigest()


def plain(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array, instants as Unix seconds."""
    held = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return held.cast(pa.int64()) if held.type == INSTANT else held
