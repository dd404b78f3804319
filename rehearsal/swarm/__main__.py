"""``python -m rehearsal.swarm master`` and ``... worker``: the processes that the conductor starts."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path

import click

from rehearsal.errors import RehearsalError, UsageError
from rehearsal.processes import die_with_parent
from rehearsal.swarm.master import Master
from rehearsal.swarm.settings import PLAYBOOK, load_playbook, load_settings
from rehearsal.swarm.worker import Worker

_RUN = click.option(
    "--run",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="the run folder, with plan.json, targets.json and arrivals.arrow",
)
_WORKERS = click.option("--workers", type=click.IntRange(1), required=True, help="how many workers there are")


@click.group(help=__doc__)
def main() -> None:
    """Begin as every process of the swarm does."""
    die_with_parent()
    logging.basicConfig(level=logging.WARNING, format="swarm: %(name)s: %(message)s")


@main.command()
@_RUN
@_WORKERS
@click.option(
    "--port", type=click.IntRange(0, 65535), required=True, help="where to listen; 0 takes a free one"
)
def master(folder: Path, workers: int, port: int) -> None:
    """Bring the workers together; speak JSON lines on stdin and stdout."""
    load_settings(folder)  # what is wrong with the folder is better said once, before any worker begins
    sys.exit(Master(workers).run(port))


@main.command()
@_RUN
@_WORKERS
@click.option("--index", type=click.IntRange(0), required=True, help="number of this worker, from 0")
@click.option("--port", type=click.IntRange(1, 65535), required=True, help="where the master listens")
@click.option("--playbook", default=PLAYBOOK, show_default=True, help="<module>:<attribute> of the journeys")
def worker(folder: Path, workers: int, index: int, port: int, playbook: str) -> None:
    """Play one share of the arrivals."""
    if index >= workers:
        raise UsageError(f"--index {index}: legal is 0 to {workers - 1}")
    sys.exit(Worker(folder, index, workers, load_playbook(playbook)).run(port))


def _run(command: Callable[[], None]) -> None:
    try:
        command()
    except RehearsalError as error:
        click.echo(f"swarm: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    _run(main)
