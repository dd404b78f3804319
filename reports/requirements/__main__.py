"""``python -m reports.requirements RUNS``: the matrix of obligations, from a folder of runs alone.

``RUNS/requirements/demands.json`` says what is demanded; the reports are written beside it.

Exit codes: 0 every obligation is proved or for a signature · 1 one has failed · 2 what is demanded is
missing or damaged, or a report cannot be written · 3 nothing has failed, but a result cannot be read, or an
obligation was not yet run or came to no conclusion · 70 our fault.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from reports.command_line import guarded
from reports.conversion.checks import HANDOVER, QUESTIONS
from reports.errors import RunFolderError
from reports.requirements.judging import judge
from reports.requirements.model import DEMANDS, FOLDER, FORMAT, Demands
from reports.requirements.reading import gather
from reports.requirements.rendering import html, json, markdown, write, write_all
from reports.requirements.telling import lines
from reports.run_check import decoded

FAILED, UNCERTAIN = 1, 3
CONVERSION = "conversion"
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("runs", type=click.Path(path_type=Path))
@click.option("--json", "json_file", metavar="FILE", type=_FILE, help="write counts and rows here, too")
@click.option("--html", "html_file", metavar="FILE", type=_FILE, help="write the page here, too")
@click.option("--markdown", "markdown_file", metavar="FILE", type=_FILE, help="write the summary here, too")
@click.option("--subject", default="", help="whose systems it is about; without it those of the suite")
def main(
    runs: Path, json_file: Path | None, html_file: Path | None, markdown_file: Path | None, subject: str
) -> None:
    """Write the matrix of obligations and the sheet for signatures into RUNS/requirements."""
    also = ((json, json_file), (html, html_file), (markdown, markdown_file))
    with guarded():
        demands = complete(read(runs / FOLDER / DEMANDS))
        gathered = gather(runs, demands.statements, subject)
        matrix = judge(demands, gathered, str(runs), subject)
        paths = write_all(matrix, runs / FOLDER)
        paths += [write(render, matrix, path) for render, path in also if path is not None]
    for line in lines(matrix):
        click.echo(line)
    for path in paths:
        click.echo(f"  {path}")
    open_ = gathered.damaged or matrix.counts.open
    sys.exit(FAILED if matrix.counts.failed else UNCERTAIN if open_ else 0)


def read(path: Path) -> Demands:
    """What is demanded. Raises :class:`~reports.errors.RunFolderError`."""
    demands = decoded(path, Demands)
    if demands.format != FORMAT:
        raise RunFolderError(f"{path}: format is {demands.format}; this version reads format {FORMAT}")
    return demands


def complete(demands: Demands) -> Demands:
    """With the obligations of which the reconciliation speaks: its questions are asked in this package."""
    asked = [id_ for question in (*QUESTIONS, HANDOVER) for id_ in question.requirements]
    statements = [
        msgspec.structs.replace(each, requirements=list(dict.fromkeys((*each.requirements, *asked))))
        if each.source == CONVERSION
        else each
        for each in demands.statements
    ]
    return msgspec.structs.replace(demands, statements=statements)


if __name__ == "__main__":
    main()
