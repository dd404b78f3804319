"""A small sweep: two provinces, three checks."""

from __future__ import annotations

from collections.abc import Sequence

from reports.readiness.model import Cell, CheckRow, Ended, ProvinceRow, Shortfall, Sweep, Unnamed, Unseen
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


COMMAND = "rehearse readiness --target staging.toml"
UNNAMED = [Unnamed("radio", ["15", "19"], ["sound"]), Unnamed("palette", ["19"], ["colour", "shape"])]


def sweep(
    gaps: str = "",
    ended: Ended = "completed",
    started: str = "2025-06-29T08:00:00+07:00",
    unnamed: Sequence[Unnamed] = (),
) -> Sweep:
    """What is swept."""
    return Sweep(
        started=started,
        moment="after",
        target="staging" if unnamed else "",
        checks=CHECKS,
        provinces=PROVINCES,
        gaps=gaps,
        ended=ended,
        requests=1120,
        seconds=1103.5,
        command=COMMAND,
        unnamed=list(unnamed),
    )


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
