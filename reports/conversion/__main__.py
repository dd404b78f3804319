"""``python -m reports.conversion FOLDER``: reconcile a conversion and write its report into FOLDER.

Reads ``source/``, ``target/`` and ``rule/`` in it, or where the options say; ``planted.json`` and
``checks.json`` in it where there are any.

Exit codes: 0 met · 1 missed · 2 something is missing or damaged · 3 inconclusive · 70 our fault. Of a
trial with planted faults: 0 exactly these were found · 1 others.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

import click

from reports.command_line import EXIT_CODES, guarded
from reports.conversion.building import MADE_UP, Planted, build
from reports.conversion.expecting import Rule
from reports.conversion.reading import rule_tables
from reports.conversion.reconciling import reconcile
from reports.conversion.rendering import write_all
from reports.evidence_file import CommandCheck, CommandEvidence, write
from reports.run_check import decoded
from reports.text import Text, listed

PLANTED, CHECKS = "planted.json", "checks.json"
SHOWN = 4

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--source", type=_FOLDER, help="where the old systems' files lie; without it FOLDER/source")
@click.option("--target", type=_FOLDER, help="where the new systems' files lie; without it FOLDER/target")
@click.option("--rule", "rules", type=_FOLDER, help="where the rule lies; without it FOLDER/rule")
def main(folder: Path, source: Path | None, target: Path | None, rules: Path | None) -> None:
    """Reconcile a conversion and write its report into FOLDER."""
    began, started = time.perf_counter(), datetime.now().astimezone().isoformat(timespec="seconds")
    rules = rules or folder / "rule"
    with guarded():
        done = reconcile(source or folder / "source", target or folder / "target", rules, click.echo)
        planted = decoded(folder / PLANTED, list[Planted]) if (folder / PLANTED).exists() else None
        others = decoded(folder / CHECKS, list[CommandCheck]) if (folder / CHECKS).exists() else []
        conversion = build(
            done,
            Rule(rule_tables(rules)),
            started=started,
            seconds=time.perf_counter() - began,
            origin=MADE_UP if source is None else _theirs(source, target or folder / "target"),
            planted=planted,
            others=others,
        )
        paths = write_all(conversion, done.findings, folder)
        subject = "" if target is None else target.resolve().name
        told = CommandEvidence(conversion.kind, started, conversion.outcome, conversion.checks, subject)
        paths.append(write(folder, told))
    click.echo(conversion.sentence.en)
    for check in conversion.checks:
        click.echo(f"{check.outcome:12}  {check.name}: {check.finding.en}")
    for kind in conversion.kinds:
        if kind.count and not conversion.trial:
            click.echo(f"  {kind.kind}: {listed((each.record for each in kind.examples), SHOWN)}")
    for path in paths:
        click.echo(f"  {path}")
    if planted is None:
        sys.exit(EXIT_CODES[conversion.outcome])
    sys.exit(EXIT_CODES["met" if conversion.exact else "missed"])


def _theirs(source: Path, target: Path) -> Text:
    return Text(f"Tệp của {source} và {target}.", f"The files of {source} and {target}.")


if __name__ == "__main__":
    main()
