"""``python -m reports.matrix observe RUN``: what a run showed of its cells, written beside its reports.

``python -m reports.matrix write FOLDER``: the matrix of a folder, from its files alone.

Exit codes: 0 met (or observed) · 1 missed · 2 something is missing or damaged · 3 inconclusive ·
70 our fault.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

import reports
from reports.command_line import EXIT_CODES, guarded
from reports.files import indented, write_whole
from reports.matrix.files import CELLS, OBSERVED, Cells

_FOLDER = click.argument("folder", type=click.Path(path_type=Path))


@click.group()
def main() -> None:
    """Observe the runs of a resilience matrix, and write it."""


@main.command()
@_FOLDER
def observe(folder: Path) -> None:
    """Judge a run FOLDER, write its reports, and what it showed of each of its cells."""
    from reports.assemble import verdict
    from reports.matrix.observing import gathered
    from reports.matrix.observing import observe as seen
    from reports.run_check import decoded

    with guarded():
        cells = decoded(folder / CELLS, Cells)
        evidence = gathered(folder)
        judged = verdict(evidence)
        observed = seen(evidence, cells, judged.validity.findings)
        write_whole(folder / OBSERVED, indented(observed))
        reports.write(judged, folder)


@main.command()
@_FOLDER
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def write(folder: Path, *, quiet: bool) -> None:
    """Write matrix.html, matrix.md and matrix.json into FOLDER."""
    from reports.matrix.building import build
    from reports.matrix.rendering import write_all

    with guarded():
        matrix = build(folder)
        paths = write_all(matrix, folder)
    if not quiet:
        click.echo(matrix.sentence.en)
        for path in paths:
            click.echo(f"  {path}")
    sys.exit(EXIT_CODES[matrix.outcome])


if __name__ == "__main__":
    main()
