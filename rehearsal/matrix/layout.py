"""How cells follow each other: so far apart that none disturbs the next, so many that few runs suffice. Pure.

::

    start   T0    │ fault │ recovery │ fault │ recovery │ …
      └─ warm-up ─┘       │          │
                  at     end       until = at of the next
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rehearsal.matrix.cells import Cell

WARM_UP = 12.0
"""Seconds before the first cell: connections open, copies fill, the first dossiers reach their desks."""
EARLY = 6.0
"""Seconds before T0 at which a series that plays after it begins: every system must be told of T0 in time."""
QUIET = 24.0
"""Seconds without faults before T0 and after it, from which the role of every link is derived."""
LONGEST = 240.0
"""Seconds of cells that one run carries at most."""
MOST_PROCESSES = 11
"""Systems with processes of their own in one run: each is an interpreter more to start and to hold."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that a fault lasts, and seconds in which service may be as before."""

    lasts: float
    recovery: float


LINKS = Pace(2.0, 3.5)
PROCESSES = Pace(3.0, 6.0)
"""A process that was killed must start again."""
ALONE = Pace(3.0, 14.0)
"""For a cell that is played once more: more time than the longest backoff, breaker and patience take."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell in its place: its faults lie in [at, end), and it is watched until ``until``."""

    cell: Cell
    at: float
    end: float
    until: float


@dataclass(frozen=True, slots=True)
class Series:
    """One run. ``start`` and ``end`` are those of its clock, in seconds relative to T0."""

    slots: tuple[Slot, ...]
    start: float
    end: float

    @property
    def lasts(self) -> float:
        """Seconds of load."""
        return self.end - self.start


def quiet() -> Series:
    """The run without faults."""
    return Series((), -WARM_UP - QUIET, QUIET)


def arranged(cells: Iterable[Cell], pace: Pace | None = None) -> list[Series]:
    """The cells in series, those before T0 apart, and those of processes apart."""
    groups: dict[tuple[bool, bool], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.before_t0, bool(cell.processes)), []).append(cell)
    return [
        _placed(chosen, pace, before_t0=before_t0)
        for (before_t0, _), group in sorted(groups.items())
        for chosen in _divided(group, pace)
    ]


def paced(cell: Cell, pace: Pace | None) -> Pace:
    """The pace of a cell: as given or as usual, and long enough for what it befalls."""
    usual = pace or (PROCESSES if cell.processes else LINKS)
    return Pace(max(usual.lasts, cell.lasts), usual.recovery)


def _divided(cells: list[Cell], pace: Pace | None) -> list[list[Cell]]:
    """The cells in their order, a new list wherever the one before is full."""
    series: list[list[Cell]] = []
    lasts, processes = 0.0, frozenset[str]()
    for cell in cells:
        takes = paced(cell, pace)
        lasts += takes.lasts + takes.recovery
        processes |= cell.processes
        if not series or lasts > LONGEST or len(processes) > MOST_PROCESSES:
            series.append([])
            lasts, processes = takes.lasts + takes.recovery, cell.processes
        series[-1].append(cell)
    return series


def _placed(cells: list[Cell], pace: Pace | None, *, before_t0: bool) -> Series:
    lengths = [paced(cell, pace) for cell in cells]
    whole = WARM_UP + sum(each.lasts + each.recovery for each in lengths)
    start = -whole - 1.0 if before_t0 else -EARLY
    at, slots = start + WARM_UP, []
    for cell, takes in zip(cells, lengths, strict=True):
        end = at + takes.lasts
        slots.append(Slot(cell, at, end, end + takes.recovery))
        at = slots[-1].until
    return Series(tuple(slots), start, start + whole)
