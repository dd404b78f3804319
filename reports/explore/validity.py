"""``python -m reports.explore.validity RUN``: can this run be believed? Nothing else is asked.

An exploration asks it of dozens of runs; a whole report would take three times as long. The answer is
``validity.json`` in the run folder. Exit codes: 0 written · 2 the folder cannot be read.
"""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from reports import frames
from reports.checks import CHECKS
from reports.command_line import guarded
from reports.evidence import Evidence
from reports.explore.model import Doubt, Validity
from reports.files import write_whole
from reports.run import Run

FILE = "validity.json"


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
    with guarded():
        write_whole(run_dir / FILE, msgspec.json.encode(examine(run_dir)))


if __name__ == "__main__":
    main()
