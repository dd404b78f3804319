"""A conversion on disk: the source, the rule, and the mock country's target with faults planted on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa

from fixtures.reference.provinces import OldProvince, merged_into
from rehearsal.conversion.converting import convert
from rehearsal.conversion.faults import Planted, Planting
from rehearsal.conversion.files import write_handover, write_tables
from rehearsal.conversion.generating import generate, shares
from rehearsal.conversion.ruling import rule_tables
from reports.conversion.reading import Handover
from reports.conversion.schema import SOURCE, TARGET

RULE, SOURCE_FOLDER, TARGET_FOLDER = "rule", "source", "target"


def make_rule(folder: Path, old: Sequence[OldProvince]) -> Path:
    """Write the tables of the rule below a folder; where they lie."""
    write_tables(folder / RULE, rule_tables(old))
    return folder / RULE


def make_both(
    folder: Path,
    old: Sequence[OldProvince],
    dossiers: int,
    seed: int,
    planting: Planting,
    say: Callable[[str], None] = lambda _told: None,
) -> list[Planted]:
    """Write ``source/`` and ``target/`` of a conversion with so many dossiers; what was planted on it.

    Province after province, so that never more than one new province is in memory. Raises
    `~rehearsal.errors.RehearsalError`.
    """
    counts = shares(list(old), dossiers)
    new = sorted({each.successor for each in old})
    held: Handover = {name: {} for name in SOURCE}
    given: Handover = {name: {} for name in TARGET}
    for number, code in enumerate(new, start=1):
        parts = []
        for each in merged_into(code):
            tables = generate(each, counts[each.code], seed)
            write_tables(folder / SOURCE_FOLDER / each.code, tables)
            _count(held, each.code, tables)
            parts.append(tables)
        target = planting.plant(code, parts, convert(code, parts))
        write_tables(folder / TARGET_FOLDER / code, target)
        _count(given, code, target)
        say(f"made {number} of {len(new)} provinces")
    planting.plant_handover(given)
    write_handover(folder / SOURCE_FOLDER, held)
    write_handover(folder / TARGET_FOLDER, given)
    return planting.planted


def _count(counted: Handover, province: str, tables: dict[str, pa.Table]) -> None:
    for name, table in tables.items():
        counted[name][province] = len(table)
