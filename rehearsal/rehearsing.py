"""A rehearsal from its plan to its verdict: what ``rehearse run`` does, and what others do many times."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from rehearsal.conductor import How, conduct, open_folder
from rehearsal.errors import ExitCode, Interrupted
from rehearsal.plan import Planned
from rehearsal.progress import Progress


def rehearse(planned: Planned, runs: Path, how: How, show: Progress) -> tuple[Path, int]:
    """Carry out a plan in a new folder below ``runs`` and judge it: the folder, and the exit code.

    Raises :class:`~rehearsal.errors.RehearsalError`. An interrupted run is judged, too, by what was seen.
    """
    folder = open_folder(planned, runs)
    try:
        asyncio.run(conduct(planned.plan, folder, how, show=show))
    except Interrupted:
        if folder.record.t0_monotonic_ns:  # before the clock was set there was nothing to be seen
            judge(folder.path)
        raise
    show.say("judging what was seen")
    return folder.path, judge(folder.path)


def judge(folder: Path) -> int:
    """Build the reports of a run folder in a process of its own; its exit code.

    Analysis needs pandas, which this process does not load.
    """
    status = subprocess.run([sys.executable, "-m", "reports", str(folder)], check=False).returncode  # noqa: S603 - our own module
    return status if status in set(ExitCode) else ExitCode.OUR_FAULT
