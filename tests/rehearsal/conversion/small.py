"""A conversion of few provinces: made and reconciled in a fraction of a second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from fixtures.reference.provinces import OldProvince, old_provinces
from rehearsal.conversion.faults import Planted, Planting
from rehearsal.conversion.making import make_both, make_rule
from reports.conversion.reconciling import Reconciled, reconcile

PROVINCES = ("15", "22", "46")
"""Lào Cai, of two old provinces with another agency code; Quảng Ninh, with split wards; Huế."""


def old(provinces: tuple[str, ...] = PROVINCES) -> list[OldProvince]:
    return [each for each in old_provinces() if each.successor in provinces]


def make(
    folder: Path,
    asked: Mapping[str, int] | None = None,
    *,
    dossiers: int = 1_500,
    seed: int = 1,
    provinces: tuple[str, ...] = PROVINCES,
) -> list[Planted]:
    """Source, target and rule in a folder; what was planted."""
    make_rule(folder, old(provinces))
    planting = Planting(asked or {}, sorted(provinces), seed)
    return make_both(folder, old(provinces), dossiers, seed, planting)


def reconciled(folder: Path) -> Reconciled:
    return reconcile(folder / "source", folder / "target", folder / "rule")


def found(done: Reconciled) -> Counter[Planted]:
    """What was found, as it would have been planted."""
    columns = (done.findings[name].to_pylist() for name in ("kind", "province", "record"))
    return Counter(Planted(*each) for each in zip(*columns, strict=True))
