"""Journal streams from whole columns: the format of the writers, without their row by row."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import ipc

from reports.journal_writer import CHECKSUM, CHECKSUM_SUFFIX

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Names:
    """A column of names: all that there are, and the code of each row's."""

    names: Sequence[str]
    codes: Array

    def __getitem__(self, rows: Array) -> Names:
        return Names(self.names, self.codes[rows])


@dataclass(frozen=True)
class Hex:
    """A column of ids: each row's 64-bit integers, written as 16 hex digits each."""

    numbers: npt.NDArray[np.uint64]

    def __getitem__(self, rows: Array) -> Hex:
        return Hex(self.numbers[rows])


Table = Mapping[str, Array | Names | Hex | int | str]
"""Columns by name; a single value stands in all rows."""

_DIGITS = np.frombuffer("".join(f"{value:02x}" for value in range(256)).encode(), dtype=np.uint16)


class Streams:
    """The open streams of a folder, each with its checksums."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, _Stream] = {}

    def add(self, name: str, schema: pa.Schema, table: Table, by: str) -> None:
        """Append rows in the order of the instants ``by``: one batch for each second, as a writer flushes."""
        if name not in self._open:
            self._open[name] = _Stream(self._folder / name, schema)
        instants = np.asarray(table[by])
        order = np.argsort(instants, kind="stable")
        seconds = instants[order] // 10**9
        for rows in np.split(order, np.flatnonzero(np.diff(seconds)) + 1):
            self._open[name].write([_column(table[field.name], rows, field.type) for field in schema])

    def close(self) -> None:
        """End all streams."""
        for stream in self._open.values():
            stream.close()


@contextmanager
def streams(folder: Path) -> Iterator[Streams]:
    """The streams of a folder, ended at the end."""
    opened = Streams(folder)
    yield opened
    opened.close()


class _Stream:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._file: BinaryIO = path.open("wb")
        self._checksums: BinaryIO = path.with_name(path.name + CHECKSUM_SUFFIX).open("wb")
        self._buffer = io.BytesIO()
        options = ipc.IpcWriteOptions(emit_dictionary_deltas=True)
        self._writer = ipc.new_stream(pa.PythonFile(self._buffer, mode="w"), schema, options=options)

    def write(self, columns: list[pa.Array]) -> None:
        self._writer.write_batch(pa.record_batch(columns, schema=self._schema))
        self._commit()

    def close(self) -> None:
        self._writer.close()
        self._commit()
        self._file.close()
        self._checksums.close()

    def _commit(self) -> None:
        content = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        self._checksums.write(CHECKSUM.pack(self._file.tell(), len(content), zlib.crc32(content)))
        self._file.write(content)


def _column(values: Array | Names | Hex | int | str, rows: Array, kind: pa.DataType) -> pa.Array:
    if isinstance(values, int | str):
        return pa.repeat(pa.scalar(values, kind), len(rows))
    if isinstance(values, Names):
        codes = pa.array(values.codes[rows].astype(np.int32))
        return pa.DictionaryArray.from_arrays(codes, pa.array(values.names, pa.string()))
    if isinstance(values, Hex):
        return _hex(values.numbers[rows])
    return pa.array(values[rows]).cast(kind)


def _hex(numbers: npt.NDArray[np.uint64]) -> pa.Array:
    text = _DIGITS[np.ascontiguousarray(numbers).astype(">u8").view(np.uint8)]
    width = 16 * (numbers.shape[1] if numbers.ndim > 1 else 1)
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * np.int32(width)
    return pa.Array.from_buffers(pa.string(), len(numbers), [None, pa.py_buffer(offsets), pa.py_buffer(text)])
