"""Damaged and foreign files: one clear error with the place, the value and what is legal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from reports.conversion.schema import SOURCE, TARGET
from reports.errors import ReportError
from tests.reports.conversion.folders import reconciled, source, source_dossier, write, write_file

DOSSIERS = Path("source/10/dossiers.arrow")


def _rows(folder: Path, *rows: dict[str, object]) -> None:
    write_file(folder / DOSSIERS, pa.Table.from_pylist(list(rows), SOURCE["dossiers"]))


def _cut(folder: Path) -> None:
    path = folder / DOSSIERS
    path.write_bytes(path.read_bytes()[:-40])


def _foreign(folder: Path) -> None:
    table = pa.Table.from_pylist(source()["dossiers"], SOURCE["dossiers"])
    write_file(folder / DOSSIERS, table.set_column(10, "status", table["status"].cast(pa.int64())))


def _lacking(folder: Path) -> None:
    table = pa.Table.from_pylist(source()["dossiers"], SOURCE["dossiers"])
    write_file(folder / DOSSIERS, table.drop_columns(["paid"]))


def _not_utf8(folder: Path) -> None:
    name = pa.array([b"\xff\xfe"], pa.binary())
    broken = pa.Array.from_buffers(pa.string(), 1, name.buffers())
    table = pa.Table.from_pylist(source()["dossiers"], SOURCE["dossiers"])
    write_file(folder / DOSSIERS, table.set_column(7, "owner_name", broken))


def _handover(folder: Path, content: object) -> None:
    (folder / "source" / "handover.json").write_text(json.dumps(content))


def _agency(folder: Path) -> None:
    row = {"id": "z", "name": "An", "unit": "H1", "roles": ""}
    write_file(folder / "source" / "15" / "accounts.arrow", pa.Table.from_pylist([row], SOURCE["accounts"]))


def _accounts(folder: Path) -> None:
    rows = source()["accounts"][:1]
    write_file(folder / "source" / "15" / "accounts.arrow", pa.Table.from_pylist(rows, SOURCE["accounts"]))


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no source": (lambda folder: shutil.rmtree(folder / "source"), "is no folder"),
    "no province": (lambda folder: shutil.rmtree(folder / "source" / "15"), r"1 of 2 .* are missing: 15"),
    "a foreign province": (lambda folder: (folder / "target" / "51").mkdir(), r"'51' is no province.*'15'"),
    "no file": (lambda folder: (folder / DOSSIERS).unlink(), r"dossiers\.arrow: is missing; its columns"),
    "no rule": (lambda folder: (folder / "rule" / "wards.arrow").unlink(), r"wards\.arrow: is missing"),
    "no Arrow": (lambda folder: (folder / DOSSIERS).write_bytes(b"code;level"), "not a complete Arrow file"),
    "empty": (lambda folder: (folder / DOSSIERS).write_bytes(b""), "not a complete Arrow file"),
    "cut off": (_cut, "not a complete Arrow file"),
    "another type": (_foreign, r"column 11 is .*status: int64.*; it must be .*status: int8"),
    "a column less": (_lacking, r"column 14 is nothing; it must be .*paid"),
    "not UTF-8": (_not_utf8, r"dossiers\.arrow: is damaged.*UTF8"),
    "null": (lambda folder: _rows(folder, source_dossier(ward=None)), r"column 'ward', row 1: is null"),
    "a code twice": (
        lambda folder: _rows(folder, source_dossier(), source_dossier(code="D-2"), source_dossier()),
        r"row 3: code 'D-1' stands in row 1 already",
    ),
    "a level": (lambda folder: _rows(folder, source_dossier(level="tỉnh")), r"row 1: 'tỉnh' is not legal"),
    "a status": (lambda folder: _rows(folder, source_dossier(status=11)), r"row 1: 11 is not legal"),
    "an instant that no calendar has": (
        lambda folder: _rows(folder, source_dossier(due=10**14)),
        r"column 'due', row 1: 100000000000000 is no legal instant; legal are the Unix seconds",
    ),
    "a ward": (lambda folder: _rows(folder, source_dossier(ward="9")), r"'D-1': old ward '9' is not known"),
    "a procedure": (
        lambda folder: _rows(folder, source_dossier(procedure="1.5")),
        r"'D-1': district procedure '1\.5' is not known",
    ),
    "an agency": (_agency, r"'z': agency code 'H1' is not known; legal is one of the 4 of the rule"),
    "an account in both": (_accounts, r"accounts of 10, 15: row 4: id 'a' stands in row 1 already"),
    "hand-over of a table": (lambda folder: _handover(folder, {"x": {}}), "'x' is no table; legal are d"),
    "hand-over of a province": (
        lambda folder: _handover(folder, {"units": {"99": 1}}),
        r"units: '99' is no province of this side",
    ),
    "hand-over without numbers": (
        lambda folder: _handover(folder, {"units": {"10": "many"}}),
        r"handover\.json: at \$.*Expected `int`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_one_clear_error(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    damage, told = BROKEN[name]
    damage(tmp_path)
    with pytest.raises(ReportError, match=told):
        reconciled(tmp_path)


def test_a_target_may_hold_anything_that_fits_its_columns(tmp_path: Path) -> None:
    """What the new systems say wrongly is a finding and no error."""
    write(tmp_path)
    path = tmp_path / "target" / "15" / "dossiers.arrow"
    strange = {field.name: _strange(field.type) for field in TARGET["dossiers"]}
    write_file(path, pa.Table.from_pylist([strange], TARGET["dossiers"]))
    kinds = reconciled(tmp_path).findings["kind"].to_pylist()
    assert sorted(kinds) == ["dossier-invented", "dossier-lost"]


def _strange(kind: pa.DataType) -> object:
    if pa.types.is_string(kind):
        return "?"
    return False if pa.types.is_boolean(kind) else 0
