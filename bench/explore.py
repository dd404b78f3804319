"""Is the boundary that ``rehearse explore`` finds by bisection the one that a fine sweep finds?

``python -m bench.explore --sweep`` makes a probe at every trigger of a fine ladder, at each load at which an
exploration of the same scenario in ``--runs`` has found the boundary, and prints both as JSON, with what the
theory says (:mod:`rehearsal.explore.storm`) of the very same visitors. Without ``--sweep`` it prints what is
known already. A probe takes about a minute; those made are kept, so that the bench can be ended and gone on
with.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import click

from mocks.defects.national_portal.unbounded_retries import AT_ONCE
from mocks.systems.portal_submissions import PREFILL_LIMIT
from rehearsal.conductor import How
from rehearsal.explore.command import FOLDER, chosen
from rehearsal.explore.exploring import Record, opened
from rehearsal.explore.playing import ProbePlayer, played
from rehearsal.explore.search import rounded
from rehearsal.explore.storm import Storm, boundary
from rehearsal.explore.thinning import Schedule, schedule
from rehearsal.scenario import load
from reports.explore.model import Column, Exploration, Point
from reports.explore.rendering import read

SCENARIO, CALLEE = "metastable", "population"
MARGIN = 1.15
"""The ladder goes so much farther than the theory allows the boundary to lie."""


@click.command(help=__doc__)
@click.option("--sweep", is_flag=True, help="make the probes of the sweep that are not known yet")
@click.option(
    "--step", type=click.FloatRange(1.01, 2), default=1.06, show_default=True, help="ratio of the ladder"
)
@click.option(
    "--columns", type=click.IntRange(1), default=2, show_default=True, help="the highest so many loads"
)
@click.option("--runs", type=click.Path(file_okay=False, path_type=Path), default=Path("runs"))
def main(sweep: bool, step: float, columns: int, runs: Path) -> None:
    """Print the comparison."""
    found = read(runs / FOLDER / SCENARIO)
    scenario = load(SCENARIO)
    whole = schedule(scenario, chosen(scenario, found.trigger.name), found.limits, 1)
    record = opened(runs / f"{FOLDER}-sweep" / SCENARIO, whole, found.limits, fresh=False)
    player = ProbePlayer(
        whole,
        found.limits.recover_within,
        record.folder,
        played(record.folder / "probes", How()),
        say=lambda message: click.echo(message, err=True),
    )
    rows = []
    for column in found.boundary[-columns:]:
        storm = Storm(column.load * whole.sessions_per_second, _capacity(whole), PREFILL_LIMIT, AT_ONCE)
        if sweep:
            _probe(record, player, column.load, storm, step)
        rows.append(_row(found, column, record, whole, storm))
    click.echo(json.dumps({"scenario": SCENARIO, "columns": rows}, indent=1))


def ladder(storm: Storm, step: float) -> Iterator[float]:
    """Triggers in equal ratios over all that the theory leaves open, and somewhat more."""
    trigger = storm.harmless / MARGIN
    while trigger <= storm.fatal * MARGIN:
        yield rounded(trigger)
        trigger *= step


def _probe(record: Record, player: ProbePlayer, share: float, storm: Storm, step: float) -> None:
    for trigger in ladder(storm, step):
        point = Point(share, trigger)
        if point not in record.probes:
            record.keep(player.probe(point))
        click.echo(f"load {share:g}, {trigger:g} s: {record.probes[point].state}", err=True)


def swept(record: Record, share: float) -> tuple[float, float] | None:
    """Between which triggers of a ladder the boundary lies.

    Where chance mixes the two kinds, as many of those that recovered are taken to lie below it as there are.
    """
    probes = [probe for point, probe in record.probes.items() if point.load == share]
    known = sorted(p.point.trigger for p in probes if p.state in ("recovered", "stayed-down"))
    below = sum(probe.state == "recovered" for probe in probes)
    return (known[below - 1], known[below]) if 0 < below < len(known) else None


def _row(
    found: Exploration, column: Column, record: Record, whole: Schedule, storm: Storm
) -> dict[str, object]:
    by_sweep, estimate = swept(record, column.load), column.triggers.estimate
    row: dict[str, object] = {
        "sessions_per_second": round(found.sessions(column.load), 2),
        "utilisation": round(storm.utilisation, 3),
        "bisection": _both(column.triggers.recovers, column.triggers.stays_down),
        "theory": {
            "harmless_up_to": round(storm.harmless, 3),
            "same_visitors": round(_simulated(whole, column.load, storm), 3),
            "fatal_from": round(storm.fatal, 3),
        },
    }
    if by_sweep is not None:
        middle = math.sqrt(by_sweep[0] * by_sweep[1])
        row["sweep"] = _both(*by_sweep)
        row["probes_of_sweep"] = sum(point.load == column.load for point in record.probes)
        row["difference"] = None if estimate is None else round(estimate / middle - 1, 4)
    return row


def _both(low: float | None, high: float | None) -> dict[str, float | None]:
    middle = None if low is None or high is None else round(math.sqrt(low * high), 3)
    return {"recovers": low, "stays_down": high, "boundary": middle}


def _simulated(whole: Schedule, share: float, storm: Storm) -> float:
    """The boundary for these visitors, each of whom makes the call in the moment of arrival."""
    fault = whole.longest.plan.faults[0].start
    planned = whole.longest.arrivals.column("planned").to_pylist()
    kept = whole.marks < share / whole.most_load
    calls = [at / 1e9 - fault for at, comes in zip(planned, kept, strict=True) if comes]
    return boundary(storm, calls)


def _capacity(whole: Schedule) -> float:
    system = next(each for each in whole.longest.plan.systems if each.name == CALLEE)
    return system.servers / system.service_mean


if __name__ == "__main__":
    main()
