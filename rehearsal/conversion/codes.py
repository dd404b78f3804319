"""Whether every code of the old order leads somewhere, in its own province, or is refused in words."""

from __future__ import annotations

from collections.abc import Iterator

from fixtures.conversion.procedures import district_procedures
from fixtures.conversion.resolving import CodeKind, resolve
from fixtures.conversion.units import old_units
from fixtures.errors import FixtureError
from fixtures.reference.agencies import province_of_agency
from fixtures.reference.communes import commune
from fixtures.reference.provinces import old_province, old_provinces
from fixtures.reference.wards import old_wards
from reports.evidence_file import CommandCheck
from reports.text import Text, count, listed

REQUIREMENTS = ["TTG96-2b-1", "TTG96-2b-3"]
UNKNOWN: tuple[tuple[CodeKind, str], ...] = (
    ("province", "99"),
    ("district", "0001"),
    ("ward", "99999"),
    ("agency", "H99.99"),
    ("agency", "H26.99.002.00001"),
    ("procedure", "1.001193"),
    ("dossier", "H99.99-250630-0001"),
    ("dossier", "H26.99/250630/1"),
)
"""Codes that nobody ever had, or not of that kind."""


def check() -> CommandCheck:
    """Resolve every old code there is, and some that there are not."""
    examined, wrong = 0, []
    for code, problem in _tried():
        examined += 1
        if problem:
            wrong.append(f"{code} ({problem})")
    shown = f": {listed(wrong)}" if wrong else ""
    return CommandCheck(
        name="old-codes-resolve",
        title=Text(
            "Mã cũ dẫn tới mã mới hoặc bị từ chối rõ ràng, không bao giờ dẫn sai",
            "Old codes lead to new ones or are refused in words, never astray",
        ),
        outcome="missed" if wrong else "met",
        requirements=REQUIREMENTS,
        finding=Text(
            f"{count(examined)} mã đã thử, {count(len(wrong))} dẫn sai{shown}.",
            f"{count(examined)} codes were tried, {count(len(wrong))} lead astray{shown}.",
        ),
        examined=examined,
    )


def _tried() -> Iterator[tuple[str, str]]:
    """Each code with what is wrong with its answer, "" for nothing."""
    for each in old_provinces():
        yield each.code, _astray({resolve("province", each.code).successor}, each.successor)
    for ward in old_wards():
        home = old_province(ward.province).successor
        places = resolve("ward", ward.code).successors
        yield ward.code, _astray({commune(code).province for code in places}, home)
    for unit in old_units().values():
        home = old_province(unit.province).successor
        found = resolve("agency", unit.code).successors
        yield unit.code, _astray({province_of_agency(code).code for code in found}, home)
    for procedure in district_procedures():
        known = len(resolve("procedure", procedure.code).successors)
        wanted = 0 if procedure.level == "abolished" else 1
        yield procedure.code, "" if known == wanted else f"has {known} successors, not {wanted}"
    for kind, code in UNKNOWN:
        yield code, "" if _is_refused(kind, code) else "is not refused"


def _astray(found: set[str], home: str) -> str:
    return "" if found == {home} else f"leads to {', '.join(sorted(found)) or 'nothing'}, not to {home}"


def _is_refused(kind: CodeKind, code: str) -> bool:
    try:
        resolve(kind, code)
    except FixtureError:
        return True
    return False
