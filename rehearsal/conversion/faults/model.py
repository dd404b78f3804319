"""What a fault is: where it can strike, and what it makes of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeAlias

import pyarrow as pa

from fixtures.reference.communes import Commune, communes_of

Row: TypeAlias = Mapping[str, Any]
"""Column → value; instants in Unix seconds."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a row: columns with new values, or it vanishes; ``copies`` are put beside it with what
    each changes; ``abroad`` are put into another province. ``alone``: what belongs to it vanishes too.

    ``record`` names what the reconciliation has to name; "" is the row itself. ``also``: another row that no
    other fault may touch.
    """

    edits: Mapping[str, object] = field(default_factory=dict)
    removed: bool = False
    with_children: bool = False
    copies: tuple[Mapping[str, object], ...] = ()
    abroad: bool = False
    record: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """A province while faults are planted: its tables as converted, and the source row for row."""

    province: str
    tables: Mapping[str, pa.Table]
    sources: Mapping[str, pa.Table]
    random: Random
    number: int
    """Counts the faults of the whole conversion, so that made-up codes differ."""

    def other_commune(self, commune: str) -> Commune | None:
        """Another commune of the province, None where there is no other."""
        others = [each for each in communes_of(self.province) if each.code != commune]
        return self.random.choice(others) if others else None

    def source(self, table: str, place: int) -> Row:
        """The row of the source that a row of the target was made of."""
        found: list[Row] = self.sources[table].slice(place, 1).to_pylist()
        return found[0]


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault. ``where`` gives a truth value for each row of its table; ``change`` what becomes of a
    row, None where it cannot strike there after all.
    """

    kind: str
    table: str
    where: Callable[[pa.Table, Scene], Any]
    change: Callable[[Row, Scene, int], Change | None]


def edit(**columns: object) -> Change:
    """A change of some columns."""
    return Change(edits=columns)


def anywhere(rows: pa.Table, _scene: Scene) -> None:
    """Every row."""


REMOVED = Change(removed=True)
DOUBLED = Change(copies=({},))


def removed(_row: Row, _scene: Scene, _place: int) -> Change:
    """The row vanishes."""
    return REMOVED


def doubled(_row: Row, _scene: Scene, _place: int) -> Change:
    """The row is there twice."""
    return DOUBLED
