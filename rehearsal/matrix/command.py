"""``rehearse matrix``: every dependency of a night under every class of fault."""

from __future__ import annotations

from pathlib import Path

import click

from rehearsal.conductor import How
from rehearsal.errors import RehearsalError, SetUpError
from rehearsal.matrix.cells import pairs as cells_of_pairs
from rehearsal.matrix.cells import singles
from rehearsal.matrix.filling import Filling, folder_of, write
from rehearsal.matrix.generating import journeys_of
from rehearsal.matrix.layout import Series
from rehearsal.matrix.playing import Keeper, rehearsed
from rehearsal.options import RUNS_OPTION, TOXIPROXY_OPTION
from rehearsal.scenario import Scenario, load
from rehearsal.sources import series as series_of

RATE = 24.0
"""Visitors per second by default: three of each journey, which two cores carry with ease."""


@click.command("matrix")
@click.argument("scenario", default="closing-night")
@click.option("--pairs", is_flag=True, help="two faults at once, in cells that cover all pairs of choices")
@click.option(
    "--only",
    multiple=True,
    metavar="DEPENDENCY",
    help="only the cells of this dependency (can be given more than once); --list names them",
)
@click.option("--list", "listed", is_flag=True, help="list the cells and play nothing")
@click.option(
    "--rate",
    type=click.FloatRange(1, 1000),
    default=RATE,
    show_default=True,
    help="visitors per second; every journey comes equally often",
)
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="of the swarm")
@click.option("--fresh", is_flag=True, help="begin anew, also where a matrix was not finished")
@click.option(
    "--beside-others", is_flag=True, help="do not wait until no other rehearsal runs on this machine"
)
@RUNS_OPTION
@TOXIPROXY_OPTION
def command(
    scenario: str,
    pairs: bool,
    only: tuple[str, ...],
    listed: bool,
    rate: float,
    workers: int,
    fresh: bool,
    beside_others: bool,
    runs: Path,
    toxiproxy: str | None,
) -> int:
    """Put every dependency of a night under every class of fault, and say what became of each journey.

    The visitors, journeys and systems are those of SCENARIO (a name or a TOML file), at a constant rate. One
    run carries a score of cells: a fault of a few seconds, then time to recover. What Ctrl-C ends, or a run
    that ended early, is gone on with by the same command: it keeps the runs that were played, unless the code
    or the scenario has changed. A matrix of which every cell was played is begun anew by the next call.

    Exit code 0 where every cell is as expected or better and nothing was lost or doubled, 1 where one is
    not, 3 where one was not seen clearly.

    \b
    Examples:
      rehearse matrix
      rehearse matrix closing-night --only identity --only payment
      rehearse matrix closing-night --pairs
    """
    cells = cells_of_pairs(only) if pairs else singles(only)
    if listed:
        for cell in cells:
            click.echo(cell.name)
        return 0
    base = load(scenario)
    folder = _made(folder_of(base, runs, pairs=pairs))

    how = How(toxiproxy, beside_others=beside_others)

    def play(made: Scenario, series: Series) -> Path:
        return rehearsed(made, series, journeys_of(base), runs, how, workers)

    keeper = Keeper(folder, series_of(cell.name for cell in cells), fresh=fresh)
    filling = Filling(base, cells, keeper, play, click.echo, rate=rate, pairs=pairs)
    try:
        filling.fill()
    except (RehearsalError, KeyboardInterrupt):
        if filling.begun:  # a matrix with gaps is shown as such; what is done need not be done again
            write(filling, folder)
        raise
    return write(filling, folder)


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetUpError(f"{folder}: cannot be made ({error.strerror}); name another with --runs") from error
    return folder
