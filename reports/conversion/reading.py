"""The files of a conversion, read and checked: what is damaged or foreign is one clear error."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.conversion.schema import HANDOVER, KEYS, RULE, SOURCE, TARGET
from reports.errors import ReportError
from reports.journal_reader import read_table
from reports.run_check import decoded

Handover = dict[str, dict[str, int]]
"""Table → province → how many rows were said to be handed over."""

LEVELS = ("province", "district", "commune")
STATUSES = (1, 10)
EARLIEST, LATEST = -2_208_988_800, 7_258_118_400
"""Unix seconds of the beginnings of 1900 and 2200: what lies outside is damage, and no calendar shows it."""


class ConversionError(ReportError):
    """A file of a conversion cannot be used; names the file, the place, the value and what is legal."""


def rule_tables(folder: Path) -> dict[str, pa.Table]:
    """The tables of the rule. Raises :class:`~reports.errors.ReportError`."""
    return {name: _read(folder / f"{name}.arrow", schema) for name, schema in RULE.items()}


def source_table(folder: Path, province: str, name: str) -> pa.Table:
    """A table of an old province, whose keys are unique. Raises :class:`~reports.errors.ReportError`."""
    path = folder / province / f"{name}.arrow"
    table = _read(path, SOURCE[name])
    check_keys(str(path), table, KEYS[name])
    if "level" in table.column_names:
        _check_words(path, table, "level", LEVELS)
    if name == "dossiers":
        _check_statuses(path, table)
    return table


def target_table(folder: Path, province: str, name: str) -> pa.Table:
    """A table of a new province, whatever it says. Raises :class:`~reports.errors.ReportError`."""
    return _read(folder / province / f"{name}.arrow", TARGET[name])


def handover(folder: Path) -> Handover:
    """How many rows were said to be handed over, {} where nobody said; ``ReportError`` where unreadable."""
    path = folder / HANDOVER
    return decoded(path, dict[str, dict[str, int]]) if path.exists() else {}


def check_provinces(folder: Path, provinces: Iterable[str]) -> None:
    """Raise :class:`ConversionError` where a folder lacks a province, or has one that there is not."""
    legal = list(provinces)
    if not folder.is_dir():
        raise ConversionError(f"{folder}: is no folder; it must hold one folder for each province")
    there = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name != "rule")
    for name in there:
        if name not in legal:
            near = get_close_matches(name, legal, n=1) or legal[:1]
            raise ConversionError(
                f"{folder}: folder {name!r} is no province; legal are {len(legal)} codes, the nearest is "
                f"{near[0]!r}"
            )
    if missing := sorted(set(legal) - set(there)):
        shown = ", ".join(missing[:8])
        raise ConversionError(f"{folder}: {len(missing)} of {len(legal)} provinces are missing: {shown}")


def _read(path: Path, schema: pa.Schema) -> pa.Table:
    if not path.is_file():
        raise ConversionError(f"{path}: is missing; its columns must be {', '.join(schema.names)}")
    table = read_table(path, schema)
    try:
        table.validate(full=True)
    except pa.ArrowInvalid as error:
        raise ConversionError(f"{path}: is damaged: {error}") from error
    for name, column in zip(schema.names, table.columns, strict=True):
        if column.null_count:
            row = pc.index(column.is_null(), pa.scalar(value=True)).as_py()
            raise ConversionError(f"{path}: column {name!r}, row {row + 1}: is null; legal is a value")
        if pa.types.is_timestamp(column.type):
            _check_instants(path, name, column)
    return table.combine_chunks()


def _check_instants(path: Path, name: str, column: pa.ChunkedArray) -> None:
    seconds = column.cast(pa.int64()).to_numpy()
    wrong = (seconds < EARLIEST) | (seconds >= LATEST)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ConversionError(
            f"{path}: column {name!r}, row {row + 1}: {seconds[row]} is no legal instant; legal are the Unix "
            "seconds of the years 1900 to 2199"
        )


def check_keys(where: str, table: pa.Table, keys: tuple[str, ...]) -> None:
    """Raise :class:`ConversionError` where two rows of a table bear the same key."""
    if not len(table):
        return
    coded = key(table, keys).dictionary_encode()
    if len(coded.dictionary) == len(table):
        return
    numbers = coded.indices.to_numpy()
    _, first = np.unique(numbers, return_index=True)
    again = np.setdiff1d(np.arange(len(numbers)), first)[0]
    raise ConversionError(
        f"{where}: row {again + 1}: {' + '.join(keys)} {coded[int(again)].as_py()!r} stands in row "
        f"{int(np.argmax(numbers == numbers[again])) + 1} already; legal is a value once"
    )


def _check_words(path: Path, table: pa.Table, column: str, legal: tuple[str, ...]) -> None:
    wrong = pc.invert(pc.is_in(table[column], value_set=pa.array(legal)))
    if pc.any(wrong).as_py():
        row = pc.index(wrong, pa.scalar(value=True)).as_py()
        raise ConversionError(
            f"{path}: column {column!r}, row {row + 1}: {table[column][row].as_py()!r} is not legal; legal "
            f"are {', '.join(legal)}"
        )


def _check_statuses(path: Path, table: pa.Table) -> None:
    status = table["status"].to_numpy()
    wrong = (status < STATUSES[0]) | (status > STATUSES[1])
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ConversionError(
            f"{path}: column 'status', row {row + 1}: {status[row]} is not legal; legal is {STATUSES[0]} to "
            f"{STATUSES[1]}"
        )


def key(table: pa.Table, columns: tuple[str, ...]) -> pa.Array:
    """The key of each row as one text."""
    parts = [table[name].combine_chunks() for name in columns]
    joined = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, " / ")
    return joined.cast(pa.large_string())


def encoded(value: object) -> bytes:
    """JSON for people and machines."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
