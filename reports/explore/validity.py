"""``python -m reports.explore.validity RUN``: can this run be believed? Nothing else is asked.

An exploration asks it of dozens of runs; a whole report would take three times as long. The answer is
``validity.json`` in the run folder. Exit codes: 0 written · 2 the folder cannot be read.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from reports import frames
from reports.checks import CHECKS
from reports.errors import ReportError
from reports.evidence import Evidence
from reports.explore.model import Doubt, Validity
from reports.run import Run

FILE = "validity.json"
UNREADABLE = 2


def examine(run_dir: Path) -> Validity:
    """What the validity checks have against a run; :class:`ReportError` where it cannot be read."""
    run = Run.open(run_dir)
    evidence = Evidence(run, frames.load(run), None)
    return Validity(
        [
            Doubt(finding.name, finding.explanation)
            for check in CHECKS
            if check.kind == "validity"
            for finding in check.findings(evidence)
            if finding.outcome != "met"
        ]
    )


@click.command(help=__doc__)
@click.argument("run_dir", metavar="RUN", type=click.Path(path_type=Path))
def main(run_dir: Path) -> None:
    """Write validity.json."""
    try:
        found = examine(run_dir)
        (run_dir / FILE).write_bytes(msgspec.json.encode(found))
    except (ReportError, OSError) as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(UNREADABLE)


if __name__ == "__main__":
    main()
