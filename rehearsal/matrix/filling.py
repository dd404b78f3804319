"""Fills the matrix: plays one series after another, and by itself once more what was not seen clearly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from chaos import catalogue
from rehearsal.errors import EvidenceError
from rehearsal.matrix.cells import PARAMETERS, Cell, Choice
from rehearsal.matrix.dependencies import dependencies, ways
from rehearsal.matrix.generating import faults, generated, journeys_of, matrix_name
from rehearsal.matrix.layout import ALONE, Series, arranged, quiet
from rehearsal.matrix.playing import Keeper, Player, observed
from rehearsal.reporting import report
from rehearsal.scenario import Scenario
from rehearsal.scenario.section import spell_duration
from reports.files import indented, write_whole
from reports.matrix.files import PLANNED, Named, Planned, PlannedCell, PlannedFault
from reports.matrix.judging import worth_repeating
from reports.text import Text

OVERHEAD = 35.0
"""Seconds that a run takes besides its load: set-up, drain, reading the stores, reports. An estimate."""


class Filling:
    """A matrix on its way. ``play`` plays a series that was not kept; ``say`` is told of each."""

    def __init__(
        self,
        base: Scenario,
        cells: Sequence[Cell],
        keeper: Keeper,
        play: Player,
        say: Callable[[str], None],
        *,
        rate: float,
        pairs: bool = False,
    ) -> None:
        self._base, self._cells, self._keeper, self._play, self._say = base, cells, keeper, play, say
        self._rate, self._pairs = rate, pairs
        self._quiet: Path | None = None
        self._runs: list[Path] = []
        self._of_cell: dict[str, list[Path]] = {cell.name: [] for cell in cells}
        self._seconds = 0.0

    def fill(self) -> None:
        """Play everything, then once more whatever must be.

        Raises :class:`~rehearsal.errors.RehearsalError`. What was played is kept until every cell was.
        """
        series = arranged(self._cells)
        left = quiet().lasts + sum(each.lasts + OVERHEAD for each in series)
        self._say(
            f"{len(self._cells)} cells in {len(series)} runs, and one without faults: about {_minutes(left)}"
        )
        self._quiet = self._played(quiet(), "the run without faults")
        self._play_all(series)
        again = [cell for cell in self._cells if self._unclear(cell)]
        if again:
            self._say(f"{len(again)} cells were not seen clearly; each is played once more, by itself")
            self._play_all(arranged(again, ALONE))
        if all(self._of_cell.values()):
            self._keeper.finish()

    @property
    def begun(self) -> bool:
        """Whether there is anything to show."""
        return self._quiet is not None

    def planned(self) -> Planned:
        """What the report needs to know, as far as it was played."""
        base = self._base.scenario
        return Planned(
            scenario=base.name,
            title=Text(base.title.vi, base.title.en),
            rate=self._rate,
            lasts=self._seconds,
            journeys=journeys_of(self._base),
            dependencies=[Named(each.name, each.title) for each in dependencies()],
            cells=[self._cell(cell) for cell in self._cells],
            quiet=self._quiet.name if self._quiet else "",
            runs=[run.name for run in self._runs],
            pairs=self._pairs,
        )

    def _play_all(self, series: Sequence[Series]) -> None:
        done = 0
        for number, each in enumerate(series, 1):
            count = len(each.slots)
            left = sum(later.lasts + OVERHEAD for later in series[number - 1 :])
            total = sum(len(one.slots) for one in series)
            told = f"run {number} of {len(series)}: cells {done + 1}-{done + count} of {total}"
            done += count
            try:
                run = self._played(each, f"{told}; about {_minutes(left)} to go")
            except EvidenceError as error:  # such as a fault that could not be inflicted: the others go on
                self._say(f"{told}: ended early: {error}")
                continue
            for slot in each.slots:
                self._of_cell[slot.cell.name].append(run)

    def _played(self, series: Series, told: str) -> Path:
        scenario = generated(self._base, series, self._rate, pairs=self._pairs)
        run = self._keeper.find(scenario)
        if run is None:
            self._say(told)
            run = self._play(scenario, series)
            self._keeper.keep(scenario, run)
        else:
            self._say(f"{told}: kept from before")
        self._runs.append(run)
        self._seconds += series.lasts
        return run

    def _unclear(self, cell: Cell) -> bool:
        runs = self._of_cell[cell.name]
        return not runs or worth_repeating(cell.name, observed(runs[-1]))

    def _cell(self, cell: Cell) -> PlannedCell:
        return PlannedCell(
            name=cell.name,
            faults=[_fault(choice) for choice in cell.choices],
            before_t0=cell.before_t0,
            runs=[run.name for run in self._of_cell[cell.name]],
        )


def write(filling: Filling, folder: Path) -> int:
    """Write ``planned.json`` and the report into the folder of a matrix; the exit code."""
    write_whole(folder / PLANNED, indented(filling.planned()))
    return report("reports.matrix", "write", str(folder))


def folder_of(base: Scenario, runs: Path, *, pairs: bool) -> Path:
    """Where the runs of a matrix lie, and its report."""
    return runs / matrix_name(base, pairs=pairs)


def _fault(choice: Choice) -> PlannedFault:
    kind = catalogue.KINDS[choice.kind]
    (placed,) = faults(arranged([Cell((choice,))])[0])
    return PlannedFault(
        dependency=choice.dependency.name,
        kind=choice.kind,
        place=kind.place,
        title=Text(**kind.title),
        meaning=Text(**kind.meaning),
        parameters=dict(PARAMETERS.get(choice.kind, {})),
        ways=list(ways(placed.expanded())),
    )


def _minutes(seconds: float) -> str:
    return spell_duration(max(60.0, round(seconds / 60) * 60.0))
