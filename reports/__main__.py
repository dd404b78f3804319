"""``python -m reports RUN_DIR``: judge a run folder and write its reports.

Exit codes: 0 met · 1 missed · 2 the folder is missing, damaged or inconsistent · 3 inconclusive · 70 our
fault.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

import reports
from reports.errors import ReportError
from reports.render.words import OUTCOMES, SYMBOLS
from reports.verdict import Verdict

EXIT_CODES = {"met": 0, "missed": 1, "inconclusive": 3}
UNREADABLE = 2
OWN_FAULT = 70


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("run_dir", type=click.Path(path_type=Path))
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def main(run_dir: Path, *, quiet: bool) -> None:
    """Judge RUN_DIR and write report.html, report.md, junit.xml and report.json into it."""
    try:
        verdict = reports.build(run_dir)
        paths = reports.write(verdict, run_dir)
    except ReportError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(UNREADABLE)
    except Exception as error:
        click.echo(
            f"internal error: {type(error).__name__}: {error}; this is a fault of the reports", err=True
        )
        sys.exit(OWN_FAULT)
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
