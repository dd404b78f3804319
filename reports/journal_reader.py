"""How journals are read back, torn tails included.

A *torn* file is one whose writer was killed: everything up to the tear is used, and that it is torn is told.
A *damaged* file is one that no killed writer can leave behind: :class:`JournalError`.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec
import pyarrow as pa
from pyarrow import ipc

from reports.errors import JournalError

T = TypeVar("T")

_CONTINUATION = b"\xff\xff\xff\xff"
_END_OF_STREAM = _CONTINUATION + b"\x00\x00\x00\x00"


def read_stream(path: Path, schema: pa.Schema) -> tuple[pa.Table, bool]:
    """The rows of an Arrow stream, and whether it is torn.

    Torn means: the last batch is cut off, or the end-of-stream mark is missing, so the writer's last second
    may be. :class:`JournalError` where the file is no Arrow stream or has other columns than ``schema``.
    """
    size = path.stat().st_size
    if size == 0:
        return schema.empty_table(), True
    with pa.memory_map(str(path)) as source:
        head = source.read(min(4, size))
        if head != _CONTINUATION[: len(head)]:
            raise JournalError(f"{path}: starts with {head!r}; an Arrow stream starts with {_CONTINUATION!r}")
        source.seek(max(0, size - len(_END_OF_STREAM)))
        ended = source.read() == _END_OF_STREAM
        source.seek(0)
        try:
            reader = ipc.open_stream(source)
        except (pa.ArrowInvalid, OSError):
            return schema.empty_table(), True  # torn within its very first message
        _same_columns(path, reader.schema, schema)
        batches, torn = [], not ended
        while True:
            try:
                batches.append(reader.read_next_batch())
            except StopIteration:
                break
            except (pa.ArrowInvalid, OSError) as error:
                if ended:  # complete to its last byte, and yet unreadable
                    raise JournalError(f"{path}: batch {len(batches) + 1} is damaged: {error}") from error
                torn = True
                break
        table = pa.Table.from_batches(batches, reader.schema).replace_schema_metadata(reader.schema.metadata)
        return table.unify_dictionaries(), torn


def read_streams(paths: list[Path], schema: pa.Schema) -> tuple[pa.Table, list[Path]]:
    """The rows of many streams one after another, and which of the files are torn."""
    tables, torn = [schema.empty_table()], []
    for path in paths:
        table, cut = read_stream(path, schema)
        tables.append(table.replace_schema_metadata(None))
        if cut:
            torn.append(path)
    return pa.concat_tables(tables).unify_dictionaries(), torn


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """The rows of a whole Arrow file; :class:`JournalError` where it is damaged or has other columns."""
    try:
        with pa.memory_map(str(path)) as source:
            table = ipc.open_file(source).read_all()
    except (pa.ArrowInvalid, OSError) as error:
        raise JournalError(f"{path}: not a complete Arrow file: {error}") from error
    _same_columns(path, table.schema, schema)
    return table


def read_lines(path: Path, kind: type[T]) -> tuple[list[T], bool]:
    """The records of a JSON-lines file, and whether its last line is torn (then it is left out).

    A last line without its line feed that is a whole record counts, though the file is torn. A line that is
    no record of ``kind`` anywhere else is damage: :class:`JournalError` with the number of the line.
    """
    content = path.read_bytes()
    whole, _, tail = content.rpartition(b"\n")
    decoder = msgspec.json.Decoder(kind)
    try:
        records: list[T] = decoder.decode_lines(whole)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _damaged_line(path, whole, decoder) from None
    if not tail:
        return records, False
    # a tail that is no record was never written to its end, so nobody acted on it
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        records.append(decoder.decode(tail))
    return records, True


def _damaged_line(path: Path, content: bytes, decoder: msgspec.json.Decoder[T]) -> JournalError:
    for number, line in enumerate(content.split(b"\n"), start=1):
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
