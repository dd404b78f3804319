"""The files of a sweep, and the matrix that is made of them.

``sweep.json`` says what was to be examined, ``cells.jsonl`` holds one line for each check in each province
as it was finished, and ``readiness.json`` is the whole :class:`Readiness`; ``readiness.html`` shows it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from reports.finding import Outcome
from reports.text import Text

FORMAT = 1
SWEEP, CELLS, READINESS, PAGE = "sweep.json", "cells.jsonl", "readiness.json", "readiness.html"
"""In the folder of a sweep."""

Moment = Literal["before", "after", "across"]
"""Which side of T0 the sweep stands on; ``across``: the old portals are asked on both sides."""
Ended = Literal["running", "completed", "interrupted"]


class CheckRow(msgspec.Struct, frozen=True):
    """One check: what it is called, and the obligations that it speaks for."""

    name: str
    title: Text
    requirements: list[str]


class ProvinceRow(msgspec.Struct, frozen=True):
    """One province, and how many communes it has."""

    code: str
    name: Text
    communes: int


class Unnamed(msgspec.Struct, frozen=True):
    """A kind of systems that the target file does not name, or not for all provinces.

    ``provinces``: codes of those in which ``checks`` (by their names) could therefore conclude nothing.
    """

    system: str
    provinces: list[str]
    checks: list[str]


class Sweep(msgspec.Struct, frozen=True):
    """What is swept. ``target``: the file that names the systems, or "" for the country's own mocks.

    ``started`` is ISO 8601 with an offset. ``requests`` and ``seconds`` (of the clock on the wall) sum over
    all lives. ``command`` is what goes on with the sweep where it was ended early; ``unnamed`` is empty for
    own mocks.
    """

    started: str
    moment: Moment
    target: str
    checks: list[CheckRow]
    provinces: list[ProvinceRow]
    gaps: str = ""
    """Digest of the gaps that were planted; "" where none were."""
    ended: Ended = "running"
    requests: int = 0
    seconds: float = 0.0
    command: str = ""
    unnamed: list[Unnamed] = []
    format: int = FORMAT


class Shortfall(msgspec.Struct, frozen=True):
    """What one unit lacks. ``unit``: code of a province, old province or commune; ``detail`` names what."""

    unit: str
    detail: str
    why: Text


class Unseen(msgspec.Struct, frozen=True):
    """What could not be examined at a unit, and why."""

    unit: str
    why: Text


class Cell(msgspec.Struct, frozen=True):
    """One check in one province. ``examined``: how many things were looked at."""

    check: str
    province: str
    examined: int
    shortfalls: list[Shortfall] = []
    unseen: list[Unseen] = []

    @property
    def whole(self) -> bool:
        """Whether something was looked at and nothing was left out: it need not be examined again."""
        return self.examined > 0 and not self.unseen

    @property
    def outcome(self) -> Outcome:
        """Missed before inconclusive; to have looked at nothing is inconclusive."""
        if self.shortfalls:
            return "missed"
        return "inconclusive" if self.unseen or not self.examined else "met"


class Judged(msgspec.Struct, frozen=True):
    """A check over all provinces. ``ready``: in how many it is met."""

    name: str
    title: Text
    requirements: list[str]
    outcome: Outcome
    finding: Text
    examined: int
    shortfalls: int
    unseen: int
    ready: int


class Change(msgspec.Struct, frozen=True):
    """A shortfall that the sweep before did not show, or showed and this one does not."""

    check: str
    province: str
    shortfall: Shortfall


class Changes(msgspec.Struct, frozen=True):
    """Since the sweep that began at ``since``: ``unseen_now`` was lacking and could not be examined again."""

    since: str
    appeared: list[Change]
    gone: list[Change]
    unseen_now: list[Change]
    kept: int


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the reports say. ``ready``: provinces in which every check is met.

    ``notes``: what somebody must know before they read the matrix, such as what was not examined and why.
    """

    outcome: Outcome
    sentence: Text
    notes: list[Text] = []
    sweep: Sweep
    checks: list[Judged]
    cells: list[Cell]
    ready: int
    communes: int
    changes: Changes | None = None
    format: int = FORMAT

    def cell(self, check: str, province: str) -> Cell:
        """One cell; an empty one where the sweep did not come there."""
        return self.by_place.get((check, province)) or Cell(check, province, 0)

    @property
    def by_place(self) -> dict[tuple[str, str], Cell]:
        """The cells by check and province."""
        return {(cell.check, cell.province): cell for cell in self.cells}
