"""``python -m reports.readiness FOLDER [--before FOLDER]``: the reports of a sweep, from its files alone.

Exit codes: 0 met · 1 missed · 2 something is missing or damaged · 3 inconclusive ·
70 our fault.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reports.command_line import EXIT_CODES, guarded


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--before", type=click.Path(path_type=Path), help="the sweep that this one is compared with")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def main(folder: Path, before: Path | None, *, quiet: bool) -> None:
    """Write readiness.html, readiness.md, readiness.json, junit.xml and evidence.json into FOLDER."""
    from reports.readiness.building import build
    from reports.readiness.rendering import write_all

    with guarded():
        readiness = build(folder, before)
        paths = write_all(readiness, folder)
    if not quiet:
        for check in readiness.checks:
            click.echo(f"{check.outcome:<13}{check.name:<26}{check.finding.en}")
        click.echo(readiness.sentence.en)
        for path in paths:
            click.echo(f"  {path}")
    sys.exit(EXIT_CODES[readiness.outcome])


if __name__ == "__main__":
    main()
