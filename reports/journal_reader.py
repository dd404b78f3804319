"""How journals are read back, torn tails included.

A *torn* file is one whose writer was killed: everything up to the tear is used, and that it is torn is told.
A *damaged* file is one that no killed writer can leave behind: :class:`JournalError`. Where a stream has
checksums (:mod:`reports.checksums`), a single changed bit is damage.
"""

from __future__ import annotations

import itertools
import mmap
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
import pyarrow as pa
from pyarrow import ipc

from reports.checksums import verify
from reports.errors import JournalError
from reports.journal import COUNTS

T = TypeVar("T")

_CONTINUATION = b"\xff\xff\xff\xff"
_END_OF_STREAM = _CONTINUATION + b"\x00\x00\x00\x00"
_BLOCK = 1 << 22
"""Bytes of lines that are decoded at once: what stays in the cache is decoded twice as fast."""


class Batches:
    """The record batches of one Arrow stream, as views of its memory-mapped file.

    ``torn`` (known after the last batch) means: the last batch is cut off, or the end-of-stream mark is
    missing, so the writer's last second may be. :class:`JournalError` where the file is no Arrow stream, has
    other columns than ``schema``, or is not what its checksums say.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.schema = schema
        self.torn = True
        self._path = path
        self._reader: ipc.RecordBatchStreamReader | None = None
        with path.open("rb") as file:
            if not os.fstat(file.fileno()).st_size:
                verify(path, memoryview(b""))
                return
            # unmapped with the last view of it
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        content = memoryview(mapped)
        head = bytes(content[:4])
        if head != _CONTINUATION[: len(head)]:
            raise JournalError(f"{path}: starts with {head!r}; an Arrow stream starts with {_CONTINUATION!r}")
        verify(path, content)
        self._ended = content[-len(_END_OF_STREAM) :] == _END_OF_STREAM
        try:
            self._reader = ipc.open_stream(pa.py_buffer(content))
        except (pa.ArrowInvalid, OSError):
            return  # torn within its very first message
        _same_columns(path, self._reader.schema, schema)
        self.schema = self._reader.schema

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        if self._reader is None:
            return
        for number in itertools.count(1):
            try:
                batch = self._reader.read_next_batch()
            except StopIteration:
                self.torn = not self._ended
                return
            except (pa.ArrowInvalid, OSError) as error:
                if self._ended:  # complete to its last byte, and yet unreadable
                    raise JournalError(f"{self._path}: batch {number} is damaged: {error}") from error
                return
            yield batch


def read_stream(path: Path, schema: pa.Schema) -> tuple[pa.Table, bool]:
    """The rows of an Arrow stream, and whether it is torn; errors as of :class:`Batches`."""
    batches = Batches(path, schema)
    table = pa.Table.from_batches(list(batches), batches.schema)
    return table.unify_dictionaries(), batches.torn


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """The rows of a whole Arrow file; :class:`JournalError` where it is damaged or has other columns."""
    try:
        with pa.memory_map(str(path)) as source:
            table = ipc.open_file(source).read_all()
    except (pa.ArrowInvalid, OSError) as error:
        raise JournalError(f"{path}: not a complete Arrow file: {error}") from error
    _same_columns(path, table.schema, schema)
    return table


class Lines(Generic[T]):
    """The records of a JSON-lines file, as lists of a few megabytes of lines each.

    ``torn`` (known after the last list) means that the last line lacks its line feed. A torn line that is a
    whole record counts; one that is not is left out. A line that is no record of ``kind`` anywhere else is
    damage: :class:`JournalError` with the number of the line.
    """

    def __init__(self, path: Path, kind: type[T]) -> None:
        self.torn = False
        self._path = path
        self._decoder = msgspec.json.Decoder(kind)

    def __iter__(self) -> Iterator[list[T]]:
        tail, before = b"", 0
        with self._path.open("rb") as file:
            while block := file.read(_BLOCK):
                whole, ended, tail = (tail + block).rpartition(b"\n")
                try:
                    records: list[T] = self._decoder.decode_lines(whole)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    raise _damaged_line(self._path, whole, self._decoder, before) from None
                before += whole.count(b"\n") + len(ended)
                yield records
        self.torn = bool(tail)
        # a tail that is no record was never written to its end, so nobody acted on it
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            if tail:
                yield [self._decoder.decode(tail)]


def read_lines(path: Path, kind: type[T]) -> tuple[list[T], bool]:
    """All records of a JSON-lines file, and whether its last line is torn; errors as of :class:`Lines`."""
    lines = Lines(path, kind)
    records = [record for block in lines for record in block]
    return records, lines.torn


def read_counts(path: Path) -> tuple[int, ...]:
    """The integers of a ``counts.<w>.i64``, in the order of :data:`~reports.journal.COUNTS`."""
    content = path.read_bytes()
    if len(content) != 8 * len(COUNTS):
        raise JournalError(
            f"{path}: holds {len(content)} bytes; it must hold {8 * len(COUNTS)}: a 64-bit integer for each "
            f"of {', '.join(COUNTS)}"
        )
    return struct.unpack(f"<{len(COUNTS)}q", content)


def _damaged_line(path: Path, content: bytes, decoder: msgspec.json.Decoder[T], before: int) -> JournalError:
    for number, line in enumerate(content.split(b"\n"), start=before + 1):
        try:
            decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            shown = line[:80].decode("utf-8", "replace")
            return JournalError(f"{path}: line {number}: {error}; the line is {shown!r}")
    return JournalError(f"{path}: damaged")


def _same_columns(path: Path, found: pa.Schema, expected: pa.Schema) -> None:
    if found.equals(expected, check_metadata=False):
        return
    for index, field in enumerate(expected):
        if index >= len(found) or not found.field(index).equals(field):
            got = str(found.field(index)) if index < len(found) else "nothing"
            raise JournalError(f"{path}: column {index + 1} is {got}; it must be {field}")
    raise JournalError(f"{path}: has {len(found)} columns; it must have {len(expected)}: {expected.names}")
