"""The smallest conversion there is, by hand: two old provinces, one new one, one dossier or two."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import ipc

from reports.conversion.reconciling import Reconciled, reconcile
from reports.conversion.schema import RULE, SOURCE, TARGET

WHEN = datetime(2025, 6, 20, 2, 30, tzinfo=UTC)
DUE = datetime(2025, 7, 4, 10, 0, tzinfo=UTC)
SHA = "ab" * 32

_COURSE = {
    "owner_id": "015705000001",
    "owner_name": "Đặng Thị Ánh",
    "received": WHEN,
    "due": DUE,
    "status": 4,
    "history": "1,2,4",
    "amount": 10_000,
    "paid": 10_000,
}

RULES: dict[str, list[dict[str, Any]]] = {
    "provinces": [
        {
            "old": "10",
            "old_name": "A",
            "province": "15",
            "centre": "H38.99",
            "name": "AB",
            "centre_name": "C",
        },
        {
            "old": "15",
            "old_name": "B",
            "province": "15",
            "centre": "H38.99",
            "name": "AB",
            "centre_name": "C",
        },
    ],
    "wards": [{"ward": "00001", "commune": "00010"}, {"ward": "00002", "commune": ""}],
    "hamlets": [{"ward": "00002", "hamlet": "Thôn 1", "commune": "00011"}],
    "communes": [
        {"commune": "00010", "province": "15", "agency": "H38.99.00010", "name": "Xã X"},
        {"commune": "00011", "province": "15", "agency": "H38.99.00011", "name": "Xã Y"},
    ],
    "procedures": [
        {"code": "9.1", "level": "commune", "successor": "9.2"},
        {"code": "9.9", "level": "abolished", "successor": ""},
    ],
    "agencies": [
        {"code": "H38.99", "level": "province", "successor": "H38.99"},
        {"code": "H38.99.001", "level": "district", "successor": ""},
        {"code": "H38.99.001.00001", "level": "commune", "successor": "H38.99.00010"},
        {"code": "H38.99.001.00002", "level": "commune", "successor": ""},
    ],
}


def source_dossier(**other: Any) -> dict[str, Any]:
    """A dossier of a district, in a ward that went over whole."""
    row = {"code": "D-1", "level": "district", "unit": "H38.99.001", "ward": "00001", "hamlet": ""}
    return {**row, "procedure": "9.1", **_COURSE, **other}


def target_dossier(**other: Any) -> dict[str, Any]:
    """What has to become of it."""
    row = {"code": "D-1", "level": "commune", "unit": "H38.99.00010", "commune": "00010", "placed": "ward"}
    return {**row, "procedure": "9.2", "old_rule": False, **_COURSE, **other}


def source() -> dict[str, list[dict[str, Any]]]:
    """The tables of old province 10."""
    return {
        "dossiers": [source_dossier()],
        "attachments": [{"dossier": "D-1", "name": "Đơn.pdf", "sha256": SHA}],
        "results": [
            {"code": "KQ-1", "dossier": "D-1", "owner_id": "1", "issued": WHEN, "valid": True, "sha256": SHA}
        ],
        "units": [{"code": "H38.99.001", "name": "Huyện", "level": "district", "place": "001"}],
        "accounts": [
            {"id": "a", "name": "An", "unit": "H38.99.001", "roles": "handle"},
            {"id": "b", "name": "Bình", "unit": "H38.99.001.00001", "roles": "handle"},
            {"id": "c", "name": "Chi", "unit": "H38.99.001.00002", "roles": "handle"},
        ],
        "procedures": [
            {"code": "9.1", "level": "district", "open": True},
            {"code": "9.9", "level": "district", "open": True},
        ],
    }


def target() -> dict[str, list[dict[str, Any]]]:
    """The tables of new province 15."""
    return {
        "dossiers": [target_dossier()],
        "attachments": [{"dossier": "D-1", "name": "Đơn.pdf", "sha256": SHA}],
        "results": [
            {
                "code": "KQ-1",
                "dossier": "D-1",
                "owner_id": "1",
                "issued": WHEN,
                "reusable": True,
                "sha256": SHA,
            }
        ],
        "units": [
            {"code": "H38.99", "name": "C", "level": "province", "place": "15"},
            {"code": "H38.99.00010", "name": "Xã X", "level": "commune", "place": "00010"},
            {"code": "H38.99.00011", "name": "Xã Y", "level": "commune", "place": "00011"},
        ],
        "accounts": [
            {"id": "a", "name": "An", "unit": "", "roles": "", "state": "closed"},
            {"id": "b", "name": "Bình", "unit": "H38.99.00010", "roles": "handle", "state": "active"},
            {"id": "c", "name": "Chi", "unit": "", "roles": "", "state": "held"},
        ],
        "procedures": [
            {"code": "9.2", "level": "commune", "open": True},
            {"code": "9.9", "level": "abolished", "open": False},
        ],
    }


def write_file(path: Path, table: pa.Table) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with ipc.new_file(str(path), table.schema) as writer:
        writer.write_table(table)


def write(
    folder: Path,
    old: dict[str, list[dict[str, Any]]] | None = None,
    new: dict[str, list[dict[str, Any]]] | None = None,
) -> None:
    """Source, target and rule; old province 15 holds nothing."""
    for name, schema in SOURCE.items():
        write_file(
            folder / "source" / "10" / f"{name}.arrow", pa.Table.from_pylist((old or source())[name], schema)
        )
        write_file(folder / "source" / "15" / f"{name}.arrow", schema.empty_table())
    for name, schema in TARGET.items():
        write_file(
            folder / "target" / "15" / f"{name}.arrow", pa.Table.from_pylist((new or target())[name], schema)
        )
    for name, schema in RULE.items():
        write_file(folder / "rule" / f"{name}.arrow", pa.Table.from_pylist(RULES[name], schema))


def reconciled(folder: Path) -> Reconciled:
    return reconcile(folder / "source", folder / "target", folder / "rule")


def told(done: Reconciled) -> list[tuple[str, str]]:
    """Kinds with their records."""
    columns = (done.findings[name].to_pylist() for name in ("kind", "record"))
    return sorted(zip(*columns, strict=True))
