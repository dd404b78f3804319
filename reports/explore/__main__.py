"""``python -m reports.explore FOLDER``: the page and the summary of an exploration, from its JSON alone.

Exit codes: 0 written · 2 the folder holds no exploration, or cannot be written · 70 our fault.
"""

from __future__ import annotations

from pathlib import Path

import click

from reports.command_line import guarded
from reports.explore.rendering import read, write


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path))
def main(folder: Path) -> None:
    """Write explore.html and explore.md."""
    with guarded():
        paths = write(read(folder), folder)
    for path in paths:
        click.echo(f"  {path}")


if __name__ == "__main__":
    main()
