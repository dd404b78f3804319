"""The resilience matrix as one typed value, from which every renderer works; ``matrix.json`` is it."""

from __future__ import annotations

from typing import Literal

import msgspec

from reports.finding import Outcome
from reports.matrix.expectation import Level
from reports.matrix.files import Named, Place, Role
from reports.text import Text

FORMAT = 1

State = Literal["as-expected", "not-as-expected", "censored", "not-run"]
"""What became of a cell. censored: what was seen cannot be put down to its fault alone."""


class Journey(msgspec.Struct, frozen=True):
    """One journey in one cell: what may be seen at worst, what was, and in numbers.

    ``requests`` are those meant to be sent from the fault's beginning to the end of the cell; ``longest`` is
    the longest response time in seconds.
    """

    journey: str
    role: Role
    expected: Level
    seen: Level | None
    as_expected: bool
    requests: int = 0
    right: int = 0
    slow: int = 0
    errors: dict[str, int] = {}
    longest: float | None = None
    elsewhere_bad: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    undelivered: int = 0
    late: int = 0
    charged_twice: int = 0

    @property
    def harm(self) -> int:
        """Things lost, doubled or undelivered."""
        return self.lost + self.doubled + self.undelivered + self.charged_twice


class CellFault(msgspec.Struct, frozen=True):
    """A fault of a cell in words."""

    dependency: str
    kind: str
    place: Place
    title: Text
    meaning: Text
    parameters: dict[str, str | int]


class Cell(msgspec.Struct, frozen=True):
    """One row: a dependency under a fault, or two. ``run`` is the folder of the run that is shown, relative
    to the matrix's, ``times`` how often it was played; ``reasons`` say why it is censored or not as
    expected."""

    name: str
    faults: list[CellFault]
    state: State
    reasons: list[Text]
    journeys: list[Journey]
    run: str = ""
    times: int = 0
    met: int = 0
    recovered_after: float | None = None

    @property
    def unexpected(self) -> list[Journey]:
        """The journeys in which something else was seen than may be."""
        return [journey for journey in self.journeys if not journey.as_expected]


class Group(msgspec.Struct, frozen=True):
    """A dependency with its cells; of a matrix of pairs, the first dependency of each."""

    name: str
    title: Text
    cells: list[Cell]


class Matrix(msgspec.Struct, frozen=True):
    """Everything that the report says. ``acknowledged`` and what follows are sums over all runs."""

    format: int
    outcome: Outcome
    sentence: Text
    scenario: str
    title: Text
    pairs: bool
    rate: float
    lasts: float
    journeys: list[str]
    dependencies: list[Named]
    groups: list[Group]
    planned: int
    as_expected: int
    not_as_expected: int
    censored: int
    not_run: int
    acknowledged: int
    lost: int
    doubled: int
    charged_twice: int
    loss_bound: float | None
    runs: int

    @property
    def cells(self) -> list[Cell]:
        """All cells, in the order of the report."""
        return [cell for group in self.groups for cell in group.cells]
