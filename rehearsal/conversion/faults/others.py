"""Faults of attachments, results, units, accounts and procedures."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fixtures.conversion.procedures import district_procedures
from fixtures.conversion.units import old_units
from fixtures.reference.agencies import commune_agency
from fixtures.reference.provinces import merged_into
from fixtures.reference.wards import SplitWard, ward_successors
from rehearsal.conversion.faults.model import Change, Fault, Row, Scene, anywhere, doubled, edit, removed


def _other_content(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(sha256=row["sha256"][::-1] if row["sha256"] != row["sha256"][::-1] else "0" * 64)


def _unlisted_file(row: Row, scene: Scene, _place: int) -> Change:
    name = f"Giấy tờ thừa {scene.number}.pdf"
    return Change(copies=({"name": name},), record=f"{row['dossier']} / {name}")


def _file_renamed(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(name=row["name"].removesuffix(".pdf"))


def _misfiled(row: Row, scene: Scene, _place: int) -> Change | None:
    codes = scene.tables["dossiers"]["code"]
    other = codes[scene.random.randrange(len(codes))].as_py()
    return None if other == row["dossier"] else Change(edits={"dossier": other}, also=other)


def _result_code(row: Row, scene: Scene, _place: int) -> Change:
    return edit(code=f"{row['code']}.{scene.number}")


def _reusable(rows: pa.Table, _scene: Scene) -> Any:
    return rows["reusable"]


def _out_of_force(rows: pa.Table, _scene: Scene) -> Any:
    return pc.invert(rows["reusable"])


def _commune_level(rows: pa.Table, _scene: Scene) -> Any:
    return pc.equal(rows["level"], "commune")


def _renamed(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(name=f"{row['name']} (cũ)")


def _old_unit(_row: Row, scene: Scene, _place: int) -> Change:
    parts = {each.code for each in merged_into(scene.province)}
    old = scene.random.choice(
        [each for each in old_units().values() if each.level == "district" and each.province in parts]
    )
    kept = {"code": old.code, "name": old.name_vi, "level": old.level, "place": old.place}
    return Change(copies=(kept,), record=old.code, also=old.code)


def _state(word: str) -> Any:
    def where(rows: pa.Table, _scene: Scene) -> Any:
        return pc.equal(rows["state"], word)

    return where


def _district_rights(_row: Row, scene: Scene, place: int) -> Change:
    source = scene.source("accounts", place)
    return edit(unit=source["unit"], roles=source["roles"], state="active")


def _rightless(_row: Row, _scene: Scene, _place: int) -> Change:
    return edit(roles="", state="closed")


def _other_unit(row: Row, scene: Scene, _place: int) -> Change | None:
    other = scene.other_commune(row["unit"].rpartition(".")[2])
    return None if other is None else edit(unit=commune_agency(other.code))


def _guessed(_row: Row, scene: Scene, place: int) -> Change | None:
    source = scene.source("accounts", place)
    found = ward_successors(source["unit"].rpartition(".")[2])
    if not isinstance(found, SplitWard):
        return None
    return edit(unit=commune_agency(found.default.code), roles=source["roles"], state="active")


def _open(rows: pa.Table, _scene: Scene) -> Any:
    return rows["open"]


def _closed(rows: pa.Table, _scene: Scene) -> Any:
    return pc.invert(rows["open"])


def _other_level(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(level="commune" if row["level"] == "province" else "province")


def _old_procedure(_row: Row, scene: Scene, _place: int) -> Change:
    old = scene.random.choice([each for each in district_procedures() if each.successor])
    kept = {"code": old.code, "level": "district", "open": True}
    return Change(copies=(kept,), record=old.code, also=old.code)


FAULTS = [
    Fault("attachment-missing", "attachments", anywhere, removed),
    Fault("attachment-doubled", "attachments", anywhere, doubled),
    Fault("attachment-invented", "attachments", anywhere, _unlisted_file),
    Fault("attachment-altered", "attachments", anywhere, _other_content),
    Fault("attachment-renamed", "attachments", anywhere, _file_renamed),
    Fault("attachment-misfiled", "attachments", anywhere, _misfiled),
    Fault("result-missing", "results", anywhere, removed),
    Fault("result-doubled", "results", anywhere, doubled),
    Fault("result-altered", "results", anywhere, _other_content),
    Fault("result-code-changed", "results", anywhere, _result_code),
    Fault("result-not-reusable", "results", _reusable, lambda _row, _scene, _place: edit(reusable=False)),
    Fault("result-revived", "results", _out_of_force, lambda _row, _scene, _place: edit(reusable=True)),
    Fault("unit-missing", "units", anywhere, removed),
    Fault("unit-doubled", "units", anywhere, doubled),
    Fault("unit-renamed", "units", _commune_level, _renamed),
    Fault("old-unit-kept", "units", anywhere, _old_unit),
    Fault("account-missing", "accounts", anywhere, removed),
    Fault("account-doubled", "accounts", anywhere, doubled),
    Fault("account-district-rights", "accounts", _state("closed"), _district_rights),
    Fault("account-guessed", "accounts", _state("held"), _guessed),
    Fault("account-rights-lost", "accounts", _state("active"), _rightless),
    Fault("account-unit-wrong", "accounts", _state("active"), _other_unit),
    Fault("procedure-missing", "procedures", anywhere, removed),
    Fault("procedure-doubled", "procedures", anywhere, doubled),
    Fault("procedure-at-district", "procedures", _open, lambda _row, _scene, _place: edit(level="district")),
    Fault("procedure-level-wrong", "procedures", _open, _other_level),
    Fault("procedure-closed", "procedures", _open, lambda _row, _scene, _place: edit(open=False)),
    Fault("abolished-procedure-open", "procedures", _closed, lambda _row, _scene, _place: edit(open=True)),
    Fault("old-procedure-kept", "procedures", anywhere, _old_procedure),
]
