"""Was every system used that the plan says is used? What nobody asked was not rehearsed."""

from __future__ import annotations

from reports.checks.base import Check, Result, inconclusive, met, missed
from reports.evidence import Evidence
from reports.text import Text, count, listed

SHOWN = 12
"""How many of the systems that nobody used an explanation names; ``where`` names all."""


def systems_used(evidence: Evidence) -> Result | list[Result]:
    """Each system that has to be used got a request, by its own counter or else by the journals."""
    wanted = evidence.run.plan.must_be_used
    if not wanted:
        return []
    asked = {load.system for load in evidence.loads}
    if not asked:
        return inconclusive("Không có số đếm của hệ thống nào.", "No system has told what it was asked.")
    unused = tuple(name for name in wanted if name not in asked)
    if unused:
        return missed(
            f"{count(len(unused))} trên {count(len(wanted))} hệ thống phải được dùng không nhận yêu cầu nào: "
            f"{listed(unused, SHOWN)}.",
            f"{count(len(unused))} of {count(len(wanted))} systems that have to be used got no request: "
            f"{listed(unused, SHOWN)}.",
            unused,
        )
    return met(
        f"Cả {count(len(wanted))} hệ thống phải được dùng đều nhận yêu cầu.",
        f"All {count(len(wanted))} systems that have to be used got requests.",
    )


USED = Check(
    "systems-used",
    "service",
    Text("Mọi hệ thống được dùng", "Every system is used"),
    systems_used,
    ("TTG96-2a-7", "VP318-3-6", "VP0701-5-3"),
)
