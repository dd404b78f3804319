"""``rehearse readiness``."""

from __future__ import annotations

import asyncio
import shlex
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
from click.core import ParameterSource

import fixtures
from mocks.gaps import Gap
from rehearsal.errors import ExitCode, RehearsalError, UsageError, suggest
from rehearsal.options import RUNS_OPTION, refuse_unwritable
from rehearsal.progress import Progress
from rehearsal.readiness import folders, gap_file, planting
from rehearsal.readiness import target as targets
from rehearsal.readiness.carrying_out import How, Show, carry_out
from rehearsal.readiness.checks import rows, unnamed
from rehearsal.readiness.own_country import country_plan
from rehearsal.reporting import report
from reports.readiness import telling
from reports.readiness.building import read_cells
from reports.readiness.model import READINESS, Moment, ProvinceRow, Sweep
from reports.text import Text

T0 = datetime.fromisoformat("2025-07-01T00:00:00+07:00")
RATE, AT_ONCE = 500.0, 48
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("readiness")
@click.option(
    "--target", metavar="FILE", type=_FILE, help="a TOML file that names the systems to be examined"
)
@click.option(
    "--yes", is_flag=True, help="examine systems on other hosts; the file must agree (confirm = true)"
)
@click.option(
    "--moment",
    type=click.Choice(["before", "after", "across"]),
    help="the side of T0 on which the old portals are examined; without it that of today, and both sides in "
    "an own country",
)
@click.option("--only", multiple=True, metavar="CHECK", help="only this check (can be given more than once)")
@click.option("--list", "listed", is_flag=True, help="list the checks and examine nothing")
@click.option(
    "--gaps", metavar="FILE", type=_FILE, help="what an own country lacks: kind, unit and detail of each"
)
@click.option("--planted", type=click.IntRange(1), help="plant so many gaps, and compare what is found")
@click.option("--seed", type=int, default=0, show_default=True, help="which gaps are planted")
@click.option(
    "--rate",
    type=click.FloatRange(0, min_open=True),
    default=RATE,
    show_default=True,
    help="requests per second at most",
)
@click.option(
    "--at-once", type=click.IntRange(1), default=AT_ONCE, show_default=True, help="requests under way at most"
)
@click.option("--resume/--fresh", default=True, help="go on with a sweep that was ended early, or start anew")
@click.option("--json", "also", metavar="FILE", type=_FILE, help="write counts and rows to this file, too")
@click.option(
    "--beside-others", is_flag=True, help="do not wait until no other rehearsal runs on this machine"
)
@RUNS_OPTION
def command(
    target: Path | None,
    yes: bool,
    moment: Moment | None,
    only: tuple[str, ...],
    listed: bool,
    gaps: Path | None,
    planted: int | None,
    seed: int,
    rate: float,
    at_once: int,
    resume: bool,
    also: Path | None,
    beside_others: bool,
    runs: Path,
) -> int:
    """Examine whether every province and every commune is ready.

    Without --target the mocks of the whole country are started, and examined before and after T0. Only test
    dossiers are submitted; they are purged, and it is proved that they are gone. What Ctrl-C ends goes on
    where it was.

    Exit code 0 where every check is met in every province, 1 where something is lacking, 3 where something
    could not be examined. With --planted: 0 where exactly the planted gaps were found.

    \b
    Examples:
      rehearse readiness
      rehearse readiness --only status-back --only dossier-taken
      rehearse readiness --planted 40 --seed 7
      rehearse readiness --target staging.toml --moment before --rate 20
    """
    if listed:
        for check in rows("across", own=True):
            click.echo(f"{check.name:<26}{check.title.en} ({', '.join(check.requirements)})")
        return ExitCode.MET
    refuse_unwritable("--json", also)
    _refuse_contradictions(target, gaps, planted, moment)
    examined = None if target is None else targets.read(target, agreed=yes)
    side = moment or ("across" if examined is None else _side_of_today())
    _refuse_unknown(only, side, own=examined is None)
    lacking = _gaps(gaps, planted, seed, side, only)
    record = _record(examined, side, only, lacking)
    plan = country_plan()
    show = Progress(plan)
    for note in telling.not_named(record):
        show.say(note.en)
    folder, record = _folder(runs, record, resume=resume, show=show)
    how = How(examined, lacking, only, rate, at_once, beside_others)
    with folders.held(folder):
        try:
            record = asyncio.run(carry_out(record, folder, how, plan, Show(show.say, show.follow)))
        except RehearsalError:
            _report(folder, runs, record, quiet=True)
            raise
    show.say(f"{record.requests} requests in {record.seconds:.0f} s")
    code = _report(folder, runs, record)
    if also is not None:
        _copy(folder / READINESS, also)
    return code if planted is None else _compared(lacking, folder)


def _refuse_contradictions(
    target: Path | None, gaps: Path | None, planted: int | None, moment: Moment | None
) -> None:
    if target is not None and (gaps is not None or planted is not None):
        raise UsageError("--gaps and --planted: gaps can be planted into mocks only, not into a --target")
    if gaps is not None and planted is not None:
        raise UsageError("--gaps and --planted: name one of them")
    if target is not None and moment == "across":
        raise UsageError('--moment: "across": nobody can set the clock of a --target; legal: before, after')


def _refuse_unknown(only: tuple[str, ...], side: Moment, *, own: bool) -> None:
    names = [check.name for check in rows(side, own=own)]
    for name in only:
        if name not in names:
            raise UsageError(f"--only: {name!r}: is no check of this sweep; {suggest(name, names)}")


def _side_of_today() -> Moment:
    return "after" if datetime.now(UTC) >= T0 else "before"


def _gaps(
    file: Path | None, planted: int | None, seed: int, side: Moment, only: tuple[str, ...]
) -> Sequence[Gap]:
    if file is not None:
        return gap_file.read(file)
    if planted is None:
        return ()
    checks = {check.name for check in rows(side, only, own=True)}
    return planting.plant(planted, seed, side, checks)


def _record(target: targets.Target | None, side: Moment, only: tuple[str, ...], gaps: Sequence[Gap]) -> Sweep:
    return Sweep(
        started=datetime.now().astimezone().isoformat(timespec="seconds"),
        moment=side,
        target="" if target is None else target.name,
        checks=rows(side, only, own=target is None),
        provinces=[
            ProvinceRow(each.code, Text(each.name_vi, each.name_en), each.communes_total)
            for each in fixtures.provinces()
        ],
        gaps=planting.digest(gaps),
        command=_goes_on(click.get_current_context()),
        unnamed=[] if target is None else unnamed(side, only, target.addresses),
    )


def _goes_on(context: click.Context) -> str:
    """The command that goes on where this one is ended: as it was given, but never anew."""
    words = ["rehearse", "readiness"]
    for option in context.command.params:
        given = context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
        if not given or option.name == "resume":
            continue
        value = context.params[option.name or ""]
        values = value if isinstance(value, tuple) else (value,)
        words += [option.opts[0]] if value is True else [w for v in values for w in (option.opts[0], str(v))]
    return shlex.join(words)


def _folder(runs: Path, record: Sweep, *, resume: bool, show: Progress) -> tuple[Path, Sweep]:
    found = folders.unfinished(runs, record) if resume else None
    if found is None:
        return folders.begin(runs, datetime.fromisoformat(record.started), record), record
    folder, before = found
    there = sum(cell.whole for cell in read_cells(folder))
    every = len(before.checks) * len(before.provinces)
    show.say(f"going on with {folder}: {there} of {every} cells are there (--fresh starts anew)")
    return folder, msgspec.structs.replace(before, command=record.command, ended="running")


def _report(folder: Path, runs: Path, record: Sweep, *, quiet: bool = False) -> int:
    """Write the reports from the files; the exit code. What needs to draw has a process of its own."""
    before = folders.completed_before(runs, folder, record)
    compared = ["--before", str(before)] if before is not None else []
    return report("reports.readiness", str(folder), *compared, *(["--quiet"] if quiet else []))


def _copy(report: Path, also: Path) -> None:
    try:
        shutil.copyfile(report, also)
    except OSError as error:
        raise UsageError(f"--json: {also}: cannot be written ({error.strerror})") from error


def _compared(gaps: Sequence[Gap], folder: Path) -> int:
    comparison = planting.compare(gaps, read_cells(folder))
    click.echo(comparison.sentence())
    return ExitCode.MET if comparison.exact else ExitCode.MISSED
