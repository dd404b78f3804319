"""How journals are written: columnar streams for what is many, JSON lines for what must be on disk at once.

Nothing here imports pandas: workers and mocks write, they do not analyse.
"""

from __future__ import annotations

import array
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import pyarrow as pa
from pyarrow import ipc
from pyarrow.lib import StringBuilder

from reports.errors import JournalError

_TYPECODES = {pa.int16(): "h", pa.int32(): "i", pa.int64(): "q"}


def column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """An Arrow array of a type that the journals use; ``TypeError`` or ``OverflowError`` for other values.

    ``pyarrow.array`` would do, but its first call imports pandas where that is installed: seconds in which a
    worker sends nothing.
    """
    if kind in _TYPECODES:
        numbers = array.array(_TYPECODES[kind], values)
        return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])
    builder = StringBuilder()
    builder.append_values(values)
    strings = builder.finish()
    return strings.dictionary_encode() if pa.types.is_dictionary(kind) else strings


class StreamWriter:
    """Rows of one schema, kept in memory by :meth:`append` and written as one record batch per :meth:`flush`.

    The owner flushes about once a second. A batch goes to the operating system whole, so a killed process
    loses the rows since its last flush and nothing before; :meth:`close` writes the end-of-stream mark by
    which the reader tells a stream that ended from one that was torn.
    """

    def __init__(self, path: Path, schema: pa.Schema, metadata: Mapping[str, str] | None = None) -> None:
        self.path = path
        self._schema = schema.with_metadata(dict(metadata)) if metadata else schema
        self._rows: list[tuple[object, ...]] = []
        self._file = pa.OSFile(str(path), mode="wb")
        # deltas: a batch carries only the names that the batches before it did not
        options = ipc.IpcWriteOptions(emit_dictionary_deltas=True)
        self._writer = ipc.new_stream(self._file, self._schema, options=options)

    def append(self, *values: object) -> None:
        """Add one row: the values in the order of the schema. Costs one tuple; checked by :meth:`flush`."""
        self._rows.append(values)

    def flush(self) -> None:
        """Write the rows appended so far; :class:`JournalError` where a row does not fit the schema."""
        if not self._rows:
            return
        rows, self._rows = self._rows, []
        width = len(self._schema)
        wrong = next((row for row in rows if len(row) != width), None)
        if wrong is not None:
            raise JournalError(
                f"{self.path.name}: a row has {len(wrong)} values, the schema has {width} columns"
            )
        columns = zip(*rows, strict=True)
        arrays = [self._column(field, values) for field, values in zip(self._schema, columns, strict=True)]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))

    def close(self) -> None:
        """Write what is left and the end of the stream. May be called twice."""
        if self._file.closed:
            return
        try:
            self.flush()
            self._writer.close()
        finally:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _column(self, field: pa.Field, values: tuple[object, ...]) -> pa.Array:
        try:
            return column(values, field.type)
        except (TypeError, ValueError, OverflowError) as error:
            raise JournalError(f"{self.path.name}: column {field.name!r}: {error}") from error


class LineWriter:
    """JSON lines, each handed to the kernel by its own ``write`` on an ``O_APPEND`` descriptor.

    When :meth:`write` returns, the line survives the death of the process: an intent is on record before the
    first byte of its request is sent. (It does not survive a power cut; a rehearsal needs no ``fsync``.)
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._encode = msgspec.json.Encoder().encode

    def write(self, record: msgspec.Struct | Mapping[str, object]) -> None:
        """Append one record as one line; :class:`JournalError` where the disk took only a part of it."""
        line = self._encode(record) + b"\n"
        written = os.write(self._descriptor, line)
        if written != len(line):
            raise JournalError(
                f"{self.path}: only {written} of {len(line)} bytes were written; is the disk full?"
            )

    def close(self) -> None:
        """Close the descriptor. May be called twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def write_table(path: Path, schema: pa.Schema, rows: list[tuple[object, ...]]) -> None:
    """Write a whole Arrow file (``arrivals.arrow``, ``stored.arrow``) at once, by way of a temporary name.

    A reader never sees half of it: the file appears under its name when it is complete.
    """
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
    if len(columns) != len(schema):
        raise JournalError(
            f"{path.name}: a row has {len(columns)} values, the schema has {len(schema)} columns"
        )
    arrays = [column(values, field.type) for values, field in zip(columns, schema, strict=True)]
    temporary = path.with_name(path.name + ".part")
    with pa.OSFile(str(temporary), mode="wb") as file, ipc.new_file(file, schema) as writer:
        writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    temporary.replace(path)
