"""``python -m reports RUN_DIR``: judge a run folder and write its reports.

``python -m reports percentiles RUN...`` puts the reports of several runs together.

Exit codes: 0 met · 1 missed · 2 the folder is missing, damaged or inconsistent · 3 inconclusive · 70 our
fault.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

import reports
from reports.command_line import EXIT_CODES, guarded
from reports.percentiles import percentiles
from reports.render.words import OUTCOMES, SYMBOLS
from reports.verdict import Verdict

_HELP = ("-h", "--help")


class JudgeByDefault(click.Group):
    """A group whose command ``judge`` need not be named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:  # noqa: D102  click's
        if args and args[0] not in (*self.commands, *_HELP):
            args = ["judge", *args]
        return super().parse_args(ctx, args)


@click.group(cls=JudgeByDefault, context_settings={"help_option_names": list(_HELP)})
def main() -> None:
    """Judge a run folder, or put the percentiles of several together."""


main.add_command(percentiles)


@main.command(context_settings={"help_option_names": list(_HELP)})
@click.argument("run_dir", type=click.Path(path_type=Path))
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def judge(run_dir: Path, *, quiet: bool) -> None:
    """Judge RUN_DIR and write report.html, report.md, junit.xml and report.json into it."""
    with guarded():
        verdict = reports.build(run_dir)
        paths = reports.write(verdict, run_dir)
    if not quiet:
        _say(verdict, paths)
    sys.exit(EXIT_CODES[verdict.outcome])


def _say(verdict: Verdict, paths: list[Path]) -> None:
    words = OUTCOMES[verdict.outcome]
    click.echo(f"{SYMBOLS[verdict.outcome]} {words.en} · {words.vi}: {verdict.scenario.name}")
    for finding in verdict.causes:
        click.echo(f"  {SYMBOLS[finding.outcome]} {finding.name}: {finding.explanation.en}")
    if verdict.consequences:
        click.echo(f"  and what follows from it: {', '.join(f.name for f in verdict.consequences)}")
    open_questions = [f.name for f in verdict.findings if f.outcome == "inconclusive"]
    if open_questions:
        click.echo(f"  ? inconclusive: {', '.join(open_questions)}")
    for path in paths:
        click.echo(f"  {path}")


if __name__ == "__main__":
    main()
