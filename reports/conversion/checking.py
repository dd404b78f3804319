"""Whether the rule and the source say what can be converted at all: every value that does not, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.conversion.expecting import Rule
from reports.conversion.reading import at_rows, key
from reports.conversion.schema import KEYS, RULE

LEVELS = ("province", "district", "commune")
NEW_LEVELS = ("province", "commune", "abolished")
STATUSES = (1, 10)
RULE_KEYS: dict[str, tuple[str, ...]] = {
    "provinces": ("old",),
    "wards": ("ward",),
    "hamlets": ("ward", "hamlet"),
    "communes": ("commune",),
    "procedures": ("code",),
    "agencies": ("code",),
}


def rule_problems(tables: dict[str, pa.Table], folder: Path) -> Iterator[str]:
    """What the tables of a rule say of things that other tables do not have, or say twice."""
    for name in RULE:
        yield from repeated(str(_file(folder, name)), tables[name], RULE_KEYS[name])
    legal = {
        "province": tables["provinces"]["province"],
        "ward": tables["wards"]["ward"],
        "commune": tables["communes"]["commune"],
    }
    for name, column in (
        ("wards", "commune"),
        ("hamlets", "ward"),
        ("hamlets", "commune"),
        ("communes", "province"),
    ):
        other = {"commune": "communes", "ward": "wards", "province": "provinces"}[column]
        values = tables[name][column]
        known = pc.is_in(values, value_set=legal[column])
        if (name, column) == ("wards", "commune"):
            known = pc.or_(known, pc.equal(values, ""))  # split
        yield from _illegal(_file(folder, name), column, values, known, f"legal is one of {other}.arrow")
    for name, levels in (("procedures", NEW_LEVELS), ("agencies", LEVELS)):
        values = tables[name]["level"]
        known = pc.is_in(values, value_set=pa.array(levels))
        yield from _illegal(_file(folder, name), "level", values, known, f"legal are {', '.join(levels)}")
    procedures = tables["procedures"]
    ends = pc.equal(procedures["level"], "abolished")
    right = pc.equal(pc.equal(procedures["successor"], ""), ends)
    yield from _illegal(
        _file(folder, "procedures"),
        "successor",
        procedures["successor"],
        right,
        "legal is a code, and nothing where the level is abolished",
    )
    successors = tables["agencies"]["successor"]
    units = [
        tables["communes"]["agency"],
        tables["provinces"]["centre"],
        pa.chunked_array([[""]], pa.string()),
    ]
    now = pa.chunked_array([chunk for each in units for chunk in each.chunks], pa.string())
    known = pc.is_in(successors, value_set=now)
    yield from _illegal(
        _file(folder, "agencies"),
        "successor",
        successors,
        known,
        "legal is an agency of communes.arrow, a centre of provinces.arrow, or nothing",
    )


def source_problems(path: Path, name: str, table: pa.Table, rule: Rule, province: str) -> Iterator[str]:
    """What a table of an old province says that the rule cannot convert. ``province`` is the new one."""
    yield from repeated(str(path), table, KEYS[name])
    if "level" in table.column_names:
        known = pc.is_in(table["level"], value_set=pa.array(LEVELS))
        yield from _illegal(path, "level", table["level"], known, f"legal are {', '.join(LEVELS)}")
    if name == "dossiers":
        yield from _dossiers(path, table, rule, province)
    elif name == "accounts":
        yield from _unknown(path, table, "unit", rule, "agencies", "code")
    elif name == "procedures":
        district = pc.equal(table["level"], "district")
        yield from _unknown(path, table, "code", rule, "procedures", "code", where=district)


def _dossiers(path: Path, table: pa.Table, rule: Rule, province: str) -> Iterator[str]:
    status = table["status"]
    right = pc.and_(pc.greater_equal(status, STATUSES[0]), pc.less_equal(status, STATUSES[1]))
    yield from _illegal(path, "status", status, right, f"legal is {STATUSES[0]} to {STATUSES[1]}")
    yield from _unknown(path, table, "ward", rule, "wards", "ward")
    (home,) = rule.ask("wards", "ward", table["ward"].combine_chunks(), "province")
    here = pc.or_(home.is_null(), pc.equal(home, province)).fill_null(fill_value=True)
    yield from _illegal(
        path, "ward", table["ward"], here, f"legal is a ward that lies in province {province}"
    )
    yield from _unknown(path, table, "unit", rule, "agencies", "code")
    (level,) = rule.ask("agencies", "code", table["unit"].combine_chunks(), "level")
    alike = pc.equal(level, table["level"]).fill_null(fill_value=True)
    yield from _illegal(
        path, "level", table["level"], alike, "legal is the level of its unit in agencies.arrow"
    )
    district = pc.equal(table["level"], "district")
    yield from _unknown(path, table, "procedure", rule, "procedures", "code", where=district)
    theirs = pc.is_in(table["procedure"], value_set=rule.column("procedures", "code"))
    right = pc.or_(district, pc.invert(theirs))
    yield from _illegal(
        path,
        "procedure",
        table["procedure"],
        right,
        "it is the districts', and the level is another; legal is one",
    )


def _unknown(
    path: Path,
    table: pa.Table,
    column: str,
    rule: Rule,
    of: str,
    by: str,
    where: pa.ChunkedArray | None = None,
) -> Iterator[str]:
    """What a table of the rule does not know, of all rows or of those where something holds."""
    known = pc.is_in(table[column], value_set=rule.column(of, by))
    if where is not None:
        known = pc.or_(known, pc.invert(where))
    legal = f"legal is one of the {len(rule.tables[of])} of the rule's {of}.arrow"
    yield from _illegal(path, column, table[column], known, legal)


def _illegal(
    path: Path, column: str, values: pa.ChunkedArray, right: pa.ChunkedArray | pa.Array, legal: str
) -> Iterator[str]:
    wrong = pc.invert(right)
    if pc.any(wrong).as_py():
        yield at_rows(path, column, values, wrong, legal)


def repeated(where: str, table: pa.Table, keys: tuple[str, ...]) -> Iterator[str]:
    """Whether two rows of a table bear the same key: the first that does."""
    coded = key(table, keys).dictionary_encode()
    if len(coded.dictionary) == len(table):
        return
    numbers = coded.indices.to_numpy()
    _, first = np.unique(numbers, return_index=True)
    again = np.setdiff1d(np.arange(len(numbers)), first)
    row, more = int(again[0]), len(again) - 1
    others = f" ({more} more such rows)" if more else ""
    yield (
        f"{where}: row {row + 1}: {' + '.join(keys)} {coded[row].as_py()!r} stands in row "
        f"{int(np.argmax(numbers == numbers[row])) + 1} already; legal is a value once{others}"
    )


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.arrow"
