"""``rehearse scale``: the largest scale that this machine carries honestly, and what limits it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click
import msgspec

from rehearsal.conductor import How
from rehearsal.options import RUNS_OPTION, TOXIPROXY_OPTION
from rehearsal.plan import make_plan
from rehearsal.progress import Progress
from rehearsal.rehearsing import rehearse
from rehearsal.scaling.attempt import Attempt, read
from rehearsal.scaling.needs import Needs, needs
from rehearsal.scaling.search import Bounds, following
from rehearsal.scenario import load

Try = Callable[[float], Attempt]
"""Runs the scenario at a scale and says what came of it."""


class Result(msgspec.Struct, frozen=True):
    """All attempts in their order, the largest that was valid, the smallest above it that was not."""

    attempts: list[Attempt]
    highest_valid: Attempt | None
    lowest_invalid: Attempt | None
    for_whole: Needs | None


def search(attempt: Try, start: float, limit: float, say: Callable[[str], None]) -> Result:
    """Try scales until the boundary is known; ``say`` is told of each."""
    bounds, attempts = Bounds(), list[Attempt]()
    while (scale := following(bounds, start, limit)) is not None:
        say(f"scale {scale:g}")
        attempts.append(attempt(scale))
        say(told(attempts[-1]))
        bounds = bounds.noted(scale, attempts[-1].valid)
    valid = [each for each in attempts if each.valid]
    highest = max(valid, key=lambda each: each.scale, default=None)
    above = [each for each in attempts if not each.valid and (highest is None or each.scale > highest.scale)]
    return Result(
        attempts=attempts,
        highest_valid=highest,
        lowest_invalid=min(above, key=lambda each: each.scale, default=None),
        for_whole=None if highest is None else _for_whole(highest),
    )


def _for_whole(highest: Attempt) -> Needs:
    """What scale 1 needs: its requests/s, at the CPU time per request of the highest valid scale."""
    requests = highest.requests_per_second / highest.scale
    return needs(highest.cpu_per_request, requests, os.cpu_count() or 1)


def told(attempt: Attempt) -> str:
    """One attempt in one line."""
    believed = "valid" if attempt.valid else "cannot be believed"
    limits = f"; {', '.join(attempt.limits)}: {attempt.explanation}" if attempt.limits else ""
    return (
        f"scale {attempt.scale:g}: {attempt.sessions_per_second:.0f} sessions/s, "
        f"{attempt.requests_per_second} requests/s through the links, "
        f"{attempt.cpu_share:.0%} of the processors: {believed}, {attempt.outcome}{limits}"
    )


def sentences(result: Result) -> list[str]:
    """What was found, for a person."""
    lines = [told(attempt) for attempt in sorted(result.attempts, key=lambda each: each.scale)]
    if result.highest_valid is None:
        return [*lines, "No scale was valid; see the limits above."]
    best = result.highest_valid
    lines.append(
        f"Highest scale that is still valid: {best.scale:g} ({best.sessions_per_second:.0f} sessions/s, "
        f"{best.requests_per_second} requests/s through the links)."
    )
    if result.lowest_invalid is not None:
        limit = result.lowest_invalid
        lines.append(
            f"The limit, at scale {limit.scale:g}: {', '.join(limit.limits)}: {limit.explanation} "
            f"({limit.cpu_share:.0%} of the processors were in use)."
        )
    if result.for_whole is not None:
        whole = result.for_whole
        parts = ", ".join(f"{part} {cores:.1f}" for part, cores in whole.cores.items() if cores >= 0.05)
        lines.append(
            f"The whole of it (scale 1, {best.requests_per_second / best.scale:.0f} requests/s) would take "
            f"{sum(whole.cores.values()):.1f} cores ({parts}), {whole.workers} swarm workers and "
            f"{whole.hosts} hosts like this one ({whole.cores_per_host} cores), at the CPU time per request "
            f"measured at scale {best.scale:g}."
        )
    return lines


def attempts(scenario: str, workers: int, runs: Path, toxiproxy: str | None) -> Try:
    """What runs SCENARIO at a scale. No calibration refuses it: what can be carried is to be found out."""
    base = load(scenario)

    def attempt(scale: float) -> Attempt:
        planned = make_plan(base, workers, scale)
        folder, _ = rehearse(planned, runs, How(toxiproxy), Progress(planned.plan))
        return read(folder, scale, os.cpu_count() or 1)

    return attempt


@click.command("scale")
@click.argument("scenario", default="national-peak")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="of the swarm")
@click.option(
    "--from",
    "start",
    type=click.FloatRange(0, min_open=True),
    default=0.3,
    show_default=True,
    help="the first scale that is tried",
)
@click.option(
    "--to",
    "limit",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="the largest scale that is tried",
)
@click.option(
    "--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="write all figures to a file"
)
@RUNS_OPTION
@TOXIPROXY_OPTION
def command(
    scenario: str,
    workers: int,
    start: float,
    limit: float,
    file: Path | None,
    runs: Path,
    toxiproxy: str | None,
) -> None:
    """Find the largest scale of a scenario that this machine carries honestly, and say what limits it.

    Runs SCENARIO (a name or a TOML file) at growing scale, every arrival rate times the scale, until a run
    cannot be believed, then between the two. Each run takes a minute or two.

    \b
    Examples:
      rehearse scale national-peak
      rehearse scale closing-night --from 1 --to 4 --json scale.json
    """
    result = search(attempts(scenario, workers, runs, toxiproxy), min(start, limit), limit, click.echo)
    if file is not None:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")
    for line in sentences(result):
        click.echo(line)
