"""A rehearsal from its plan to its verdict: what ``rehearse run`` does, and what others do many times."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rehearsal.conductor import How, conduct, open_folder
from rehearsal.errors import Interrupted
from rehearsal.plan import Planned
from rehearsal.progress import Progress
from rehearsal.reporting import report


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
    """Build the reports of a run folder; the exit code of its verdict."""
    return report("reports", str(folder))
