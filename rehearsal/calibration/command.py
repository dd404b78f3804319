"""``rehearse calibrate``."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from rehearsal.calibration.calibrating import LOW_RATE, SERVICE, calibrate
from rehearsal.calibration.comparing import Accuracy
from rehearsal.calibration.record import Calibration, default_path, save
from rehearsal.conductor import cancelled_by_signals
from rehearsal.errors import Interrupted


@click.command("calibrate")
@click.option(
    "--seconds",
    type=click.FloatRange(1, 60),
    default=3.0,
    show_default=True,
    help="for which a rate is tried",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="keep the run folders of all trials here; the folder must be new",
)
@click.option(
    "--json", "also", type=click.Path(dir_okay=False, path_type=Path), help="write the result here, too"
)
def command(seconds: float, out: Path | None, also: Path | None) -> None:
    """Measure the generator itself: its error, and how much one worker can offer honestly.

    One worker of the swarm sends to a bundled stub whose service times are known exactly. The result is kept
    in .cache/calibration.json and holds for this machine: "rehearse run" refuses plans that ask for more.

    \b
    Examples:
      rehearse calibrate
      rehearse calibrate --seconds 10 --json calibration.json
    """
    if out is not None:
        result = _run(out, seconds)
    else:
        with tempfile.TemporaryDirectory(prefix="calibration-") as folder:
            result = _run(Path(folder), seconds)
    for path in filter(None, (default_path(), also)):
        save(result, path)
    for line in table(result):
        click.echo(line)


def _run(folder: Path, seconds: float) -> Calibration:
    async def run() -> Calibration:
        with cancelled_by_signals():
            return await calibrate(folder, seconds, say=lambda message: click.echo(f"  {message}", err=True))

    try:
        return asyncio.run(run())
    except asyncio.CancelledError:
        raise Interrupted("interrupted; nothing was calibrated") from None


def table(result: Calibration) -> Iterator[str]:
    """The result, for a person."""
    yield f"{result.machine.processor}, {result.machine.cpus} processors, Python {result.machine.python}"
    yield ""
    yield (
        f"Accuracy at {LOW_RATE:,.0f} requests/s: {SERVICE.distribution} service times with mean "
        f"{SERVICE.mean * 1e3:g} ms; all in milliseconds"
    )
    columns = ("", "analytic", "drawn", "stub", "measured", "bias", "error")
    yield _row(columns)
    for each in result.accuracy:
        yield _row(_cells(each))
    yield "  stub: as it answered; bias: measured - stub; error: measured - analytic, which includes chance"
    yield ""
    more = "at least " if result.at_least else ""
    yield f"One worker offers {more}{result.requests_per_second:,.0f} requests/s honestly."
    yield f"Above it: {result.limit}."


def _cells(each: Accuracy) -> tuple[str, ...]:
    def ms(seconds: float) -> str:
        return f"{seconds * 1e3:.3f}"

    def off(seconds: float, of: float) -> str:
        return f"{seconds * 1e3:+.3f} ({seconds / of:+.1%})"

    return (
        f"p{each.quantile * 100:g}",
        ms(each.analytic),
        ms(each.drawn),
        ms(each.true),
        ms(each.measured),
        off(each.bias, each.true),
        off(each.error, each.analytic),
    )


def _row(cells: tuple[str, ...]) -> str:
    name, *numbers, bias, error = cells
    return "  " + name.ljust(6) + "".join(f"{each:>10}" for each in numbers) + f"{bias:>17}{error:>17}"
