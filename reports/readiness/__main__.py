"""``python -m reports.readiness FOLDER [--before FOLDER]``: the reports of a sweep, from its files alone.

Exit codes: 0 met · 1 missed · 2 something is missing or damaged · 3 inconclusive ·
70 our fault.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reports.command_line import EXIT_CODES, guarded
from reports.readiness.building import build
from reports.readiness.model import Readiness
from reports.readiness.rendering import write_all
from reports.render.words import OUTCOMES, SYMBOLS


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--before", type=click.Path(path_type=Path), help="the sweep that this one is compared with")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def main(folder: Path, before: Path | None, *, quiet: bool) -> None:
    """Write readiness.html, readiness.md, readiness.json, junit.xml and evidence.json into FOLDER."""
    with guarded():
        readiness = build(folder, before)
        paths = write_all(readiness, folder)
    if not quiet:
        _say(readiness, paths)
    sys.exit(EXIT_CODES[readiness.outcome])


def _say(readiness: Readiness, paths: list[Path]) -> None:
    words = OUTCOMES[readiness.outcome]
    click.echo(f"{SYMBOLS[readiness.outcome]} {words.en} · {words.vi}: {readiness.sentence.en}")
    for note in readiness.notes:
        click.echo(f"  {note.en}")
    for check in readiness.checks:
        click.echo(f"  {SYMBOLS[check.outcome]} {check.name:<26}{check.finding.en}")
    for path in paths:
        click.echo(f"  {path}")


if __name__ == "__main__":
    main()
