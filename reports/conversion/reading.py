"""The files of a conversion, found and read: what is missing, damaged or foreign is told all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

from reports.conversion.schema import HANDOVER, RULE, SOURCE, TARGET
from reports.errors import ReportError

Handover = dict[str, dict[str, int]]
"""Table → province → how many rows were said to be handed over."""

MAGIC = b"ARROW1"
FOREIGN = {b"PAR1": "is a Parquet file", b"\xff\xff\xff\xff": "is an Arrow stream", b"": "is empty"}
"""What a file is that begins so and is no Arrow file."""
DAMAGE = (pa.ArrowException, OSError, UnicodeDecodeError)
"""What Arrow raises on a damaged file; the last where not even a column's name can be read."""
EARLIEST, LATEST = -2_208_988_800, 7_258_118_400
"""Unix seconds of the beginnings of 1900 and 2200: what lies outside is damage, and no calendar shows it."""
COMPOSED = (("dossiers", "owner_name"), ("dossiers", "hamlet"), ("units", "name"), ("accounts", "name"))
"""Names that an old system may have written in any form of Unicode; the new one must compose them."""
SHOWN = 30
"""So many problems are told; of more only the number."""


class ConversionError(ReportError):
    """Files of a conversion cannot be used. ``problems``: all that were found, each with the file, the place,
    the value and what is legal."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        if len(self.problems) == 1:
            super().__init__(self.problems[0])
            return
        more = [f"... and {len(self.problems) - SHOWN} more"] if len(self.problems) > SHOWN else []
        told = [
            f"{len(self.problems)} problems in the files of the conversion",
            *self.problems[:SHOWN],
            *more,
        ]
        super().__init__("\n  ".join(told))


def refuse(problems: Iterable[str]) -> None:
    """Raise :class:`ConversionError` where there is any problem."""
    if found := list(problems):
        raise ConversionError(found)


def rule_tables(folder: Path) -> dict[str, pa.Table]:
    """The tables of the rule. Raises :class:`ConversionError`."""
    refuse(problem for name, schema in RULE.items() for problem in _foreign(folder / f"{name}.arrow", schema))
    return {name: _read(folder / f"{name}.arrow", schema) for name, schema in RULE.items()}


def source_path(folder: Path, province: str, name: str) -> Path:
    """Where a table of a province lies."""
    return folder / province / f"{name}.arrow"


def source_table(folder: Path, province: str, name: str) -> pa.Table:
    """A table of an old province, its names composed (NFC). Raises :class:`ConversionError`."""
    table = _read(source_path(folder, province, name), SOURCE[name])
    for place, column in enumerate(table.column_names):
        if (name, column) in COMPOSED:
            composed = pc.utf8_normalize(table[column], "NFC")
            table = table.set_column(place, table.schema.field(place), composed)
    return table


def target_table(folder: Path, province: str, name: str) -> pa.Table:
    """A table of a new province, whatever it says. Raises :class:`ConversionError`."""
    return _read(folder / province / f"{name}.arrow", TARGET[name])


def check_files(source: Path, old: Iterable[str], target: Path, new: Iterable[str]) -> None:
    """Raise :class:`ConversionError` where a side lacks a province, file or column, or has a foreign one."""
    refuse([*_side(source, list(old), SOURCE), *_side(target, list(new), TARGET)])


def _side(folder: Path, provinces: list[str], schemas: Mapping[str, pa.Schema]) -> Iterator[str]:
    if not folder.is_dir():
        yield f"{folder}: is no folder; it must hold one folder for each province"
        return
    there = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name != "rule")
    for name in there:
        if name not in provinces:
            near = get_close_matches(name, provinces, n=1) or provinces[:1]
            yield (
                f"{folder}: folder {name!r} is no province; legal are {len(provinces)} codes, the nearest is "
                f"{near[0]!r}"
            )
    if missing := sorted(set(provinces) - set(there)):
        shown = ", ".join(missing[:8])
        yield f"{folder}: {len(missing)} of {len(provinces)} provinces are missing: {shown}"
    for province in provinces:
        for name, schema in schemas.items() if province in there else ():
            yield from _foreign(folder / province / f"{name}.arrow", schema)


def _foreign(path: Path, schema: pa.Schema) -> Iterator[str]:
    """Why a file cannot be read as a table of these columns, from its ends alone."""
    if not path.is_file():
        yield f"{path}: is missing; its columns must be {', '.join(schema.names)}"
        return
    try:
        with path.open("rb") as file:
            head = file.read(len(MAGIC))
        if head == MAGIC:
            with pa.memory_map(str(path)) as held:
                found = ipc.open_file(held).schema
            yield from _columns(path, found, schema)
            return
    except DAMAGE as error:
        # Arrow's errors have no number, those of the system do
        why = getattr(error, "strerror", None)
        yield f"{path}: cannot be read: {why}" if why else f"{path}: is cut off or damaged"
        return
    what = FOREIGN.get(head[:4], f"starts with {head!r}")
    yield f"{path}: {what}; legal is an Arrow file, as pyarrow.ipc.new_file writes it"


def _columns(path: Path, found: pa.Schema, schema: pa.Schema) -> Iterator[str]:
    for field in schema:
        places = found.get_all_field_indices(field.name)
        if not places:
            yield f"{path}: column {field.name!r} is missing; legal is {field.type}"
        elif len(places) > 1:
            yield f"{path}: column {field.name!r} is there {len(places)} times; legal is once"
        elif (kind := found.field(places[0]).type) != field.type:
            yield f"{path}: column {field.name!r} is of {kind}; legal is {field.type}"
    for name in found.names:
        if name not in schema.names:
            near = get_close_matches(name, schema.names, n=1)
            hint = f"the nearest is {near[0]!r}" if near else f"legal are {', '.join(schema.names)}"
            yield f"{path}: column {name!r} is unknown; {hint}"


def _read(path: Path, schema: pa.Schema) -> pa.Table:
    try:
        with pa.memory_map(str(path)) as held:
            found = ipc.open_file(held).read_all()
            table = pa.table([found[name] for name in schema.names], schema=schema)
    except DAMAGE as error:
        raise ConversionError([f"{path}: is damaged: what it holds cannot be unpacked"]) from error
    refuse(_unreadable(path, table))
    return table.combine_chunks()


def _unreadable(path: Path, table: pa.Table) -> Iterator[str]:
    """Columns with nulls, with texts that are none, or with instants that no calendar shows."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        try:
            # first of all: Arrow ends the whole process where it works on columns with wrong offsets
            column.validate(full=True)
        except pa.ArrowInvalid:
            yield _damaged(path, name, column)
            continue
        if column.null_count:
            yield at_rows(path, name, column, column.is_null(), "legal is a value")
        elif pa.types.is_timestamp(column.type):
            seconds = column.cast(pa.int64())
            wrong = pc.or_(pc.less(seconds, EARLIEST), pc.greater_equal(seconds, LATEST))
            if pc.any(wrong).as_py():
                yield at_rows(path, name, seconds, wrong, "legal are the Unix seconds of 1900 to 2199")


def _damaged(path: Path, name: str, column: pa.ChunkedArray) -> str:
    """The first text of a column that is none, where its bytes can be had at all."""
    row = 0
    for chunk in column.chunks if pa.types.is_string(column.type) else ():
        held = chunk.view(pa.binary())
        try:
            held.validate(full=True)
        except pa.ArrowInvalid:
            break
        for value in held.to_pylist():
            row += 1
            try:
                (value or b"").decode()
            except UnicodeDecodeError:
                return f"{path}: column {name!r}, row {row}: {value[:40]!r} is not UTF-8; legal is UTF-8"
    return f"{path}: column {name!r} is damaged; legal is {column.type}"


def at_rows(path: Path, name: str, column: pa.ChunkedArray | pa.Array, wrong: pa.Array, legal: str) -> str:
    """A problem with the first row that is wrong and the number of others. ``wrong``: per row, some true."""
    row = pc.index(wrong, pa.scalar(value=True)).as_py()
    value, more = column[row].as_py(), pc.sum(wrong).as_py() - 1
    told = "is null" if value is None else f"{value!r} is not legal"
    others = f" ({more} more such rows)" if more else ""
    return f"{path}: column {name!r}, row {row + 1}: {told}; {legal}{others}"


def handover(folder: Path, tables: Iterable[str], provinces: Sequence[str]) -> Handover:
    """How many rows were said to be handed over, {} where nobody said. Raises :class:`ConversionError`."""
    path = folder / HANDOVER
    if not path.exists():
        return {}
    try:
        said = msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConversionError([f"{path}: is no JSON: {error}"]) from error
    refuse(_misstated(path, said, list(tables), provinces))
    stated: Handover = said
    return stated


def _misstated(path: Path, said: object, tables: list[str], provinces: Sequence[str]) -> Iterator[str]:
    example = '{"dossiers": {"01": 12345}}'
    if not isinstance(said, dict):
        yield f"{path}: is {said!r:.60}; legal is an object such as {example}"
        return
    for table, counts in said.items():
        if table not in tables:
            yield f"{path}: {table!r} is no table; legal are {', '.join(tables)}"
        elif not isinstance(counts, dict):
            yield f"{path}: {table}: is {counts!r:.60}; legal is a number for each province: {example}"
        else:
            for province, number in counts.items():
                if province not in provinces:
                    yield f"{path}: {table}: {province!r} is no province of this side"
                elif type(number) is not int or number < 0:
                    yield f"{path}: {table}: {province}: {number!r} is no number of rows; legal is 0 or more"


def key(table: pa.Table, columns: tuple[str, ...]) -> pa.Array:
    """The key of each row as one text."""
    parts = [table[name].combine_chunks() for name in columns]
    joined = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, " / ")
    return joined.cast(pa.large_string())
