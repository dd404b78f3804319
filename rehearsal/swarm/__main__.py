"""``python -m rehearsal.swarm``: ``master`` and ``worker``, which the conductor starts, and ``join``, which
``rehearse join`` becomes on another host."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path

import click

from rehearsal.errors import RehearsalError, UsageError
from rehearsal.processes import die_with_parent
from rehearsal.swarm.channel import Channel
from rehearsal.swarm.joining import join
from rehearsal.swarm.master import Master
from rehearsal.swarm.settings import PLAYBOOK, load_playbook, load_settings
from rehearsal.swarm.worker import Worker

LOOPBACK = "127.0.0.1"
JOIN_WITHIN = 300.0

_RUN = click.option(
    "--run",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="the run folder, with plan.json, targets.json and arrivals.arrow",
)
_WORKERS = click.option("--workers", type=click.IntRange(1), required=True, help="how many workers there are")
_PLAYBOOK = click.option(
    "--playbook", default=PLAYBOOK, show_default=True, help="<module>:<attribute> of the journeys"
)


@click.group(help=__doc__)
def main() -> None:
    """Begin as every process of the swarm does."""
    logging.basicConfig(level=logging.WARNING, format="swarm: %(name)s: %(message)s")


@main.command()
@_RUN
@_WORKERS
@click.option("--joining", type=click.IntRange(0), default=0, help="how many of them are started elsewhere")
@click.option("--host", default=LOOPBACK, show_default=True, help="address to listen on")
@click.option(
    "--port", type=click.IntRange(0, 65535), required=True, help="where to listen; 0 takes a free one"
)
def master(folder: Path, workers: int, joining: int, host: str, port: int) -> None:
    """Bring the workers together; speak JSON lines on stdin and stdout."""
    die_with_parent()
    if joining > workers:
        raise UsageError(f"--joining {joining}: legal is 0 to {workers}, the number of workers")
    load_settings(folder)  # what is wrong with the folder is better said once, before any worker begins
    sys.exit(Master(folder, workers, joining).run(host, port))


@main.command()
@_RUN
@_WORKERS
@click.option("--index", type=click.IntRange(0), required=True, help="number of this worker, from 0")
@click.option("--host", default=LOOPBACK, show_default=True, help="address of the master")
@click.option("--port", type=click.IntRange(1, 65535), required=True, help="where the master listens")
@_PLAYBOOK
def worker(folder: Path, workers: int, index: int, host: str, port: int, playbook: str) -> None:
    """Play one share of the arrivals."""
    die_with_parent()
    if index >= workers:
        raise UsageError(f"--index {index}: legal is 0 to {workers - 1}")
    share = Worker(folder, index, workers, load_playbook(playbook))
    sys.exit(share.run(Channel(host, port)))


@main.command("join")
@click.option("--host", required=True, help="address of the master")
@click.option("--port", type=click.IntRange(1, 65535), required=True, help="where the master listens")
@click.option(
    "--spool",
    type=click.Path(file_okay=False, path_type=Path),
    help="where to keep files until the master has them; without it where temporary files are",
)
@click.option("--keep", is_flag=True, help="do not remove them then")
@click.option(
    "--within",
    type=click.FloatRange(min=1),
    default=JOIN_WITHIN,
    show_default=True,
    help="seconds to wait for the master",
)
@_PLAYBOOK
def join_(host: str, port: int, spool: Path | None, keep: bool, within: float, playbook: str) -> None:
    """Play a share of the arrivals of a run on another host; all that it takes comes from the master."""
    sys.exit(join(host, port, spool, playbook, within=within, keep=keep))


def _run(command: Callable[[], None]) -> None:
    try:
        command()
    except RehearsalError as error:
        click.echo(f"swarm: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    _run(main)
