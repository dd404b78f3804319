"""``python -m chaos fetch``: have a Toxiproxy server ready before it is needed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from chaos.errors import ToxiproxyUnavailable
from chaos.finding import WAYS, default_cache, find

_ENVIRONMENT_DID_NOT_COME_UP = 4


@click.group()
def main() -> None:
    """Toxiproxy for the rehearsal."""


@main.command()
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    default=default_cache,
    show_default="the project's .cache/bin",
    help="Folder in which a built program is kept.",
)
@click.option(
    "--way",
    "ways",
    type=click.Choice(WAYS),
    multiple=True,
    help="Try this way; may be given several times, in the order to try.  [default: all]",
)
def fetch(cache: Path, ways: tuple[str, ...]) -> None:
    """Find, fetch or build a Toxiproxy server; print what it is and its version.

    Ends with status 4 where none can be had.
    """
    try:
        source = find(cache=cache, ways=ways or WAYS, say=lambda message: click.echo(message, err=True))
    except ToxiproxyUnavailable as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(_ENVIRONMENT_DID_NOT_COME_UP)
    click.echo(f"{source.target} {source.version}".rstrip())


if __name__ == "__main__":
    main(prog_name="python -m chaos")
