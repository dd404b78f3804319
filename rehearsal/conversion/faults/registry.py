"""All faults by kind."""

from __future__ import annotations

from rehearsal.conversion.faults import dossiers, others
from rehearsal.conversion.faults.model import Fault

FAULTS: dict[str, Fault] = {each.kind: each for each in (*dossiers.FAULTS, *others.FAULTS)}
HANDOVER_KIND = "counts-off"
"""Strikes no table but the counts that are handed over with them."""
KINDS_PLANTED = (*FAULTS, HANDOVER_KIND)
