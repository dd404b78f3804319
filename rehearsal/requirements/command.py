"""``rehearse requirements``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click
from click.core import ParameterSource

from rehearsal.errors import Problem, SetUpError, UsageError
from rehearsal.options import RUNS_OPTION
from rehearsal.reporting import report
from rehearsal.requirements.demanding import demands
from reports.files import indented, write_whole
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
@click.option(
    "--subject",
    metavar="NAME",
    default="",
    help="count only what was found out about the target of this name (see rehearse readiness --target) or "
    "about files of a vendor; without it what was found out about the systems of the suite",
)
@RUNS_OPTION
def command(
    json_file: Path | None,
    html_file: Path | None,
    markdown_file: Path | None,
    deadlines: Path | None,
    subject: str,
    runs: Path,
) -> int:
    """Say of each obligation of the directives whether it is proved, has failed, or was not yet run.

    Read are the newest run of each scenario and the newest results of "rehearse readiness" and "rehearse
    conversion". What no program can show stands on a sheet for signatures. Nothing is run.

    Exit code 0 where every obligation is proved or for a signature, and 1 where one has failed. Else 3: one
    was not yet run, its newest run came to no conclusion, or a result cannot be read; then nothing older
    counts in its place.

    \b
    Examples:
      rehearse requirements
      rehearse requirements --json requirements.json
      rehearse requirements --deadlines ours.toml --html requirements.html
    """
    also = {"--json": json_file, "--html": html_file, "--markdown": markdown_file}
    files = {option: file for option, file in also.items() if file is not None}
    _refuse_unusable(runs, files)
    folder = runs / FOLDER
    _keep(demands(datetime.now().astimezone(), deadlines), folder)
    also_to = [word for option, file in files.items() for word in (option, str(file))]
    about = ["--subject", subject] if subject else []
    return report("reports.requirements", str(runs), *also_to, *about)


def _refuse_unusable(runs: Path, files: Mapping[str, Path]) -> None:
    """Every folder that is named and not there, before anything is written."""
    problems = [
        Problem(f"{option} {file}", "", f"there is no folder {file.parent}; name a file in one that is there")
        for option, file in files.items()
        if not file.parent.is_dir()
    ]
    source = click.get_current_context().get_parameter_source("runs")
    if source is not ParameterSource.DEFAULT and not runs.is_dir():
        missing = "there is no such folder; name one in which rehearsals were kept"
        problems.insert(0, Problem(f"--runs {runs}", "", missing))
    if problems:
        raise UsageError("\n".join(map(str, problems)))


def _keep(demanded: Demands, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / DEMANDS, indented(demanded))
    except OSError as error:
        raise SetUpError(
            f"{folder}: cannot be written ({error.strerror}); name another with --runs"
        ) from error
