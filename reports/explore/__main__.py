"""``python -m reports.explore FOLDER``: the page and the summary of an exploration, from its JSON alone.

Exit codes: 0 written · 2 the folder holds no exploration.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reports.errors import ReportError
from reports.explore.rendering import read, write

UNREADABLE = 2


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path))
def main(folder: Path) -> None:
    """Write explore.html and explore.md."""
    try:
        paths = write(read(folder), folder)
    except (ReportError, OSError) as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(UNREADABLE)
    for path in paths:
        click.echo(f"  {path}")


if __name__ == "__main__":
    main()
