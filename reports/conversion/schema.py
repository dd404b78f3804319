"""The files of a conversion: Arrow files (IPC file format) with exactly these columns, none of them null.

Every table is one file for each province, in a folder with its code: of the 63 in the source, of the 34 in
the target. Texts are UTF-8; names of people, units and hamlets may stand in any form of Unicode in the
source and must be composed (NFC) in the target. ``""`` stands where there is nothing. Instants are whole
seconds.

Dossiers. ``unit`` is the agency code of the unit that has it, ``level`` that unit's: province, district or
commune (in the source a ward, commune or township). ``ward`` (5 digits) and ``hamlet`` are its address in the
source, ``commune`` (5 digits) in the target; ``placed`` says what decided on the commune: ``ward`` (it went
over whole), ``hamlet``, or ``held`` (nothing did; the centre has to). ``old_rule``: the procedure is
abolished and the dossier is finished under it. ``history`` holds the statuses so far, the newest last:
``1,2,4``. ``amount`` and ``paid`` are in dong.

Attachments and results. ``sha256`` is of the content, in hex. A result is ``valid`` while it is in force; in
the target ``reusable`` says whether citizens can use it again.

Units, accounts, procedures. ``place`` is a unit's code of 2, 3 or 5 digits. ``roles`` are separated by
commas; an account's ``state`` is active, closed or held. A procedure is ``open`` where new dossiers are
taken.

``handover.json`` in source and target says how many rows were handed over: ``{"dossiers": {"01": 12345}}``.
Both are needed, or the counts cannot be held against each other. A table or province that it does not name
is not counted.
"""

from __future__ import annotations

import pyarrow as pa

ZONE = "Asia/Ho_Chi_Minh"
INSTANT = pa.timestamp("s", tz=ZONE)
HANDOVER = "handover.json"

TABLES = ("dossiers", "attachments", "results", "units", "accounts", "procedures")


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


_TEXT = pa.string()
_WHO = {"owner_id": _TEXT, "owner_name": _TEXT, "received": INSTANT, "due": INSTANT}
_COURSE = {"status": pa.int8(), "history": _TEXT, "amount": pa.int64(), "paid": pa.int64()}

ATTACHMENTS = _schema(dossier=_TEXT, name=_TEXT, sha256=_TEXT)
UNITS = _schema(code=_TEXT, name=_TEXT, level=_TEXT, place=_TEXT)
PROCEDURES = _schema(code=_TEXT, level=_TEXT, open=pa.bool_())

SOURCE: dict[str, pa.Schema] = {
    "dossiers": _schema(
        code=_TEXT, level=_TEXT, unit=_TEXT, ward=_TEXT, hamlet=_TEXT, procedure=_TEXT, **_WHO, **_COURSE
    ),
    "attachments": ATTACHMENTS,
    "results": _schema(
        code=_TEXT, dossier=_TEXT, owner_id=_TEXT, issued=INSTANT, valid=pa.bool_(), sha256=_TEXT
    ),
    "units": UNITS,
    "accounts": _schema(id=_TEXT, name=_TEXT, unit=_TEXT, roles=_TEXT),
    "procedures": PROCEDURES,
}

TARGET: dict[str, pa.Schema] = {
    "dossiers": _schema(
        code=_TEXT,
        level=_TEXT,
        unit=_TEXT,
        commune=_TEXT,
        placed=_TEXT,
        procedure=_TEXT,
        old_rule=pa.bool_(),
        **_WHO,
        **_COURSE,
    ),
    "attachments": ATTACHMENTS,
    "results": _schema(
        code=_TEXT, dossier=_TEXT, owner_id=_TEXT, issued=INSTANT, reusable=pa.bool_(), sha256=_TEXT
    ),
    "units": UNITS,
    "accounts": _schema(id=_TEXT, name=_TEXT, unit=_TEXT, roles=_TEXT, state=_TEXT),
    "procedures": PROCEDURES,
}

RULE: dict[str, pa.Schema] = {
    # an old province, the one it went into, the agency code and names of that one's centre
    "provinces": _schema(
        old=_TEXT, old_name=_TEXT, province=_TEXT, centre=_TEXT, name=_TEXT, centre_name=_TEXT
    ),
    # an old ward and its commune; "" where it was split
    "wards": _schema(ward=_TEXT, commune=_TEXT),
    # the parts of split wards
    "hamlets": _schema(ward=_TEXT, hamlet=_TEXT, commune=_TEXT),
    "communes": _schema(commune=_TEXT, province=_TEXT, agency=_TEXT, name=_TEXT),
    # procedures of the districts: new level (province, commune, abolished) and new code
    "procedures": _schema(code=_TEXT, level=_TEXT, successor=_TEXT),
    # agency codes of the old order, their level, and the one agency that took over all, if any
    "agencies": _schema(code=_TEXT, level=_TEXT, successor=_TEXT),
}

KEYS: dict[str, tuple[str, ...]] = {
    "dossiers": ("code",),
    "attachments": ("dossier", "name"),
    "results": ("code",),
    "units": ("code",),
    "accounts": ("id",),
    "procedures": ("code",),
}
"""What tells the rows of a table apart."""

FINDINGS = _schema(kind=_TEXT, province=_TEXT, record=_TEXT, field=_TEXT, expected=_TEXT, found=_TEXT)
"""``findings.arrow``: one row for everything that is wrong."""
