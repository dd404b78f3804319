"""``rehearse selftest``: does the suite see every defect, and does it keep silent where there is none?"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import msgspec

from rehearsal.conductor import cancelled_by_signals
from rehearsal.errors import ExitCode, Interrupted, suggest
from rehearsal.options import RUNS_OPTION, TOXIPROXY_OPTION
from rehearsal.selftest.expectations import EXPECTATIONS
from rehearsal.selftest.matrix import figures, markdown, summary, told
from rehearsal.selftest.planting import content_hash, plant, tasks
from rehearsal.selftest.records import FINISHED, Records
from rehearsal.selftest.rows import Row, Task
from rehearsal.selftest.running import Make, Rehearsals, carry_out
from rehearsal.sources import series

FOLDER = "planted"
"""Below the folder of runs: what the self-test plants, runs and finds."""
MATRIX = "selftest.md"


class Selftest:
    """All rows of one call, in the order of the tasks: those kept from before, and those made now.

    Kept are rows of a series that was not finished, if they are as they should be. With ``judge_again`` the
    runs of the last series are used instead, whatever code made them, and their verdicts are not: ``again``
    holds the folders of these runs by the name of their task.
    """

    def __init__(
        self,
        todo: Sequence[Task],
        folder: Path,
        say: Callable[[str], None],
        *,
        judge_again: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say = say
        self._now = now
        # what other code has run and this code has judged is of no series that could be gone on with
        of = FINISHED if judge_again else series(task.name for task in todo)
        self._records = Records(folder / "rows", of)
        self._todo = todo
        self._hashes = {task: content_hash(plant(task, folder / "scenarios")) for task in todo}
        find = self._records.conclusive if judge_again else self._records.unfinished
        kept = {task: find(task, self._hashes[task]) for task in todo}
        self._kept = {task: row for task, row in kept.items() if row and (judge_again or row.as_it_should_be)}
        self._rows = {} if judge_again else dict(self._kept)
        self.again = {task.name: Path(row.folder) for task, row in self._kept.items()} if judge_again else {}
        self._made = 0
        self._since = now()

    @property
    def rows(self) -> list[Row]:
        """The rows that there are."""
        return [self._rows[task] for task in self._todo if task in self._rows]

    async def make(self, make: Make, at_once: int) -> None:
        """Make the rows that are missing; each is kept as soon as it is there, until all are conclusive."""
        if self._kept:
            why = "and judged again" if self.again else "of a series that was not finished"
            self._say(f"{len(self._kept)} of {len(self._todo)} runs are kept, {why}")
        missing = [task for task in self._todo if task not in self._rows]
        self._since = self._now()
        await carry_out(missing, make, at_once=at_once, began=self._began, ended=self._ended)
        if all(row.conclusive for row in self.rows):
            self._records.finish(self._todo)

    def _began(self, task: Task, attempt: int) -> None:
        if attempt > 1:
            self._say(f"{task.name}: there was no conclusive verdict; once more")

    def _ended(self, task: Task, row: Row) -> None:
        if task.name in self.again:  # how long the run took, and not its judgement
            of = self._kept[task]
            row = msgspec.structs.replace(row, seconds=of.seconds, attempts=of.attempts)
        self._rows[task] = row
        self._made += 1
        self._records.keep(task, self._hashes[task], row)
        self._say(f"{len(self._rows)}/{len(self._todo)} {told(row)}{self._to_go()}")

    def _to_go(self) -> str:
        left = len(self._todo) - len(self._rows)
        if not left:
            return ""
        seconds = (self._now() - self._since) / self._made * left
        return f"; about {seconds / 60:.0f} min to go" if seconds >= 90 else f"; about {seconds:.0f} s to go"


async def until_interrupted(selftest: Selftest, make: Make, at_once: int) -> None:
    """Make all rows. Raises :class:`Interrupted` after Ctrl-C, when every process is gone."""
    try:
        with cancelled_by_signals():
            await selftest.make(make, at_once)
    except asyncio.CancelledError:
        kept = sum(row.as_it_should_be for row in selftest.rows)
        raise Interrupted(
            f"interrupted; {kept} runs are kept: the same command goes on with the others"
        ) from None


def _known(_context: click.Context, _option: click.Parameter, given: Sequence[str]) -> Sequence[str]:
    for name in given:
        if name not in EXPECTATIONS:
            raise click.BadParameter(f"{name!r} is no defect; {suggest(name, EXPECTATIONS)}")
    return given


def _in_a_folder(_context: click.Context, _option: click.Parameter, given: Path | None) -> Path | None:
    """Asked before the runs rather than after them."""
    if given is not None and not given.absolute().parent.is_dir():
        raise click.BadParameter(f"{str(given)!r}: the folder {given.absolute().parent} does not exist")
    return given


@click.command("selftest")
@click.option("--only", multiple=True, callback=_known, metavar="DEFECT", help="this defect; may be repeated")
@click.option(
    "--clean",
    type=click.IntRange(0, 999),
    default=20,
    show_default=True,
    help="runs without any defect, which must raise no alarm",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**62),
    default=1,
    show_default=True,
    help="the first seed; every run has its own",
)
@click.option(
    "--at-once",
    type=click.IntRange(1, 8),
    default=1,
    show_default=True,
    help="countries that are up at a time. Ports are probed, not reserved: where two clash, the run is made "
    "once more",
)
@click.option("--fresh", is_flag=True, help="begin anew, also where a series was not finished")
@click.option(
    "--judge-again",
    is_flag=True,
    help="do not make the runs of the last series anew, but judge them anew: when a check has changed",
)
@click.option(
    "--json",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_in_a_folder,
    help="write all figures to a file",
)
@RUNS_OPTION
@TOXIPROXY_OPTION
def command(
    only: Sequence[str],
    clean: int,
    seed: int,
    at_once: int,
    fresh: bool,
    judge_again: bool,
    file: Path | None,
    runs: Path,
    toxiproxy: str | None,
) -> int:
    """Plant every known defect, one at a time, and see that a check names it; then see that none cries wolf.

    Each run is a short rehearsal of a whole country (20 to 40 s). A run that came to no conclusive verdict is
    made once more. Where that did not help, or after Ctrl-C, the same command goes on: it keeps the runs that
    were as they should be, unless the code or what is planted has changed. A series that came to its end is
    begun anew by the next call. Exit code 0 when every defect was detected by a check that names it rightly
    and no clean run raised an alarm, 1 otherwise.

    \b
    Examples:
      rehearse selftest
      rehearse selftest --only loses-acknowledged --only stale-reads --clean 0
      rehearse selftest --fresh --at-once 2 --json selftest.json
      rehearse selftest --judge-again
    """
    folder = runs / FOLDER
    if fresh:
        for name in ("rows", "runs", "logs"):
            shutil.rmtree(folder / name, ignore_errors=True)
    selftest = Selftest(list(tasks(only, clean, seed)), folder, click.echo, judge_again=judge_again)
    try:
        asyncio.run(until_interrupted(selftest, Rehearsals(folder, toxiproxy, selftest.again), at_once))
    finally:
        found = figures(selftest.rows)
        (folder / MATRIX).write_text(markdown(found), encoding="utf-8")
        if file is not None:
            file.write_bytes(found.to_json())
    for line in summary(found):
        click.echo(line)
    click.echo(str(folder / MATRIX))
    return ExitCode.MET if found.as_it_should_be else ExitCode.MISSED
