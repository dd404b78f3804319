"""Damaged and foreign files: one clear error with the place, the value and what is legal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import ipc

from reports.conversion.reading import SHOWN, ConversionError
from reports.conversion.schema import RULE, SOURCE, TARGET
from reports.errors import ReportError
from tests.reports.conversion.folders import RULES, reconciled, source, source_dossier, write, write_file

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


def _more(folder: Path) -> None:
    table = pa.Table.from_pylist(source()["dossiers"], SOURCE["dossiers"])
    write_file(folder / DOSSIERS, table.append_column("payd", table["paid"]))


def _stream(folder: Path) -> None:
    with ipc.new_stream(str(folder / DOSSIERS), SOURCE["dossiers"]) as writer:
        writer.write_table(SOURCE["dossiers"].empty_table())


def _flipped(folder: Path) -> None:
    """What is packed inside is overwritten; both ends are whole."""
    table = pa.Table.from_pylist(source()["dossiers"] * 200, SOURCE["dossiers"])
    path = str(folder / DOSSIERS)
    with ipc.new_file(path, table.schema, options=ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table)
    content = bytearray(Path(path).read_bytes())
    middle = len(content) // 2
    content[middle - 200 : middle + 200] = b"\xff" * 400
    Path(path).write_bytes(content)


def _elsewhere(folder: Path) -> None:
    provinces = [*RULES["provinces"], RULES["provinces"][0] | {"old": "01", "province": "01"}]
    communes = [{**each, "province": "01"} for each in RULES["communes"]]
    for name, rows in (("provinces", provinces), ("communes", communes)):
        write_file(folder / "rule" / f"{name}.arrow", pa.Table.from_pylist(rows, RULE[name]))
    shutil.copytree(folder / "source" / "15", folder / "source" / "01")
    shutil.copytree(folder / "target" / "15", folder / "target" / "01")


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
    "no Arrow": (lambda folder: (folder / DOSSIERS).write_bytes(b"code;level"), r"starts with b'code;l'"),
    "Parquet": (lambda folder: (folder / DOSSIERS).write_bytes(b"PAR1...."), "is a Parquet file; legal"),
    "a stream": (_stream, r"dossiers\.arrow: is an Arrow stream; legal is an Arrow file"),
    "empty": (lambda folder: (folder / DOSSIERS).write_bytes(b""), "is empty; legal is an Arrow file"),
    "cut off": (_cut, r"dossiers\.arrow: is cut off or damaged"),
    "damaged inside": (_flipped, r"dossiers\.arrow: (is damaged|column)"),
    "another type": (_foreign, r"column 'status' is of int64; legal is int8"),
    "a column less": (_lacking, r"column 'paid' is missing; legal is int64"),
    "a column too many": (_more, r"column 'payd' is unknown; the nearest is 'paid'"),
    "not UTF-8": (_not_utf8, r"column 'owner_name', row 1: b'.xff.xfe' is not UTF-8"),
    "null": (lambda folder: _rows(folder, source_dossier(ward=None)), r"column 'ward', row 1: is null"),
    "a code twice": (
        lambda folder: _rows(folder, source_dossier(), source_dossier(code="D-2"), source_dossier()),
        r"row 3: code 'D-1' stands in row 1 already",
    ),
    "a level": (lambda folder: _rows(folder, source_dossier(level="tỉnh")), r"row 1: 'tỉnh' is not legal"),
    "a status": (lambda folder: _rows(folder, source_dossier(status=11)), r"row 1: 11 is not legal"),
    "an instant that no calendar has": (
        lambda folder: _rows(folder, source_dossier(due=10**14)),
        r"column 'due', row 1: 100000000000000 is not legal; legal are the Unix seconds",
    ),
    "a ward": (lambda folder: _rows(folder, source_dossier(ward="9")), r"'ward', row 1: '9' is not legal"),
    "wards": (
        lambda folder: _rows(folder, source_dossier(ward="9"), source_dossier(code="D-2", ward="9")),
        r"'ward', row 1: '9' .* of the 2 of the rule's wards\.arrow \(1 more such rows\)",
    ),
    "a ward of another province": (_elsewhere, "'00001' .* legal is a ward that lies in province 15"),
    "a unit": (lambda folder: _rows(folder, source_dossier(unit="H1")), r"'unit', row 1: 'H1' is not legal"),
    "the level of a unit": (
        lambda folder: _rows(folder, source_dossier(level="province")),
        r"'level', row 1: 'province' is not legal; legal is the level of its unit",
    ),
    "a procedure": (
        lambda folder: _rows(folder, source_dossier(procedure="1.5")),
        r"'procedure', row 1: '1\.5' is not legal; legal is one of the 2 of the rule's procedures",
    ),
    "a district's procedure elsewhere": (
        lambda folder: _rows(folder, source_dossier(level="province", unit="H38.99")),
        r"'procedure', row 1: '9\.1' is not legal; it is the districts'",
    ),
    "an agency": (_agency, r"'unit', row 1: 'H1' is not legal; legal is one of the 4 of the rule"),
    "an account in both": (_accounts, r"accounts of 10 and 15: row 4: id 'a' stands in row 1 already"),
    "hand-over of a table": (lambda folder: _handover(folder, {"x": {}}), "'x' is no table; legal are d"),
    "hand-over of a province": (
        lambda folder: _handover(folder, {"units": {"99": 1}}),
        r"units: '99' is no province of this side",
    ),
    "hand-over without numbers": (
        lambda folder: _handover(folder, {"units": {"10": "many"}}),
        r"handover\.json: units: 10: 'many' is no number of rows; legal is 0 or more",
    ),
    "hand-over of less than nothing": (
        lambda folder: _handover(folder, {"units": {"10": -1}}),
        r"units: 10: -1 is no number of rows",
    ),
    "hand-over without provinces": (
        lambda folder: _handover(folder, {"units": 7}), r"units: is 7; legal is a number for each province"
    ),
    "hand-over that is a list": (lambda folder: _handover(folder, []), r"json: is \[\]; legal is an"),
    "hand-over that is no JSON": (
        lambda folder: (folder / "source" / "handover.json").write_text("{"), r"handover\.json: is no JSON"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_one_clear_error(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    damage, told = BROKEN[name]
    damage(tmp_path)
    with pytest.raises(ReportError, match=told):
        reconciled(tmp_path)


def test_all_that_is_wrong_with_the_files_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path)
    _foreign(tmp_path)
    _lacking_in_target(tmp_path)
    (tmp_path / "source" / "15" / "units.arrow").unlink()
    with pytest.raises(ConversionError) as caught:
        reconciled(tmp_path)
    told = [each.removeprefix(f"{tmp_path}/").partition(":")[0] for each in caught.value.problems]
    assert told == [str(DOSSIERS), "source/15/units.arrow", *["target/15/accounts.arrow"] * 3]
    assert str(caught.value).startswith("5 problems in the files of the conversion\n  ")


def test_all_values_that_cannot_be_converted_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path)
    _rows(tmp_path, source_dossier(ward="9", status=11), source_dossier(unit="H1"))
    _agency(tmp_path)
    _handover(tmp_path, {"x": {}, "units": {"10": "many"}})
    with pytest.raises(ConversionError) as caught:
        reconciled(tmp_path)
    assert len(caught.value.problems) == 7


def test_a_long_list_of_problems_is_cut() -> None:
    told = str(ConversionError([f"file {number}" for number in range(SHOWN + 5)])).splitlines()
    assert (len(told), told[-1].strip()) == (SHOWN + 2, "... and 5 more")


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    write(tmp_path)
    table = pa.Table.from_pylist(source()["dossiers"], SOURCE["dossiers"])
    write_file(tmp_path / DOSSIERS, table.select(sorted(table.column_names)))
    done = reconciled(tmp_path)
    assert not len(done.findings)
    assert all(tally.equal for tally in done.tallies)


@pytest.mark.parametrize(
    ("name", "row", "told"),
    [
        ("provinces", 0, r"row 3: old '10' stands in row 1 already"),
        ("wards", 0, r"row 3: ward '00001' stands in row 1 already"),
        ("wards", {"ward": "00003", "commune": "9"}, r"'commune', row 3: '9' .*one of communes\.arrow"),
        ("hamlets", {"ward": "9", "hamlet": "", "commune": "00010"}, r"'ward', row 2: '9' is not legal"),
        ("hamlets", {"ward": "00002", "hamlet": "", "commune": "9"}, r"'commune', row 2: '9' is not legal"),
        (
            "communes",
            {"commune": "9", "province": "99", "agency": "", "name": ""},
            r"'province', row 3: '99' is not legal; legal is one of provinces\.arrow",
        ),
        ("procedures", {"code": "9.5", "level": "district", "successor": "9.6"}, r"legal are province, com"),
        (
            "procedures",
            {"code": "9.5", "level": "commune", "successor": ""},
            r"'successor', row 3: '' is not",
        ),
        ("procedures", {"code": "9.5", "level": "abolished", "successor": "9.6"}, r"'9\.6' is not legal"),
        ("agencies", {"code": "H1", "level": "ward", "successor": ""}, r"'level', row 5: 'ward' is not"),
        ("agencies", {"code": "H1", "level": "commune", "successor": "H2"}, r"'successor', row 5: 'H2' is"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(
    tmp_path: Path, name: str, row: int | dict[str, str], told: str
) -> None:
    """A row that stands twice, or a row that names what there is not."""
    write(tmp_path)
    rows = [*RULES[name], RULES[name][row] if isinstance(row, int) else row]
    write_file(tmp_path / "rule" / f"{name}.arrow", pa.Table.from_pylist(rows, RULE[name]))
    with pytest.raises(ConversionError, match=rf"rule/{name}\.arrow: .*{told}"):
        reconciled(tmp_path)


def _lacking_in_target(folder: Path) -> None:
    path = folder / "target" / "15" / "accounts.arrow"
    schema = pa.schema([("id", pa.string()), ("name", pa.large_string()), ("unit", pa.string())])
    write_file(path, schema.empty_table())


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
