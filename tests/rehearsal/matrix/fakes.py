"""A country that is played in no time: run folders with nothing in them but what was observed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from rehearsal.matrix.layout import Series
from rehearsal.scenario import Scenario
from reports.matrix.files import OBSERVED, Observed, Seen, SeenCell


def seen(name: str, **more: object) -> SeenCell:
    """A cell in which nobody felt anything."""
    journeys = [Seen("look-up-dossier", requests=40, right=40, slow=0, errors={}, longest=0.1)]
    cell = SeenCell(name, True, True, met=9, unmet=[], recovered_after=0.0, lag=0.01, journeys=journeys)
    return msgspec.structs.replace(cell, **more)


def observed(cells: list[SeenCell], **more: object) -> Observed:
    """A run that can be believed."""
    nothing = Observed(doubts=[], acknowledged=50, lost=0, doubled=0, charged_twice=0, uses=[], cells=cells)
    return msgspec.structs.replace(nothing, **more)


@dataclass
class FakePlayer:
    """Plays a series by writing what ``show`` says of each cell; ``show`` is told the cell's name and whether
    it is the first time."""

    folder: Path
    show: Callable[[str, bool], SeenCell] = lambda name, _first: seen(name)
    played: list[Series] = field(default_factory=list)

    def __call__(self, _scenario: Scenario, series: Series) -> Path:
        """Play it."""
        before = {slot.cell.name for earlier in self.played for slot in earlier.slots}
        self.played.append(series)
        run = self.folder / f"run-{len(self.played)}"
        run.mkdir()
        cells = [self.show(slot.cell.name, slot.cell.name not in before) for slot in series.slots]
        (run / OBSERVED).write_bytes(msgspec.json.encode(observed(cells)))
        return run
