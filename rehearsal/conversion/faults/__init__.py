"""Faults that converters make, planted on a target to see whether the reconciliation finds them.

A fault is a :class:`~rehearsal.conversion.faults.model.Fault`: where it can strike and what becomes of a row.
The smallest one takes a row away::

    Fault("unit-missing", "units", anywhere, removed)

The kinds are those of :mod:`reports.conversion.kinds`, which say what each means.
"""

from __future__ import annotations

from rehearsal.conversion.faults.asking import read_file
from rehearsal.conversion.faults.planting import Planted, Planting
from rehearsal.conversion.faults.registry import FAULTS, HANDOVER_KIND, KINDS_PLANTED

__all__ = ["FAULTS", "HANDOVER_KIND", "KINDS_PLANTED", "Planted", "Planting", "read_file"]
