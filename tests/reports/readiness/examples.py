"""A small sweep: two provinces, three checks."""

from __future__ import annotations

from reports.readiness.model import Cell, CheckRow, ProvinceRow, Shortfall, Sweep, Unseen
from reports.text import Text

CHECKS = [
    CheckRow("colour", Text("Màu", "Colour"), ["LC-1-3"]),
    CheckRow("shape", Text("Hình", "Shape"), ["LC-1-6", "LC-2-2"]),
    CheckRow("sound", Text("Tiếng", "Sound"), ["LC-2-3"]),
]
PROVINCES = [
    ProvinceRow("15", Text("Lào Cai", "Lao Cai"), 99),
    ProvinceRow("19", Text("Thái Nguyên", "Thai Nguyen"), 92),
]


def sweep(gaps: str = "", ended: str = "completed", started: str = "2025-06-29T08:00:00+07:00") -> Sweep:
    """What is swept."""
    return Sweep(started, "after", "", CHECKS, PROVINCES, gaps, ended, 120, 3.5)  # type: ignore[arg-type]


def lacks(check: str, province: str, *units: str, vi: str = "thiếu", en: str = "is lacking") -> Cell:
    """A cell in which these units lack something."""
    found = [Shortfall(unit, "", Text(f"{unit} {vi}", f"{unit} {en}")) for unit in units]
    return Cell(check, province, 10, found)


def cells() -> list[Cell]:
    """Colours are well; one province lacks shapes; sounds were not heard in one, not asked for in one."""
    return [
        Cell("colour", "15", 10),
        Cell("colour", "19", 10),
        lacks("shape", "15", "02671", "02674"),
        Cell("shape", "19", 10),
        Cell("sound", "15", 0, unseen=[Unseen("15", Text("im lặng", "silence"))]),
    ]
