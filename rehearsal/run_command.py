"""``rehearse run``: a rehearsal from its scenario to its verdict."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from rehearsal import topology
from rehearsal.calibration import gate, record
from rehearsal.conductor import How
from rehearsal.options import (
    MASTER_PORT,
    RUNS_OPTION,
    SCENARIO_ARGUMENT,
    TOXIPROXY_OPTION,
    Moment,
    OwnAddress,
)
from rehearsal.plan import make_plan
from rehearsal.progress import Progress
from rehearsal.rehearsing import rehearse
from rehearsal.scenario import load
from rehearsal.swarm_processes import Elsewhere


@click.command("run")
@SCENARIO_ARGUMENT
@click.option(
    "--workers",
    type=click.IntRange(0),
    default=2,
    show_default=True,
    help="worker processes of the swarm on this host",
)
@click.option(
    "--expect-workers",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help='workers besides them that are started elsewhere ("rehearse join")',
)
@click.option(
    "--listen",
    type=OwnAddress(),
    default=topology.HOST,
    show_default=True,
    help="the address of this host on which they reach the swarm's master and the links of citizens and "
    "officials. Unless one is named, nothing leaves loopback; naming one opens both, unprotected, to all who "
    "can reach it",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=MASTER_PORT,
    show_default=True,
    help="the port on which they reach the master",
)
@click.option(
    "--start-at",
    type=Moment(),
    help="when the first visitor arrives, such as 2025-07-01T00:00:00+07:00; else as soon as all is ready",
)
@click.option(
    "--scale",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="every rate of arrivals, times this",
)
@click.option(
    "--above-calibration",
    type=click.Choice(["refuse", "warn"]),
    default="refuse",
    show_default=True,
    help="what becomes of a plan that asks more of its workers than they were calibrated for",
)
@click.option(
    "--beside-others",
    is_flag=True,
    help="do not wait until no other rehearsal runs on this machine; the figures are then those of both",
)
@RUNS_OPTION
@TOXIPROXY_OPTION
@click.option("--quiet", is_flag=True, help="no progress, only the verdict")
def command(
    scenario: str,
    workers: int,
    expect_workers: int,
    listen: str,
    port: int,
    start_at: datetime | None,
    scale: float,
    above_calibration: str,
    beside_others: bool,
    runs: Path,
    toxiproxy: str | None,
    quiet: bool,
) -> int:
    """Run a rehearsal and judge it.

    SCENARIO is a name (see "rehearse list") or the path of a TOML file.

    \b
    Examples:
      rehearse run smoke
      rehearse run closing-night --workers 2
      rehearse run closing-night --workers 0 --expect-workers 4 --listen 127.0.0.1
      rehearse run my-province.toml --toxiproxy 127.0.0.1:8474
    """
    planned = make_plan(load(scenario), workers + expect_workers, scale)
    able = gate.check_plan(planned.plan, record.load())
    if above_calibration == "refuse":
        gate.refuse(able)
    elsewhere = Elsewhere(expect_workers, listen, port if expect_workers else 0)
    show = Progress(planned.plan, quiet=quiet)
    show.say(f"{planned.plan.scenario.name}: {planned.plan.scenario.title.en}")
    show.say(str(able))
    return rehearse(planned, runs, How(toxiproxy, elsewhere, start_at, beside_others), show)[1]
