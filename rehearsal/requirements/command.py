"""``rehearse requirements``."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import click
import msgspec
from click.core import ParameterSource

from rehearsal.errors import ExitCode, SetUpError, UsageError
from rehearsal.options import RUNS_OPTION
from rehearsal.requirements.demanding import demands
from reports.requirements.model import DEMANDS, FOLDER, Demands

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("requirements")
@click.option(
    "--json", "json_file", metavar="FILE", type=_FILE, help="write counts and rows to this file, too"
)
@click.option("--html", "html_file", metavar="FILE", type=_FILE, help="write the page to this file, too")
@click.option(
    "--markdown", "markdown_file", metavar="FILE", type=_FILE, help="write the summary to this file, too"
)
@click.option(
    "--deadlines",
    metavar="FILE",
    type=_FILE,
    help='a TOML file that settles on what the directives disagree: "addresses = 1" takes the first reading, '
    '"addresses = 2025-06-26" a day of its own',
)
@RUNS_OPTION
def command(
    json_file: Path | None,
    html_file: Path | None,
    markdown_file: Path | None,
    deadlines: Path | None,
    runs: Path,
) -> int:
    """Say of each obligation of the directives whether it is proved, has failed, or was not yet run.

    Read are the newest run of each scenario and the newest results of "rehearse readiness" and "rehearse
    conversion". What no program can show stands on a sheet for signatures. Nothing is run.

    Exit code 0 where nothing has failed, 1 where an obligation has, 3 where a result cannot be read: then
    nothing older counts in its place.

    \b
    Examples:
      rehearse requirements
      rehearse requirements --json requirements.json
      rehearse requirements --deadlines ours.toml --html requirements.html
    """
    source = click.get_current_context().get_parameter_source("runs")
    if source is not ParameterSource.DEFAULT and not runs.is_dir():
        raise UsageError(f"--runs {runs}: there is no such folder; name one in which rehearsals were kept")
    folder = runs / FOLDER
    _keep(demands(datetime.now().astimezone(), deadlines), folder)
    made = [sys.executable, "-m", "reports.requirements", str(runs)]
    for option, file in (("--json", json_file), ("--html", html_file), ("--markdown", markdown_file)):
        made += [option, str(file)] if file is not None else []
    status = subprocess.run(made, check=False).returncode  # noqa: S603 - our own module, which loads what draws
    return status if status in set(ExitCode) else ExitCode.OUR_FAULT


def _keep(demanded: Demands, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / DEMANDS).write_bytes(msgspec.json.format(msgspec.json.encode(demanded), indent=1))
    except OSError as error:
        raise SetUpError(
            f"{folder}: cannot be written ({error.strerror}); name another with --runs"
        ) from error
