"""Plays a probe: one rehearsal, and what it showed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rehearsal.conductor import How, conduct, open_folder
from rehearsal.errors import EvidenceError
from rehearsal.explore.evidence import Evidence
from rehearsal.explore.judging import Judged, Watch, judge
from rehearsal.explore.thinning import HOLD, Schedule
from rehearsal.plan import Planned
from rehearsal.progress import Progress
from reports.explore.model import Capacity, Doubt, Point, Probe
from reports.text import Text

TRIES = 2
"""A probe that cannot be believed is made once more."""

Play = Callable[[Planned], Path]
"""Carries out a plan and says whether the run can be believed: its folder.

Raises :class:`EvidenceError` where it came to no end."""


@dataclass(frozen=True)
class ProbePlayer:
    """Probes one point after the other. ``root`` is what the folders of probes are told relative to."""

    schedule: Schedule
    within: float
    root: Path
    play: Play
    say: Callable[[str], None]
    now: Callable[[], float] = time.monotonic

    def probe(self, point: Point) -> Probe:
        """Play a point until it can be believed, or has been tried often enough."""
        began = self.now()
        judged, folder, tries = Judged("not-known", Text()), "", 0
        while tries < TRIES and judged.state == "not-known":
            tries += 1
            try:
                path = self.play(self.schedule.probe(point, self.within))
                folder = str(path.relative_to(self.root))
                judged = showed(Evidence(path), point, self.within)
            except EvidenceError as error:
                judged = _unbelievable(str(error))
            if judged.state == "not-known":
                self.say(judged.reason.en)
        return Probe(
            point, judged.state, judged.reason, judged.after, folder, tries, round(self.now() - began, 1)
        )

    def capacity(self, probe: Probe) -> Capacity | None:
        """The load that the narrowest system can carry, as one probe shows it before its trigger."""
        evidence = Evidence(self.root / probe.folder)
        clock = evidence.plan.clock
        return evidence.capacity(
            clock.start + clock.warm_up, evidence.plan.faults[0].start, self.schedule.sessions_per_second
        )


def showed(evidence: Evidence, point: Point, within: float) -> Judged:
    """What a probe showed, if it can be believed."""
    if doubts := evidence.doubts():
        return _doubted(doubts[0])
    applied = evidence.applied()
    if applied is None or not applied.proved:
        return _unbelievable("it is not proved that the trigger came and went")
    clock = evidence.plan.clock
    watch = Watch(
        begin=clock.start + clock.warm_up,
        trigger=applied.start,
        gone=applied.gone,
        within=within,
        lowered=None if point.lowered is None else evidence.plan.faults[0].end + HOLD,
    )
    return judge(evidence.visits(), watch)


def _doubted(doubt: Doubt) -> Judged:
    return Judged(
        "not-known",
        Text(
            f"Lần chạy không đáng tin: {doubt.name}: {doubt.explanation.vi}",
            f"The run cannot be believed: {doubt.name}: {doubt.explanation.en}",
        ),
    )


def _unbelievable(why: str) -> Judged:
    return Judged(
        "not-known", Text(f"Lần chạy không đáng tin: {why}.", f"The run cannot be believed: {why}.")
    )


def played(runs: Path, how: How) -> Play:
    """What plays a plan in a new folder below ``runs``, and shows how far it is.

    Of the reports only the validity is made; ``rehearse report`` makes the rest for whoever wants to look.
    """

    def play(planned: Planned) -> Path:
        folder = open_folder(planned, runs)
        show = Progress(planned.plan)
        asyncio.run(conduct(planned.plan, folder, how, show=show))
        show.say("judging whether it can be believed")
        with (folder.logs / "validity.log").open("wb") as log:
            # in a process of its own: analysis needs pandas, which this one does not load
            subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-m", "reports.explore.validity", str(folder.path)],
                stdout=log,
                stderr=log,
                check=False,
            )
        return folder.path

    return play
