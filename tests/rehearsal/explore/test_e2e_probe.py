"""One real probe: a portal that retries for ever stays down after three seconds without its database."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.conductor import How
from rehearsal.explore.command import chosen
from rehearsal.explore.evidence import Evidence
from rehearsal.explore.playing import ProbePlayer, played
from rehearsal.explore.thinning import schedule
from rehearsal.scenario import load
from reports.explore.model import Limits, Point

pytestmark = pytest.mark.e2e

POINT = Point(0.8, 3.0)
LIMITS = Limits(0.1, 0.8, 0.5, 3.0, 0.1, 3, recover_within=3.0)


def test_a_portal_without_bounds_to_its_retries_stays_down(tmp_path: Path) -> None:
    scenario = load("metastable")
    whole = schedule(scenario, chosen(scenario, None), LIMITS, 1)
    player = ProbePlayer(
        whole,
        LIMITS.recover_within,
        tmp_path,
        played(tmp_path / "probes", How(beside_others=True)),
        say=print,
    )
    found = player.probe(POINT)
    assert found.state == "stayed-down", found.reason.en
    timeline = Evidence(tmp_path / found.folder).timeline(POINT)
    fault = -timeline.first
    assert sum(timeline.retries[: fault - 1]) == 0
    assert timeline.retries[-1] > timeline.begun[-1]
    assert sum(timeline.finished[-5:]) == 0
    capacity = player.capacity(found)
    assert capacity is not None
    assert capacity.system == "population"
    assert capacity.load == pytest.approx(1 / 0.9, rel=0.2)
