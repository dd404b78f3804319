"""What waits, for how long, and how long it should."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.impact import backlogs, course, herds
from reports.impact.backlog import REST, SLOWER, level
from reports.impact.waiting import late_dossiers, transits, ways_hit
from tests.reports import fault_defects
from tests.reports.conftest import evidence_of
from tests.reports.factory import Night, ns

WAITS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9)), max_size=15)


@given(WAITS, st.lists(st.integers(-1, 32), min_size=1, max_size=10))
def test_the_level_counts_who_has_left_and_not_arrived(
    waits: list[tuple[int, int]], moments: list[int]
) -> None:
    frame = pd.DataFrame([(left, left + took) for left, took in waits], columns=["left", "arrived"])
    expected = [sum(left <= at < left + took for left, took in waits) for at in moments]
    assert level(frame.astype("float64"), np.array(moments, dtype="float64")).tolist() == expected


def test_a_backlog_is_predicted_from_its_line_and_what_comes_on_top(run: Night, tmp_path: Path) -> None:
    """One delivery takes 30 ms, so a line delivers 33 per second."""
    fault_defects.drained_at_once(run)
    evidence = evidence_of(run.write(tmp_path / "run"))
    (found,) = backlogs(evidence, evidence.windows[0])
    assert (found.kind, found.ways, found.bottleneck) == (
        "dossiers", ["lgsp-01--case-01"], "national-portal--lgsp-01",
    )  # fmt: skip
    assert found.capacity == pytest.approx(1 / 0.03, rel=0.01)
    assert found.capacity is not None
    assert found.predicted is not None
    assert found.predicted == pytest.approx(found.at_cure / (found.capacity - found.arriving))
    assert found.allowed == pytest.approx(REST + SLOWER * found.predicted)
    assert found.gone_after == pytest.approx(0.2)
    assert found.peak >= found.at_cure > 3
    shown = course(evidence, evidence.windows[0])
    assert max(shown.waiting) >= found.at_cure - 1
    assert shown.waiting[0] == shown.waiting[-1] == 0


def test_what_never_arrives_waits_only_where_the_queues_are_not_empty(run: Night, tmp_path: Path) -> None:
    """Else it is lost, which is for the ledger to say."""
    fault_defects.never_drained(run)
    run.run.update(drained=True, backlog={})
    assert not len(late_dossiers(evidence_of(run.write(tmp_path / "run"))))


def test_the_ways_of_dossiers_are_those_over_the_faults_links_or_systems(run: Night, tmp_path: Path) -> None:
    run.plan["faults"][0]["links"] = ["case-04--lgsp-04", "lgsp-01--case-01"]
    run.plan["faults"][1].update(links=[], systems=["lgsp-11"], place="system")
    evidence = evidence_of(run.write(tmp_path / "run"))
    down = ["national-portal--lgsp-01", "lgsp-01--case-01"]
    assert ways_hit(evidence, evidence.windows[0]) == {
        ("01", True): down, ("04", False): ["case-04--lgsp-04", "lgsp-04--national-portal"],
    }  # fmt: skip
    assert set(ways_hit(evidence, evidence.windows[1])) == {("11", True), ("11", False)}
    assert ways_hit(evidence, evidence.windows[2]) == {}


def test_dossiers_go_down_from_the_national_portal_and_up_from_a_case_system(
    run: Night, tmp_path: Path
) -> None:
    mine = {row["system"]: row for row in run.stored if row["record"] == run.stored[0]["record"]}
    for system, at in (("national-portal", -3.0), ("case-" + run.stored[0]["province"], -5.0)):
        mine[system]["at"] = ns(at)
    way = transits(evidence_of(run.write(tmp_path / "run")))
    (up,) = way[way["left"] == -5.0].itertuples()
    assert (up.down, up.arrived, up.province) == (False, -3.0, run.stored[0]["province"])
    assert bool(way.loc[way["left"] > 0, "down"].all())
    assert bool((way["arrived"] >= way["left"]).all())


def test_a_herd_is_what_comes_in_a_tenth_of_a_second_after_the_cure(run: Night, tmp_path: Path) -> None:
    like = next(row for row in run.received if row["system"] == "vneid")
    for number in range(50):
        at = ns(17.31 + 0.001 * number)
        run.received.append({**like, "at": at, "done": at + 10, "status": 503 if number >= 40 else 200,
                             "service_us": 0 if number >= 40 else 4000})  # fmt: skip
    evidence = evidence_of(run.write(tmp_path / "run"))
    (herd,) = herds(evidence, evidence.windows[1])
    assert (herd.system, herd.peak_after, herd.refused) == ("vneid", 0.3, 10)
    assert 50 <= herd.peak < 60
    assert herd.capacity == pytest.approx(16 / 0.004 * 0.1)
    assert herd.ordinary is not None
    assert 0 < herd.ordinary < 5
