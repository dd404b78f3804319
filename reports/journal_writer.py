"""How journals are written: columnar streams for what is many, JSON lines for what must be on disk at once.

Nothing here imports pandas: workers and mocks write, they do not analyse.
"""

from __future__ import annotations

import array
import os
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import pyarrow as pa
from pyarrow import ipc
from pyarrow.lib import StringBuilder

from reports.errors import JournalError

CHECKSUM_SUFFIX = ".crc"
CHECKSUM = struct.Struct("<qqq")
"""A record of ``<stream>.crc``, one per flush: offset and length of bytes in the stream, and their CRC-32."""

_TYPECODES = {pa.int16(): "h", pa.int32(): "i", pa.int64(): "q"}


def column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """An Arrow array of a type that the journals use; ``TypeError`` or ``OverflowError`` for other values.

    ``pyarrow.array`` would do, but its first call imports pandas where that is installed: seconds in which a
    worker sends nothing.
    """
    if kind in _TYPECODES:
        numbers = array.array(_TYPECODES[kind], values)
        return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])
    strings = _strings(values)
    return strings.dictionary_encode() if pa.types.is_dictionary(kind) else strings


def _strings(values: Sequence[Any]) -> pa.Array:
    text = "".join(values)
    if text.isascii():  # a character is a byte: the offsets follow from the lengths
        offsets = array.array("i", accumulate(map(len, values), initial=0))
        content = [None, pa.py_buffer(offsets), pa.py_buffer(text.encode())]
        return pa.Array.from_buffers(pa.string(), len(values), content)
    builder = StringBuilder()
    builder.append_values(values)
    return builder.finish()


class _Names:
    """A dictionary column whose codes stay the same from batch to batch, so that a batch adds few names."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._names = _strings(())

    def column(self, values: Sequence[Any]) -> pa.Array:
        """The values as codes; ``TypeError`` where one is no string."""
        try:
            codes = array.array("i", map(self._codes.__getitem__, values))
        except KeyError:
            for name in values:
                self._codes.setdefault(name, len(self._codes))
            self._names = _strings(tuple(self._codes))
            codes = array.array("i", map(self._codes.__getitem__, values))
        indices = pa.Array.from_buffers(pa.int32(), len(codes), [None, pa.py_buffer(codes)])
        return pa.DictionaryArray.from_arrays(indices, self._names, safe=False)


class _Sink:
    """Gathers what Arrow writes in pieces, and hands it to the kernel in one ``write(2)`` with its checksum.

    The checksum follows the bytes it is for: a writer killed in between leaves bytes without one.
    """

    closed = False

    def __init__(self, path: Path) -> None:
        self._stream = path.open("wb", buffering=0)
        self._checksums = path.with_name(path.name + CHECKSUM_SUFFIX).open("wb", buffering=0)
        self._pieces: list[bytes] = []
        self._offset = 0

    def write(self, piece: Any) -> int:
        """Called by Arrow."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Called by Arrow after every piece: there is nothing to do before the batch is whole."""

    def commit(self) -> None:
        """Hand over what was gathered."""
        content = b"".join(self._pieces)
        self._pieces.clear()
        if content:
            _write_whole(self._stream.fileno(), content, self._stream.name)
            record = CHECKSUM.pack(self._offset, len(content), zlib.crc32(content))
            _write_whole(self._checksums.fileno(), record, self._checksums.name)
            self._offset += len(content)

    def close(self) -> None:
        """Close both files."""
        self.closed = True
        self._stream.close()
        self._checksums.close()


class StreamWriter:
    """Rows of one schema, kept in memory by :meth:`append` and written as one record batch per :meth:`flush`.

    The owner flushes about once a second. A batch goes to the operating system whole, so a killed process
    loses the rows since its last flush and nothing before; :meth:`close` writes the end-of-stream mark by
    which the reader tells a stream that ended from one that was torn.

    ``append_row`` takes one row as a tuple, in the order of the schema, and costs next to nothing; what it
    is given is checked by :meth:`flush`. ``shift_ns`` is subtracted from the columns named in ``instants``:
    the offset of this process's clock.
    """

    append_row: Callable[[tuple[Any, ...]], None]

    def __init__(
        self,
        path: Path,
        schema: pa.Schema,
        metadata: Mapping[str, str] | None = None,
        *,
        instants: Sequence[str] = (),
    ) -> None:
        self.path = path
        self.shift_ns = 0
        self._instants = frozenset(instants)
        self._schema = schema.with_metadata(dict(metadata)) if metadata else schema
        self._names = {field.name: _Names() for field in schema if pa.types.is_dictionary(field.type)}
        self._rows: list[tuple[Any, ...]] = []
        self.append_row = self._rows.append
        self._sink = _Sink(path)
        # deltas: a batch carries only the names that the batches before it did not
        options = ipc.IpcWriteOptions(emit_dictionary_deltas=True)
        self._writer = ipc.new_stream(pa.PythonFile(self._sink, mode="w"), self._schema, options=options)

    def append(self, *values: object) -> None:
        """Add one row: the values in the order of the schema."""
        self._rows.append(values)

    def flush(self) -> list[tuple[Any, ...]]:
        """Write the rows appended so far, and give their columns, none where there was no row.

        Raises :class:`JournalError` where a row does not fit.
        """
        rows = self._rows.copy()
        self._rows.clear()
        if not rows:
            return []
        width = len(self._schema)
        if wrong := set(map(len, rows)) - {width}:
            raise JournalError(
                f"{self.path.name}: a row has {min(wrong)} values, the schema has {width} columns"
            )
        columns = list(zip(*rows, strict=True))
        arrays = [self._column(field, values) for field, values in zip(self._schema, columns, strict=True)]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        self._sink.commit()
        return columns

    def close(self) -> None:
        """Write what is left and the end of the stream. May be called twice."""
        if self._sink.closed:
            return
        try:
            self.flush()
            self._writer.close()
            self._sink.commit()
        finally:
            self._sink.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _column(self, field: pa.Field, values: Sequence[Any]) -> pa.Array:
        try:
            if field.name in self._names:
                return self._names[field.name].column(values)
            if self.shift_ns and field.name in self._instants:
                values = [value - self.shift_ns for value in values]
            return column(values, field.type)
        except (TypeError, ValueError, OverflowError) as error:
            raise JournalError(f"{self.path.name}: column {field.name!r}: {error}") from error


def _write_whole(descriptor: int, content: bytes, name: str) -> None:
    written = os.write(descriptor, content)
    if written != len(content):
        raise JournalError(f"{name}: only {written} of {len(content)} bytes were written; is the disk full?")


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
        _write_whole(self._descriptor, self._encode(record) + b"\n", str(self.path))

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
