"""The files of a matrix: what was planned, what each run showed. All times are seconds relative to T0."""

from __future__ import annotations

from typing import Literal

import msgspec

from reports.text import Text

CELLS, OBSERVED = "cells.json", "observed.json"
"""In a run folder: the cells that it plays, and what it showed of them."""
PLANNED = "planned.json"
"""In the folder of a matrix: all of its cells, and the runs that played them."""

Role = Literal["asked", "waited-for", "done-without", "behind", "unused"]
"""The part that a way has in a journey: its visitors' own requests go there; a system asks there while they
wait; the same, but the system can do without; the system asks there behind its answer; nothing of it."""
Place = Literal["link", "system", "process"]


class Use(msgspec.Struct, frozen=True):
    """How a journey uses a way, before T0 or after it.

    A way is all links between two kinds of systems (or citizens, or officials): ``lgsp--case-system``.
    """

    journey: str
    way: str
    role: Role
    before_t0: bool


class Cell(msgspec.Struct, frozen=True):
    """One cell as a run plays it: its faults lie in [start, end); it is watched until the next one may begin.

    ``provinces``: whose visitors may feel it; empty means all.
    """

    name: str
    faults: list[str]
    start: float
    end: float
    until: float
    provinces: list[str] = []


class Cells(msgspec.Struct, frozen=True):
    """``cells.json``."""

    journeys: list[str]
    cells: list[Cell]


class Seen(msgspec.Struct, frozen=True):
    """One journey in one cell: the requests that its visitors meant to send from ``start`` to ``until``.

    ``slow`` were answered rightly after more than a second; ``errors`` counts the others by error;
    ``longest`` is the longest response time. ``elsewhere`` counts requests of visitors whom the fault must
    not touch, ``elsewhere_bad`` those of them that were not answered rightly. Of the dossiers handed in:
    ``late`` reached their case system more than a second after their acknowledgement, ``undelivered`` never;
    ``charged_twice`` are dossiers for which money was taken more than once.
    """

    journey: str
    requests: int
    right: int
    slow: int
    errors: dict[str, int]
    longest: float | None
    elsewhere: int = 0
    elsewhere_bad: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    undelivered: int = 0
    late: int = 0
    charged_twice: int = 0


class SeenCell(msgspec.Struct, frozen=True):
    """One cell. ``met``: requests that met its faults; ``unmet``: ways on which none did. ``late``: by how
    many seconds a fault was applied or healed later than planned, at most; ``room``: the seconds from its
    planned end to the beginning of the next.

    ``recovered_after`` counts from the cure to the last request that was not answered rightly; None where
    such requests came until the end. ``lag`` is how late the generator sent, 99th percentile.
    """

    name: str
    applied: bool
    healed: bool
    met: int
    unmet: list[str]
    recovered_after: float | None
    lag: float | None
    journeys: list[Seen]
    late: float = 0.0
    room: float = 10.0


class Observed(msgspec.Struct, frozen=True):
    """``observed.json``: what a run showed. ``doubts``: why it cannot be believed.

    The counts are those of the whole run. ``uses`` is empty where the run had no quiet stretch.
    """

    doubts: list[Text]
    acknowledged: int
    lost: int
    doubled: int
    charged_twice: int
    uses: list[Use]
    cells: list[SeenCell]


class PlannedFault(msgspec.Struct, frozen=True):
    """A fault of a cell; ``dependency`` names the one it befalls, ``ways`` those on which it is felt.

    ``parameters`` are as a scenario file writes them, those that differ from the usual ones.
    """

    dependency: str
    kind: str
    place: Place
    title: Text
    meaning: Text
    parameters: dict[str, str | int]
    ways: list[str]


class PlannedCell(msgspec.Struct, frozen=True):
    """A cell, and the folders of the runs that played it, relative to that of the matrix, the last one
    last."""

    name: str
    faults: list[PlannedFault]
    before_t0: bool
    runs: list[str] = []


class Named(msgspec.Struct, frozen=True):
    """A dependency with its title."""

    name: str
    title: Text


class Planned(msgspec.Struct, frozen=True):
    """``planned.json``. ``runs`` are all runs that were made, ``quiet`` the one without faults."""

    scenario: str
    title: Text
    rate: float
    lasts: float
    journeys: list[str]
    dependencies: list[Named]
    cells: list[PlannedCell]
    quiet: str
    runs: list[str]
    pairs: bool = False
    format: Literal[1] = 1
