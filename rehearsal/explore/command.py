"""``rehearse explore``: where a country stays down although the cause is gone."""

from __future__ import annotations

from pathlib import Path

import click

from rehearsal.conductor import How
from rehearsal.errors import ExitCode, UsageError, suggest
from rehearsal.explore.exploring import Record, explore, opened
from rehearsal.explore.playing import ProbePlayer, played
from rehearsal.explore.search import rounded
from rehearsal.explore.thinning import Schedule, schedule
from rehearsal.options import RUNS_OPTION, TOXIPROXY_OPTION
from rehearsal.reporting import report
from rehearsal.scenario import load
from rehearsal.scenario.faults import PlacedFault
from rehearsal.scenario.model import Scenario
from rehearsal.scenario.section import parse_duration
from reports.explore.model import Exploration, Limits
from reports.explore.words import headline, sentences

FOLDER = "explore"
"""Below the runs; then the name of the scenario."""
LEAST = 5.0
"""Without more being said, the lowest load is the highest divided by this,"""
SHORTEST = 32.0
"""and the shortest trigger the longest divided by this."""


class Seconds(click.ParamType[float]):
    """A duration as scenario files write it."""

    name = "duration"

    def convert(  # noqa: D102 - click's
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        try:
            seconds = parse_duration(value)
        except ValueError:
            seconds = 0.0
        if not seconds:
            self.fail(f'{value!r}: legal is a duration such as "800ms", "5s" or "1m30s"', param, ctx)
        return seconds


class Load(click.ParamType[str]):
    """A share of the scenario's highest rate, or sessions per second."""

    name = "load"

    def convert(  # noqa: D102 - click's
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        try:
            number = float(str(value).removesuffix("/s"))
        except ValueError:
            number = 0.0
        if not 0 < number < float("inf"):
            self.fail(
                f"{value!r}: legal is a share of the scenario's highest rate, such as 0.8, or sessions per "
                "second, such as 40/s",
                param,
                ctx,
            )
        return str(value)


@click.command("explore")
@click.argument("scenario")
@click.option("--fault", help="the fault of the scenario that is the trigger; needed where it has several")
@click.option(
    "--from-load",
    type=Load(),
    help=f"the lowest load that is tried; without it the highest divided by {LEAST:g}",
)
@click.option(
    "--to-load",
    type=Load(),
    default="1",
    show_default=True,
    help="the highest: a share of the scenario's highest rate (0.8), or sessions per second (40/s)",
)
@click.option(
    "--from-trigger",
    type=Seconds(),
    help=f"the shortest trigger; without it the longest divided by {SHORTEST:g}",
)
@click.option("--to-trigger", type=Seconds(), help="the longest; without it as long as in the scenario")
@click.option(
    "--recover-within",
    type=Seconds(),
    help="how long service may take to come back once the cause is gone; without it as in the scenario",
)
@click.option(
    "--precision",
    type=click.FloatRange(0.02, 1),
    default=0.1,
    show_default=True,
    help="ratio minus 1 to which the boundary is narrowed",
)
@click.option(
    "--columns",
    type=click.IntRange(1, 8),
    default=3,
    show_default=True,
    help="loads at which the shortest harmful trigger is looked for",
)
@click.option(
    "--probes", type=click.IntRange(1), default=40, show_default=True, help="how many are made at most"
)
@click.option("--heal/--no-heal", default=True, help="look for the load at which a collapse heals")
@click.option("--fresh", is_flag=True, help="forget the probes of an earlier exploration")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="of the swarm")
@click.option(
    "--beside-others",
    is_flag=True,
    help="do not wait with each probe until no other rehearsal runs on this machine",
)
@RUNS_OPTION
@TOXIPROXY_OPTION
def command(
    scenario: str,
    fault: str | None,
    from_load: str | None,
    to_load: str,
    from_trigger: float | None,
    to_trigger: float | None,
    recover_within: float | None,
    precision: float,
    columns: int,
    probes: int,
    heal: bool,
    fresh: bool,
    workers: int,
    beside_others: bool,
    runs: Path,
    toxiproxy: str | None,
) -> int:
    """Find the load and the length of a fault from which a country stays down although the cause is gone.

    Every probe is one short rehearsal of SCENARIO at a constant load with one fault. Probes are kept: the
    same command goes on where an earlier one ended. Results are in RUNS/explore/SCENARIO: explore.html,
    explore.md, explore.json, and the run folder of every probe.

    Exit code 0: none found up to the limits. 1: found, and told where. 3: too few probes could be believed.

    \b
    Examples:
      rehearse explore metastable
      rehearse explore metastable-prepared
      rehearse explore closing-night --fault vneid-slow --to-load 200/s --to-trigger 30s
    """
    told = load(scenario)
    trigger = chosen(told, fault)
    limits = Limits(
        least_load=1 / LEAST,
        most_load=1.0,
        shortest=from_trigger or rounded((to_trigger or trigger.for_) / SHORTEST),
        longest=to_trigger or trigger.for_,
        precision=precision,
        columns=columns,
        recover_within=recover_within or trigger.recover_within,
    )
    if limits.shortest >= limits.longest:
        raise UsageError(
            f"--from-trigger {limits.shortest:g} s: must be shorter than the longest, {limits.longest:g} s"
        )
    whole = schedule(told, trigger, limits, workers)
    limits = _with_loads(limits, whole, from_load, to_load)
    whole = schedule(told, trigger, limits, workers)
    record = opened(runs / FOLDER / told.scenario.name, whole, limits, fresh=fresh)
    if record.probes:
        click.echo(f"{len(record.probes)} probes are known from an earlier exploration")
    play = played(record.folder / "probes", How(toxiproxy, beside_others=beside_others))
    player = ProbePlayer(whole, limits.recover_within, record.folder, play, say=click.echo)
    try:
        found = explore(record, player, budget=probes, heal=heal, say=click.echo)
    finally:
        if record.probes:
            render(record)
    for sentence in (headline(found), *sentences(found)):
        click.echo(sentence.en)
    return exit_code(found)


def chosen(scenario: Scenario, name: str | None) -> PlacedFault:
    """The fault that is the trigger. Raises :class:`UsageError`."""
    faults = {fault.name: fault for fault in scenario.faults}
    if name is None and len(faults) == 1:
        return next(iter(faults.values()))
    if not faults:
        raise UsageError(f"{scenario.scenario.name}: has no [[faults]]; the trigger must be one of them")
    if name is None:
        raise UsageError(f"--fault: name the trigger, one of {', '.join(faults)}")
    if name not in faults:
        raise UsageError(f"--fault {name}: is no fault of {scenario.scenario.name}; {suggest(name, faults)}")
    return faults[name]


def _with_loads(limits: Limits, whole: Schedule, least: str | None, most: str) -> Limits:
    """The limits with their loads as shares of the scenario's highest rate."""

    def share(told: str) -> float:
        if told.endswith("/s"):
            return rounded(float(told.removesuffix("/s")) / whole.sessions_per_second)
        return float(told)

    top = share(most)
    bottom = rounded(top / LEAST) if least is None else share(least)
    if bottom >= top:
        raise UsageError(f"--from-load {least}: must be lower than the highest, {most}")
    return Limits(
        least_load=bottom,
        most_load=top,
        shortest=limits.shortest,
        longest=limits.longest,
        precision=limits.precision,
        columns=limits.columns,
        recover_within=limits.recover_within,
    )


def exit_code(found: Exploration) -> ExitCode:
    """See the help of the command."""
    return {
        "none-found": ExitCode.MET,
        "found": ExitCode.MISSED,
        "not-known": ExitCode.INCONCLUSIVE,
    }[found.outcome]


def render(record: Record) -> None:
    """Make the page and the summary; where that fails it says why itself, and the probes are kept."""
    report("reports.explore", str(record.folder))
