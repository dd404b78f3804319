"""Defects that can be planted in the systems, to see whether a rehearsal finds them.

One file per defect, with one class: the honest system with a few methods overridden. A line in the table of
its kind makes it known. Nothing tells a planted system from an honest one but what it does: names, health and
documents are the same. Importing this package loads no system; the code of a defect is loaded when a system
is made that has it (:func:`mocks.registry.system_type`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mocks.defects import (
    case_system,
    civil_status,
    emc,
    lgsp,
    national_data_centre,
    national_portal,
    payment,
    provincial_portal,
    reporting,
    vneid,
)
from mocks.defects.defect import Defect, Needs

__all__ = ["DEFECTS", "Defect", "Needs"]

_TABLES = (
    national_portal,
    case_system,
    lgsp,
    payment,
    provincial_portal,
    vneid,
    emc,
    national_data_centre,
    civil_status,
    reporting,
)

DEFECTS: Mapping[str, Defect] = MappingProxyType(
    {defect.name: defect for table in _TABLES for defect in table.DEFECTS}
)
"""Every defect by its name. Several in one system are planted in this order."""
