"""Small files of a matrix, as runs leave them."""

from __future__ import annotations

from typing import Any

import msgspec

from reports.matrix.files import (
    Named,
    Observed,
    Planned,
    PlannedCell,
    PlannedFault,
    Seen,
    SeenCell,
    Use,
)
from reports.text import Text

JOURNEYS = ["look-up-dossier", "submit-dossier"]
USES = [
    Use("look-up-dossier", "citizens--national-portal", "asked", before_t0=False),
    Use("submit-dossier", "citizens--national-portal", "asked", before_t0=False),
    Use("submit-dossier", "national-portal--vneid", "waited-for", before_t0=False),
    Use("submit-dossier", "national-portal--population", "waited-for", before_t0=False),
    Use("submit-dossier", "national-portal--lgsp", "behind", before_t0=False),
]


def fault(
    kind: str = "cut", way: str = "national-portal--vneid", dependency: str = "identity"
) -> PlannedFault:
    """A fault on one way."""
    title = Text(f"Lỗi {kind}", f"Fault {kind}")
    return PlannedFault(dependency, kind, "link", title, Text("…", "…"), {"latency": "1500ms"}, [way])


def planned_cell(name: str, *faults: PlannedFault, runs: list[str] | None = None) -> PlannedCell:
    """A cell that one run played, after T0."""
    return PlannedCell(name, list(faults) or [fault()], False, ["run-1"] if runs is None else runs)


def seen(journey: str, **more: Any) -> Seen:
    """A journey in which nothing was felt."""
    calm = Seen(journey, requests=40, right=40, slow=0, errors={}, longest=0.2, acknowledged=5)
    return msgspec.structs.replace(calm, **more)


def seen_cell(name: str, *journeys: Seen, **more: Any) -> SeenCell:
    """A cell in which nothing was felt but what ``journeys`` say."""
    said = {each.journey: each for each in journeys}
    calm = SeenCell(
        name, True, True, met=12, unmet=[], recovered_after=0.0, lag=0.01,
        journeys=[said.get(journey) or seen(journey) for journey in JOURNEYS],
    )  # fmt: skip
    return msgspec.structs.replace(calm, **more)


def observed(*cells: SeenCell, **more: Any) -> Observed:
    """A run that can be believed."""
    calm = Observed(
        doubts=[], acknowledged=100, lost=0, doubled=0, charged_twice=0, uses=[], cells=list(cells)
    )
    return msgspec.structs.replace(calm, **more)


def quiet() -> Observed:
    """The run without faults."""
    return observed(uses=USES)


def planned(*cells: PlannedCell, **more: Any) -> Planned:
    """A matrix of these cells, all of dependencies that it names."""
    names = dict.fromkeys(fault.dependency for cell in cells for fault in cell.faults)
    runs = dict.fromkeys(["quiet", *(run for cell in cells for run in cell.runs)])
    calm = Planned(
        scenario="closing-night",
        title=Text("Đêm đóng cổng", "The closing night"),
        rate=24.0,
        lasts=600.0,
        journeys=JOURNEYS,
        dependencies=[Named(name, Text(f"Phụ thuộc {name}", f"Dependency {name}")) for name in names],
        cells=list(cells),
        quiet="quiet",
        runs=list(runs),
    )
    return msgspec.structs.replace(calm, **more)
