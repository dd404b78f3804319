"""``python -m reports.conversion FOLDER``: reconcile a conversion and write its report into FOLDER.

Reads ``source/``, ``target/`` and ``rule/`` in it, or what ``files.json`` in it names instead;
``planted.json`` and ``checks.json`` in it where there are any. It can be run again at any time.

Exit codes: 0 met · 1 missed · 2 something is missing or damaged · 3 inconclusive · 70 our fault. Of a
trial with planted faults: 0 exactly these were found · 1 others.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

import click
import msgspec

from reports.command_line import EXIT_CODES, guarded
from reports.conversion.building import MADE_UP, Planted, build
from reports.conversion.expecting import Rule
from reports.conversion.reading import rule_tables
from reports.conversion.reconciling import reconcile
from reports.conversion.rendering import write_all
from reports.evidence_file import CommandCheck, CommandEvidence, write
from reports.run_check import decoded
from reports.text import Text, listed

PLANTED, CHECKS, FILES = "planted.json", "checks.json", "files.json"
SHOWN = 4


class Files(msgspec.Struct, frozen=True):
    """``files.json``: where the files lie that somebody else made."""

    source: str
    target: str
    rule: str


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Reconcile a conversion and write its report into FOLDER."""
    began, started = time.perf_counter(), datetime.now().astimezone().isoformat(timespec="seconds")
    with guarded():
        theirs = decoded(folder / FILES, Files) if (folder / FILES).exists() else None
        files = theirs or Files(*(str(folder / name) for name in Files.__struct_fields__))
        done = reconcile(Path(files.source), Path(files.target), Path(files.rule), click.echo)
        planted = decoded(folder / PLANTED, list[Planted]) if (folder / PLANTED).exists() else None
        others = decoded(folder / CHECKS, list[CommandCheck]) if (folder / CHECKS).exists() else []
        conversion = build(
            done,
            Rule(rule_tables(Path(files.rule))),
            started=started,
            seconds=time.perf_counter() - began,
            origin=_origin(theirs) if theirs else MADE_UP,
            planted=planted,
            others=others,
        )
        paths = write_all(conversion, done.findings, folder)
        subject = Path(theirs.target).resolve().name if theirs else ""
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


def _origin(theirs: Files) -> Text:
    return Text(
        f"Tệp của {theirs.source} và {theirs.target}.", f"The files of {theirs.source} and {theirs.target}."
    )


if __name__ == "__main__":
    main()
