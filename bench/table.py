"""Writes the figures of the README from ``bench/results.json``, so that each has a command it comes from.

::

    python -m bench.ledger --core 1 | python -m bench.table keep ledger     what a bench prints is kept,
    python -m bench.table write                                             and written into the README

In the README a block stands between ``<!-- measured: ledger -->`` and ``<!-- end -->``, each on a line of its
own; what stands there is replaced.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from bench.results import RESULTS, Figures, keep, kept

README = Path(__file__).parents[1] / "README.md"
WIDTH = 110
_BLOCK = re.compile(r"(?<=^<!-- measured: )(\S+)( -->\n)(.*?)(?=^<!-- end -->$)", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """What the README says of a bench, and the command that measures it."""

    command: str
    said: Callable[[Figures], str]


def generators(figures: Figures) -> str:
    """A row for each generator, the cheapest first, and the ratios of the median round."""
    costs = figures["cpu_seconds_per_1000"]
    rows = [
        f"| {name} | {cost:.4f} | {1000 / cost:,.0f} | {cost / costs['swarm']:.2f} |"
        for name, cost in sorted(costs.items(), key=lambda item: item[1])
    ]
    rivals = {"k6": "k6", "fasthttp": "`FastHttpUser`", "wrk": "wrk"}
    ratios = [
        f"{ratio} × {name}"
        for key, name in rivals.items()
        if (ratio := figures[f"swarm_vs_{key}"]) is not None
    ]
    return "\n".join(
        [
            "| generator | CPU seconds per 1,000 requests | requests per CPU second | cost, this swarm = 1 |",
            "|---|---|---|---|",
            *rows,
            "",
            f"sampling costs {figures['sampling_cost']:.1%} of the swarm's CPU time",
            "",
            f"Ratios of the median round: {', '.join(ratios)}.",
        ]
    )


def ledger(figures: Figures) -> str:
    """How long a ledger takes, and whether it found what was planted."""
    return _wrapped(
        f"The ledger of {figures['entries']:,} entries ({figures['intents']:,} intents, "
        f"{figures['records']:,} stored records) is reconciled from its files in {figures['seconds']:.0f} s "
        f"with {figures['peak_rss_mb'] / 1024:.1f} GB on one core, and {_exactly(figures)} "
        f"(`{BLOCKS['ledger'].command}`)."
    )


def conversion(figures: Figures) -> str:
    """How long the reconciliation of a conversion takes, and whether it found what was planted."""
    made, told = figures["make"], figures["reconcile"]
    return _wrapped(
        f"{made['dossiers']:,} dossiers with {made['planted']:,} planted faults of {made['kinds']} kinds are "
        f"reconciled in {told['seconds']:.0f} s with {told['peak_rss_mb'] / 1024:.2f} GB on one core, and "
        f"{_exactly(told)} (`{BLOCKS['conversion'].command}`)."
    )


def _exactly(figures: Figures) -> str:
    found = "exactly those are found"
    return found if figures["found_what_was_planted"] else f"not {found}"


def explore(figures: Figures) -> str:
    """Where the boundary lies, by bisection and by a sweep."""
    found = []
    for column in figures["columns"]:
        here = column["bisection"]
        said = f"at {column['sessions_per_second']:g} sessions/s a fault of {here['boundary']:g} s"
        said += f" ({here['recovers']:g} to {here['stays_down']:g} s"
        said += f"; a fine sweep says {column['sweep']['boundary']:g} s)" if "sweep" in column else ")"
        found.append(said)
    return _wrapped(
        f"`rehearse explore {figures['scenario']}` finds what brings the country down for good: "
        f"{', '.join(found)} (`{BLOCKS['explore'].command}`)."
    )


def scale(figures: Figures) -> str:
    """How much of a scenario a machine carries, and what limits it."""
    best, limit, whole = (figures[name] for name in ("highest_valid", "lowest_invalid", "for_whole"))
    command = f"`{BLOCKS['scale'].command}`"
    if best is None:
        return _wrapped(f"{command}: no scale was valid.")
    said = (
        f"{command}: valid, and {best['outcome']}, up to scale {best['scale']:g} "
        f"({best['sessions_per_second']:.0f} sessions/s, "
        f"{best['requests_per_second']:,} requests/s through the links, {best['cpu_share']:.0%} of the "
        "processors)."
    )
    if limit is not None:
        said += f" Above, at {limit['scale']:g}, the limit was {', '.join(limit['limits'])}."
    if whole is not None:
        said += (
            f" The whole of it would take {sum(whole['cores'].values()):.1f} such cores: "
            f"{_counted(whole['workers'], 'swarm worker')} on {_counted(whole['hosts'], 'host')} of "
            f"{whole['cores_per_host']} cores."
        )
    return _wrapped(said)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def calibrate(figures: Figures) -> str:
    """What one worker offers honestly."""
    least = "at least " if figures["at_least"] else ""
    return _wrapped(
        f"`{BLOCKS['calibrate'].command}`: one worker offers {least}{figures['requests_per_second']:,.0f} "
        "requests/s honestly."
    )


BLOCKS = {
    "generators": Block("python -m bench.generators", generators),
    "ledger": Block("python -m bench.ledger --core 1", ledger),
    "conversion": Block("python -m bench.conversion --core 1", conversion),
    "explore": Block("python -m bench.explore --sweep", explore),
    "scale": Block("rehearse scale national-peak --from 0.4", scale),
    "calibrate": Block("rehearse calibrate", calibrate),
}


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def written(text: str, results: dict[str, Figures]) -> str:
    """A text with every block replaced by what was measured. Raises :class:`click.UsageError`."""

    def block(found: re.Match[str]) -> str:
        name, opened, _ = found.groups()
        if name not in BLOCKS:
            raise click.UsageError(f"measured: {name}: is no bench; legal are {', '.join(BLOCKS)}")
        if name not in results:
            raise click.UsageError(
                f"measured: {name}: nothing is kept of it; measure it ({BLOCKS[name].command}) and keep it"
            )
        return f"{name}{opened}{BLOCKS[name].said(results[name])}\n"

    return _BLOCK.sub(block, text)


@click.group(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The figures of the README."""


@main.command("keep")
@click.argument("bench", type=click.Choice(list(BLOCKS)))
def keep_(bench: str) -> None:
    """Keep the JSON object that a bench has printed, from standard input."""
    try:
        figures = msgspec.json.decode(sys.stdin.buffer.read(), type=Figures)
        BLOCKS[bench].said(figures)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise click.UsageError(f"standard input: no JSON object ({error})") from error
    except (KeyError, TypeError) as error:
        raise click.UsageError(
            f"standard input: not what {BLOCKS[bench].command} prints ({type(error).__name__}: {error})"
        ) from error
    keep(bench, figures)
    click.echo(f"kept in {RESULTS.relative_to(README.parent)}", err=True)


@main.command("write")
def write() -> None:
    """Write the README's figures from what is kept."""
    README.write_text(written(README.read_text(encoding="utf-8"), kept()), encoding="utf-8")


if __name__ == "__main__":
    main()
