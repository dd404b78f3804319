"""``python -m reports percentiles RUN...``: the percentiles of several runs of one scenario put together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reports.command_line import guarded
from reports.text import count

if TYPE_CHECKING:
    from reports.merging import Pooled


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=click.Path(path_type=Path))
def percentiles(runs: tuple[Path, ...]) -> None:
    """Print the response times of every step over all RUNs, with 95 % intervals.

    A RUN is a folder with a report.json. The intervals hold for the scenario, not for these runs alone: they
    include how much the runs differ. Exit code 2: a report is missing, damaged or of another scenario.

    \b
    Example:
      rehearse percentiles runs/closing-night/*
    """
    # the numerical libraries cost half a second, which no other command should pay
    from reports.merging import pooled

    with guarded():
        steps = pooled(runs)
    for line in table(steps):
        click.echo(line)


def table(steps: list[Pooled]) -> list[str]:
    """The lines of the table."""
    from reports.numerals import estimate

    heads = ("step", "runs", "requests", "p50", "p95", "p99", "p99.9")
    rows = [
        (
            each.step,
            str(each.runs),
            count(each.count),
            *map(estimate, (each.p50, each.p95, each.p99, each.p999)),
        )
        for each in steps
    ]
    widths = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    return [_aligned(row, widths) for row in (heads, *rows)]


def _aligned(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *others = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
    return "  ".join([first, *others]).rstrip()
