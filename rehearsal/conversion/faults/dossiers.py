"""Faults of dossiers."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fixtures.identifiers import NUMBERS, ascii_fold
from fixtures.reference.agencies import commune_agency, provincial_centre
from fixtures.reference.provinces import province
from fixtures.reference.wards import SplitWard, ward_successors
from rehearsal.conversion.faults.model import Change, Fault, Row, Scene, anywhere, doubled, edit
from rehearsal.conversion.generating import HANOI

DAY, HOUR, MONTHS, THOUSAND = 86_400, 3_600, 12, 1_000
FREE_NUMBERS = 9_000
"""From here on no generated code counts: what a fault makes up lies above."""


def _lost(_row: Row, _scene: Scene, _place: int) -> Change:
    return Change(removed=True, with_children=True)


def _free_code(row: Row, scene: Scene) -> str:
    return f"{row['code'][:-4]}{FREE_NUMBERS + scene.number % 1_000:04d}"


def _invented(row: Row, scene: Scene, _place: int) -> Change:
    code = _free_code(row, scene)
    return Change(copies=({"code": code, "received": row["received"] + 1},), record=code)


def _code_changed(row: Row, scene: Scene, _place: int) -> Change:
    return edit(code=_free_code(row, scene))


def _code_shared(row: Row, scene: Scene, place: int) -> Change | None:
    codes = scene.tables["dossiers"]["code"]
    other = codes[(place + 1) % len(codes)].as_py()
    return None if other == row["code"] else Change(edits={"code": other}, also=other)


def _second_code(row: Row, scene: Scene, _place: int) -> Change:
    code = _free_code(row, scene)
    return Change(copies=({"code": code},), record=code)


def _abroad(_row: Row, _scene: Scene, _place: int) -> Change:
    return Change(removed=True, copies=({},), abroad=True)


def _commune_wrong(row: Row, scene: Scene, _place: int) -> Change | None:
    other = scene.other_commune(row["commune"])
    if other is None:
        return None
    unit = commune_agency(other.code) if row["level"] == "commune" else row["unit"]
    return edit(commune=other.code, unit=unit)


def _guessed(row: Row, scene: Scene, place: int) -> Change:
    found = ward_successors(scene.source("dossiers", place)["ward"])
    if not isinstance(found, SplitWard):
        raise TypeError(f"{row['code']} waits for a decision, but its ward was not split")
    commune = found.default.code
    unit = commune_agency(commune) if row["level"] == "commune" else row["unit"]
    return edit(commune=commune, placed="ward", unit=unit)


def _undecided(_row: Row, scene: Scene, _place: int) -> Change:
    return edit(commune="", placed="held", unit=provincial_centre(province(scene.province)))


def _unit_wrong(row: Row, scene: Scene, _place: int) -> Change | None:
    other = scene.other_commune(row["commune"])
    return None if other is None else edit(unit=commune_agency(other.code))


def _district_kept(_row: Row, scene: Scene, place: int) -> Change:
    return edit(unit=scene.source("dossiers", place)["unit"])


def _procedure_kept(_row: Row, scene: Scene, place: int) -> Change:
    return edit(procedure=scene.source("dossiers", place)["procedure"])


def _procedure_altered(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(procedure=f"{row['procedure'][:2]}000000")


def _due(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(due=row["due"] + 3 * DAY)


def _received(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(received=row["received"] - 60)


def _shifted(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(received=row["received"] - 7 * HOUR, due=row["due"] - 7 * HOUR)


def _dates_only(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(**{name: _local(row[name], hour=0, minute=0, second=0) for name in ("received", "due")})


def _swapped(row: Row, _scene: Scene, _place: int) -> Change | None:
    """As a reader of ``d/m/y`` for ``m/d/y`` does it: where there is no such month the date stays."""
    changed = {}
    for name in ("received", "due"):
        day = datetime.fromtimestamp(row[name], HANOI)
        if day.day <= MONTHS and day.day != day.month:
            changed[name] = _local(row[name], day=day.month, month=day.day)
    return edit(**changed) if changed else None


def _local(instant: int, **parts: int) -> int:
    """An instant with other parts of its date and time in Vietnam."""
    return int(datetime.fromtimestamp(instant, HANOI).replace(**parts).timestamp())  # type: ignore[arg-type]  # mypy takes a mapping for any of its arguments


def _reset(_row: Row, _scene: Scene, _place: int) -> Change:
    return edit(status=1, history="1")


def _status(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(status=8, history=f"{row['history']},8")


def _truncated(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(history=row["history"].partition(",")[2])


def _history(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(history=f"1,{row['history']}")


def _owner(row: Row, _scene: Scene, _place: int) -> Change:
    head, number = row["owner_id"][:-6], int(row["owner_id"][-6:])
    return edit(owner_id=f"{head}{(number + 1) % NUMBERS:06d}")


def _name(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(owner_name=f"{row['owner_name']} Em")


def _cut_name(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(owner_name=row["owner_name"][:-2])


def _as_number(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(owner_id=row["owner_id"].lstrip("0"))


def _folded(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(owner_name=ascii_fold(row["owner_name"]))


def _misread(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(owner_name=row["owner_name"].encode().decode("latin-1"))


def _decomposed(row: Row, _scene: Scene, _place: int) -> Change | None:
    apart = unicodedata.normalize("NFD", row["owner_name"])
    return None if apart == row["owner_name"] else edit(owner_name=apart)  # đ does not come apart


def _amount(row: Row, _scene: Scene, _place: int) -> Change:
    return edit(amount=row["amount"] + 1_000)


def _scaled(row: Row, _scene: Scene, _place: int) -> Change:
    """As who reads the point of ``10.000`` for a decimal one."""
    return edit(amount=row["amount"] // THOUSAND, paid=row["paid"] // THOUSAND)


def _unpaid(_row: Row, _scene: Scene, _place: int) -> Change:
    return edit(paid=0)


def _accented(rows: pa.Table, _scene: Scene) -> Any:
    return pc.invert(pc.string_is_ascii(rows["owner_name"]))


def _decided(rows: pa.Table, _scene: Scene) -> Any:
    return pc.not_equal(rows["placed"], "held")


def _held(rows: pa.Table, _scene: Scene) -> Any:
    return pc.equal(rows["placed"], "held")


def _at_commune(rows: pa.Table, scene: Scene) -> Any:
    return pc.and_(_decided(rows, scene), pc.equal(rows["level"], "commune"))


def _of_district(_rows: pa.Table, scene: Scene) -> Any:
    return pc.equal(scene.sources["dossiers"]["level"], "district")


def _converted(rows: pa.Table, scene: Scene) -> Any:
    return pc.not_equal(rows["procedure"], scene.sources["dossiers"]["procedure"])


def _same_procedure(rows: pa.Table, scene: Scene) -> Any:
    return pc.invert(_of_district(rows, scene))


def _under_old_rule(rows: pa.Table, _scene: Scene) -> Any:
    return rows["old_rule"]


def _paid(rows: pa.Table, _scene: Scene) -> Any:
    return pc.greater(rows["paid"], 0)


def _in_thousands(rows: pa.Table, _scene: Scene) -> Any:
    thousands = pc.multiply(pc.divide(rows["amount"], THOUSAND), THOUSAND)
    return pc.and_(pc.greater(rows["amount"], 0), pc.equal(thousands, rows["amount"]))


def _begun(rows: pa.Table, _scene: Scene) -> Any:
    return pc.greater(rows["status"], 1)


def _not_stopped(rows: pa.Table, _scene: Scene) -> Any:
    return pc.not_equal(rows["status"], 8)


FAULTS = [
    Fault("dossier-lost", "dossiers", anywhere, _lost),
    Fault("dossier-doubled", "dossiers", anywhere, doubled),
    Fault("dossier-invented", "dossiers", anywhere, _invented),
    Fault("dossier-code-changed", "dossiers", anywhere, _code_changed),
    Fault("dossier-code-shared", "dossiers", anywhere, _code_shared),
    Fault("dossier-under-two-codes", "dossiers", anywhere, _second_code),
    Fault("province-wrong", "dossiers", anywhere, _abroad),
    Fault("commune-wrong", "dossiers", _decided, _commune_wrong),
    Fault("commune-undecided", "dossiers", _decided, _undecided),
    Fault("split-guessed", "dossiers", _held, _guessed),
    Fault("unit-wrong", "dossiers", _at_commune, _unit_wrong),
    Fault("district-unit-kept", "dossiers", _of_district, _district_kept),
    Fault("procedure-not-converted", "dossiers", _converted, _procedure_kept),
    Fault("procedure-altered", "dossiers", _same_procedure, _procedure_altered),
    Fault("old-rule-altered", "dossiers", _under_old_rule, lambda _row, _scene, _place: edit(old_rule=False)),
    Fault("due-date-altered", "dossiers", anywhere, _due),
    Fault("received-altered", "dossiers", anywhere, _received),
    Fault("time-zone-shifted", "dossiers", anywhere, _shifted),
    Fault("time-of-day-lost", "dossiers", anywhere, _dates_only),
    Fault("day-month-swapped", "dossiers", anywhere, _swapped),
    Fault("status-reset", "dossiers", _begun, _reset),
    Fault("status-altered", "dossiers", _not_stopped, _status),
    Fault("history-truncated", "dossiers", _begun, _truncated),
    Fault("history-altered", "dossiers", anywhere, _history),
    Fault("owner-changed", "dossiers", anywhere, _owner),
    Fault("name-altered", "dossiers", anywhere, _name),
    Fault("name-truncated", "dossiers", anywhere, _cut_name),
    Fault("leading-zeros-lost", "dossiers", anywhere, _as_number),
    Fault("diacritics-lost", "dossiers", _accented, _folded),
    Fault("mojibake", "dossiers", _accented, _misread),
    Fault("name-decomposed", "dossiers", _accented, _decomposed),
    Fault("amount-altered", "dossiers", anywhere, _amount),
    Fault("amount-scaled", "dossiers", _in_thousands, _scaled),
    Fault("payment-lost", "dossiers", _paid, _unpaid),
]
