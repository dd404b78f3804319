"""The command line, ``rehearse``.

Exit codes: 0 met · 1 missed · 2 usage or scenario · 3 inconclusive or invalid · 4 the environment did not
come up · 70 our own fault · 130 interrupted.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from rehearsal import doctor, standing
from rehearsal.errors import ExitCode, RehearsalError, UsageError, suggest
from rehearsal.listing import LISTS
from rehearsal.options import (
    RUNS_OPTION,
    SCENARIO_ARGUMENT,
    TOXIPROXY_OPTION,
    WORKERS_OPTION,
    Address,
    MasterAddress,
)
from rehearsal.plan import make_plan, sentences
from rehearsal.progress import Progress
from rehearsal.rehearsing import judge
from rehearsal.scenario import load

EPILOG = "Exit codes: " + " · ".join(
    f"{code.value} {code.name.lower().replace('_', ' ')}" for code in ExitCode
)


_ELSEWHERE = {
    "all": "rehearsal.nightly.command:command",
    "calibrate": "rehearsal.calibration.command:command",
    "conversion": "rehearsal.conversion.command:command",
    "explore": "rehearsal.explore.command:command",
    "matrix": "rehearsal.matrix.command:command",
    "percentiles": "reports.percentiles:percentiles",
    "readiness": "rehearsal.readiness.command:command",
    "requirements": "rehearsal.requirements.command:command",
    "run": "rehearsal.run_command:command",
    "scale": "rehearsal.scaling.command:command",
    "selftest": "rehearsal.selftest.command:command",
}
"""Commands with a package of their own, imported when they are asked for: a run needs none of them."""


class Commands(click.Group):
    """Commands that know what somebody may have meant who asks for another."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: D102 - click's
        return sorted({*super().list_commands(ctx), *_ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: D102 - click's
        if cmd_name in _ELSEWHERE and cmd_name not in self.commands:
            module, _, attribute = _ELSEWHERE[cmd_name].partition(":")
            found: click.Command = getattr(importlib.import_module(module), attribute)
            found.epilog = EPILOG
            self.add_command(found, cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(  # noqa: D102 - click's
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            raise click.UsageError(
                f"there is no command {name!r}: {suggest(name, self.list_commands(ctx))}", ctx
            )
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cutover-rehearsal")
def main() -> None:
    """Rehearse the night on which the provincial portals close.

    \b
    Examples:
      rehearse list
      rehearse plan closing-night
      rehearse run closing-night
      rehearse report runs/latest
    """


@main.command(epilog=EPILOG)
@click.argument("master", metavar="HOST:PORT", type=MasterAddress())
@click.option(
    "--spool",
    type=click.Path(file_okay=False, path_type=Path),
    help="where the journals are kept until the master has them; without it where temporary files are",
)
@click.option("--keep", is_flag=True, help="do not remove them then")
@click.option(
    "--within",
    type=click.IntRange(1),
    default=300,
    show_default=True,
    help="seconds to wait for the master",
)
def join(master: Address, spool: Path | None, keep: bool, within: int) -> None:
    """Be a worker of a rehearsal that another host runs with --expect-workers.

    HOST:PORT is what that host was told as --listen and --port. All files come from there, and all journals
    go there. Exit code 0 when this worker came to its end, 4 when it found no master or was refused.

    \b
    Examples:
      rehearse join 127.0.0.1:5557
      rehearse join conductor:5557 --spool spool --keep
    """
    command = [sys.executable, "-m", "rehearsal.swarm", "join", "--host", master.host]
    command += ["--port", str(master.port), "--within", str(within)]
    command += ["--spool", str(spool)] if spool is not None else []
    command += ["--keep"] if keep else []
    os.execv(sys.executable, command)  # noqa: S606 - our own module; signals shall reach it and nobody else


@main.command(epilog=EPILOG)
@SCENARIO_ARGUMENT
@WORKERS_OPTION
def plan(scenario: str, workers: int) -> None:
    """Say in sentences what a rehearsal will do and what it needs.

    \b
    Example:
      rehearse plan closing-night
    """
    for sentence in sentences(make_plan(load(scenario), workers).plan):
        click.echo(sentence)


@main.command("list", epilog=EPILOG)
@click.argument("what", type=click.Choice(list(LISTS)), default="scenarios")
def list_(what: str) -> None:
    """List the scenarios, or the words that may stand in one.

    \b
    Examples:
      rehearse list
      rehearse list faults
    """
    for line in LISTS[what]():
        click.echo(line)


@main.command(epilog=EPILOG)
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
def report(folder: Path) -> int:
    """Make the reports of a run again, from its files alone.

    \b
    Examples:
      rehearse report runs/latest
      rehearse report runs/closing-night/20250701-000000
    """
    for command, its_file in (("readiness", "sweep.json"), ("conversion", "conversion.json")):
        if (folder / its_file).exists():
            raise UsageError(
                f"{folder}: is of rehearse {command}, not of a run; its page is {folder / command}.html, and "
                f"this makes it again: python -m reports.{command} {folder}"
            )
    return judge(folder)


@main.command("doctor", epilog=EPILOG)
@TOXIPROXY_OPTION
def doctor_(toxiproxy: str | None) -> int:
    """Can this machine run a rehearsal? Exit code 0 if it can, 4 if not.

    \b
    Examples:
      rehearse doctor
      rehearse doctor --toxiproxy 127.0.0.1:8474
    """
    findings = doctor.examine(toxiproxy, say=lambda message: click.echo(f"      {message}", err=True))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.well else 'FAIL'}  {finding.subject}: {finding.explanation}")
    return ExitCode.MET if all(finding.well for finding in findings) else ExitCode.NO_ENVIRONMENT


@main.command(epilog=EPILOG)
@click.argument("scenario", default="closing-night")
@click.option(
    "--run",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="where to keep stores and journals; without it a folder below runs/",
)
@click.option("--closed/--open", default=True, show_default=True, help="are the provincial portals closed?")
@RUNS_OPTION
@TOXIPROXY_OPTION
def up(scenario: str, folder: Path | None, closed: bool, runs: Path, toxiproxy: str | None) -> None:
    """Bring the country of a scenario up and keep it up until Ctrl-C, without any load.

    For looking around, and for Locust's web interface ("locust" in the project's folder).

    \b
    Example:
      rehearse up closing-night --open
    """
    planned = make_plan(load(scenario), 1)
    show = Progress(planned.plan)
    asyncio.run(standing.keep_up(planned, folder, runs, closed=closed, toxiproxy=toxiproxy, show=show))


def entry() -> None:
    """The console script: every error one message, every ending its exit code."""
    sys.exit(guarded(main, sys.argv[1:]))


def guarded(command: click.Command, arguments: Sequence[str]) -> int:
    """The exit code of a command; what it raises becomes a message on standard error, and a code too."""
    try:
        code = command.main(args=list(arguments), prog_name="rehearse", standalone_mode=False)
    except RehearsalError as error:
        complain(str(error))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        complain("interrupted")
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except SystemExit:  # so click ends where the reader of its output is gone: `rehearse list | head`
        return ExitCode.MET
    except Exception as error:
        complain(f"our own fault: {type(error).__name__}: {error}")
        traceback.print_exc()
        return ExitCode.OUR_FAULT
    return int(code or ExitCode.MET)


def complain(message: str) -> None:
    """Say on standard error why a command ended early."""
    click.echo(f"rehearse: {message}", err=True)
