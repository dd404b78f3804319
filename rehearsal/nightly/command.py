"""``rehearse all``: does every scenario end as it should, on a prepared and on an unprepared country?"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from rehearsal.conductor import cancelled_by_signals
from rehearsal.errors import ExitCode, Interrupted, SetUpError, UsageError, suggest
from rehearsal.nightly.calendar import Entry, entries
from rehearsal.nightly.running import Runs
from rehearsal.nightly.tasks import Night, chosen, night, task_of
from rehearsal.nightly.telling import Nightly, markdown, nightly, summary, told
from rehearsal.options import RUNS_OPTION, TOXIPROXY_OPTION, WORKERS_OPTION
from rehearsal.scenario.reading import available
from rehearsal.selftest.planting import content_hash
from rehearsal.selftest.records import Records
from rehearsal.selftest.rows import Row, Task
from rehearsal.selftest.running import Make, carry_out
from rehearsal.sources import series
from reports.files import write_whole

FOLDER = "nightly"
"""Below the folder of runs: the rows that are kept, the logs and the table."""
TABLE = "nightly.md"


class Nights:
    """All runs of one call, in the order of the calendar: those kept from before, and those made now.

    Kept are those of a series that was not finished, if they ended as expected.
    """

    def __init__(
        self,
        todo: Sequence[Entry],
        folder: Path,
        say: Callable[[str], None],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say = say
        self._now = now
        self._entries = {task_of(each): each for each in todo}
        self._records = Records(folder / "rows", series(task.name for task in self._entries))
        files = available()
        self._hashes = {task: content_hash(files[task.scenario]) for task in self._entries}
        kept = {task: self._records.unfinished(task, self._hashes[task]) for task in self._entries}
        self._rows = {
            task: row for task, row in kept.items() if row and night(self._entries[task], row).as_expected
        }
        self._kept = len(self._rows)
        self._since = now()

    @property
    def rows(self) -> list[Night]:
        """The runs that there are, against what was expected of them."""
        return [night(entry, self._rows[task]) for task, entry in self._entries.items() if task in self._rows]

    async def make(self, make: Make) -> None:
        """Make the runs that are missing; each is kept as soon as it is there, until all are conclusive."""
        if self._kept:
            self._say(
                f"{self._kept} of {len(self._entries)} runs are kept, of a series that was not finished"
            )
        missing = [task for task in self._entries if task not in self._rows]
        self._since = self._now()
        await carry_out(missing, make, at_once=1, began=self._began, ended=self._ended)
        if all(row.conclusive for row in self._rows.values()):
            self._records.finish(self._entries)

    def _began(self, task: Task, attempt: int) -> None:
        again = "once more, for there was no conclusive verdict: " if attempt > 1 else ""
        self._say(f"{again}{task.name} runs")

    def _ended(self, task: Task, row: Row) -> None:
        self._rows[task] = row
        self._records.keep(task, self._hashes[task], row)
        done, all_ = len(self._rows), len(self._entries)
        seconds = (self._now() - self._since) / (done - self._kept) * (all_ - done)
        left = f"; about {seconds / 60:.0f} min to go" if done < all_ else ""
        self._say(f"{done}/{all_} {told(night(self._entries[task], row))}{left}")


async def until_interrupted(nights: Nights, make: Make) -> None:
    """Make all runs. Raises :class:`Interrupted` after Ctrl-C, when every process is gone."""
    try:
        with cancelled_by_signals():
            await nights.make(make)
    except asyncio.CancelledError:
        kept = sum(row.as_expected for row in nights.rows)
        raise Interrupted(
            f"interrupted; {kept} runs are kept: the same command goes on with the others"
        ) from None


def _in_a_folder(_context: click.Context, _option: click.Parameter, given: Path | None) -> Path | None:
    """Asked before the runs rather than after them."""
    if given is not None and not given.absolute().parent.is_dir():
        raise click.BadParameter(f"{str(given)!r}: the folder {given.absolute().parent} does not exist")
    return given


@click.command("all")
@click.option(
    "--only",
    multiple=True,
    metavar="SCENARIO",
    help="this scenario, and its sister on an unprepared country; may be repeated",
)
@click.option("--fresh", is_flag=True, help="begin anew, also where a series was not finished")
@click.option(
    "--json",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_in_a_folder,
    help="write all figures to a file",
)
@WORKERS_OPTION
@RUNS_OPTION
@TOXIPROXY_OPTION
def command(
    only: Sequence[str], fresh: bool, file: Path | None, workers: int, runs: Path, toxiproxy: str | None
) -> int:
    """Rehearse the whole calendar: every moment, on a country that is prepared and on one that is not.

    A prepared country must meet everything; an unprepared one must miss its mark, and the checks must name
    what it lacks, and where. A run without a conclusive verdict is made once more. Where that did not help,
    or after Ctrl-C, the same command goes on: it keeps the runs that ended as expected, unless the code or
    their scenario has changed. A series that came to its end is begun anew by the next call. Exit code 0 when
    every rehearsal ended as expected, 1 otherwise.

    \b
    Examples:
      rehearse all
      rehearse all --only pilot-27-june --only s6-deadline-midnight
      rehearse all --fresh --json nightly.json
    """
    todo = chosen(entries(), only)
    for name in only:
        if name not in {each.name for each in todo}:
            raise UsageError(f"--only: {name!r}: is not run at night; {suggest(name, _names())}")
    folder = runs / FOLDER
    if fresh:
        for name in ("rows", "logs"):
            shutil.rmtree(folder / name, ignore_errors=True)
    nights = Nights(todo, folder, click.echo)
    # what cannot be written is told before an hour of runs, not after it
    _write(nightly(nights.rows, len(todo)), folder, file)
    try:
        asyncio.run(until_interrupted(nights, Runs(runs, folder / "logs", workers, toxiproxy)))
    finally:
        found = nightly(nights.rows, len(todo))
        _write(found, folder, file)
    for line in summary(found):
        click.echo(line)
    click.echo(str(folder / TABLE))
    return ExitCode.MET if found.as_it_should_be else ExitCode.MISSED


def _write(found: Nightly, folder: Path, file: Path | None) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / TABLE, markdown(found).encode())
        if file is not None:
            file.write_bytes(found.to_json())
    except OSError as error:
        place = error.filename or folder
        raise SetUpError(f"{place}: cannot be written ({error.strerror}); name another place") from error


def _names() -> list[str]:
    return [each.name for each in chosen(entries(), ())]
