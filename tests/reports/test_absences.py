"""What a fault of the plan does to a process of mocks is no finding about the instrument."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reports.absences import absences, of_process, torn_by_plan, touch
from reports.instrument.event_loops import PERIOD, Loop, is_watched, loop
from reports.instrument.little import LittlesLaw, Process, compare
from reports.verdict import Verdict
from tests.reports.conftest import evidence_of, finding
from tests.reports.factory import Night, ns

Judge = Callable[..., Verdict]

CRASH = "vneid-crash"
START, END = 30.0, 33.0
LINKS = ["citizens--vneid", "national-portal--vneid"]


def crash(run: Night, *, planned: bool = True, kind: str = "killed", takes: float = 1.9) -> None:
    """VNeID is killed at T0+30 s and back at T0+33 s; the last seconds of its journal are gone with it."""
    for row in run.samples:
        if row["link"] == "citizens--vneid" and ns(START) <= row["sent"] < ns(END):
            row.update(status=0, outcome="failed", error="reset", done=row["sent"] + 2_000_000)
    lost = (ns(START - takes), ns(END))
    run.received = [r for r in run.received if r["system"] != "vneid" or not lost[0] <= r["done"] < lost[1]]
    if planned:
        run.plan["faults"].append(
            {
                "name": CRASH, "kind": kind, "place": "process", "systems": ["vneid"], "links": LINKS,
                "title": {"vi": "Hệ thống sập", "en": "System crashed"}, "start": START, "end": END,
                "recover_within": 5.0,
            }
        )  # fmt: skip
    fault = CRASH if planned else ""
    common = {"process": "mocks-vneid", "fault": fault}
    told = [
        {"at": ns(START), "event": "process-ended", "status": -9, **common},
        {"at": ns(END), "event": "process-started", **common},
    ]
    if planned:
        told.insert(1, {"at": ns(START), "event": "fault-applied", "fault": CRASH, "links": LINKS})
        told.append({"at": ns(END), "event": "fault-healed", "fault": CRASH, "links": LINKS, "proved": LINKS})
    place = next(i for i, row in enumerate(run.events) if row.get("phase") == "heal")
    run.events[place:place] = told


def torn(folder: Path) -> None:
    """The journals of the first life end in the middle."""
    for name in ("received.vneid.1.arrows", "calls.vneid.1.arrows", "pulse.mocks-vneid.1.arrows"):
        (folder / name).write_bytes(b"")


def test_a_planned_death_and_what_it_took_along_leave_the_run_credible(run: Night, judge: Judge) -> None:
    crash(run)
    verdict = judge(run, torn)
    for name in (
        "run-completed",
        "journals-complete",
        "both-ends-agree",
        f"fault-hit.{CRASH}",
        "faults-healed",
    ):
        found = finding(verdict, name)
        assert found.outcome == "met", found


def test_the_same_death_that_nobody_planned_does_not(run: Night, judge: Judge) -> None:
    crash(run, planned=False, takes=5.0)
    verdict = judge(run, torn)
    assert finding(verdict, "run-completed").where == ["mocks-vneid (-9)"]
    assert set(finding(verdict, "journals-complete").where) == {
        "received.vneid.1.arrows", "calls.vneid.1.arrows", "pulse.mocks-vneid.1.arrows"
    }  # fmt: skip
    assert finding(verdict, "both-ends-agree").outcome == "missed"


def test_what_was_lost_long_before_a_planned_death_is_no_work_of_it(run: Night, judge: Judge) -> None:
    crash(run, takes=7.0)
    assert finding(judge(run), "both-ends-agree").outcome == "missed"


def test_a_fault_of_another_process_excuses_nobody(run: Night, judge: Judge) -> None:
    crash(run)
    run.events = [row | {"process": "mocks-payment"} if "process" in row else row for row in run.events]
    assert finding(judge(run, torn), "journals-complete").outcome == "missed"


def test_an_absence_begins_with_what_was_lost_and_ends_when_it_has_settled(
    run: Night, tmp_path: Path
) -> None:
    crash(run)
    evidence = evidence_of(run.write(tmp_path))
    assert absences(evidence) == {"vneid": [(START - 2.0, END + 1.0)]}
    assert of_process(evidence, "mocks-vneid") == [(START - 2.0, END + 1.0)]
    assert of_process(evidence, "mocks-national") == of_process(evidence, "worker-0") == []
    assert torn_by_plan(evidence, "calls.vneid.1.arrows")
    assert not torn_by_plan(evidence, "samples.0.arrows")
    assert not torn_by_plan(evidence, "stored.vneid.arrow")


def test_a_frozen_process_loses_nothing_of_what_was_before(run: Night, tmp_path: Path) -> None:
    crash(run, kind="frozen")
    assert absences(evidence_of(run.write(tmp_path))) == {"vneid": [(START, END + 1.0)]}


@pytest.mark.parametrize(
    ("clock_end", "watched"), [pytest.param(40.0, True, id="long"), pytest.param(8.0, False, id="short")]
)
def test_a_process_is_watched_where_enough_is_left_of_the_window(
    run: Night, tmp_path: Path, clock_end: float, watched: bool
) -> None:
    crash(run)
    run.plan["clock"]["end"] = clock_end
    run.plan["clock"]["warm_up"] = 20.0
    run.plan["faults"][-1]["start"], run.plan["faults"][-1]["end"] = 3.0, 6.0
    for row in run.events:
        if row.get("fault") == CRASH:
            row["at"] -= 27_000_000_000
    evidence = evidence_of(run.write(tmp_path))
    assert is_watched(evidence, "mocks-vneid") == watched
    assert is_watched(evidence, "mocks-national")


@pytest.mark.parametrize(
    ("begun", "done", "met"),
    [
        pytest.param(0.0, 0.9, False, id="before"),
        pytest.param(0.0, 1.0, True, id="up to it"),
        pytest.param(1.2, 1.3, True, id="within"),
        pytest.param(0.0, 9.0, True, id="all around it"),
        pytest.param(2.1, 2.9, False, id="between two"),
        pytest.param(3.5, 9.0, True, id="in the second"),
    ],
)
def test_a_stretch_touches_a_span_that_it_shares_a_moment_with(begun: float, done: float, met: bool) -> None:
    assert touch([(1.0, 2.0), (3.0, 4.0)], [begun], [done]).tolist() == [met]


# the figures of a process that was away


def _pulses(at: np.ndarray, lag: np.ndarray | float = 0.0005, in_flight: object = 1) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "process": "mocks-vneid", "at": at, "loop_lag": lag, "thread_lag": 0.0, "cpu": 0.2 * at,
            "waited": 0.01 * at, "in_flight": in_flight,
        }
    )  # fmt: skip


def _of(pulses: pd.DataFrame, *away: tuple[float, float]) -> Loop:
    return loop("mocks-vneid", pulses, 1.0, 59.0, 0.1, away)


def test_a_frozen_process_is_late_by_the_plan_and_late_elsewhere_all_the_same() -> None:
    due = np.arange(0.0, 60.0, PERIOD)
    frozen = np.where((due >= 20) & (due < 26), 26.0, due + 0.0005)
    pulses = _pulses(frozen, frozen - due)
    assert (_of(pulses).lag_p99 or 0) > 5
    seen = _of(pulses, (20.0, 27.0))
    assert seen.lag_p99 == seen.lag_max == pytest.approx(0.0005)
    assert (seen.covered, seen.cause) == (1.0, "")
    assert (_of(pulses, (30.0, 37.0)).lag_p99 or 0) > 5


def test_nobody_is_heard_of_a_killed_process_and_nobody_has_to_be() -> None:
    due = np.arange(0.0, 60.0, PERIOD)
    pulses = _pulses(due[(due < 19.0) | (due > 25.0)] + 0.0005)
    assert _of(pulses).covered == pytest.approx(1 - 6 / 58, abs=0.01)
    assert _of(pulses, (18.0, 26.0)).covered == 1.0
    assert _of(pulses, (18.0, 22.0)).covered == pytest.approx(1 - 3 / 58, abs=0.01)


def _law(lost: tuple[float, float], *away: tuple[float, float]) -> LittlesLaw:
    """One process with 10 requests under way all the time; what was done in ``lost`` is in no journal."""
    begun = np.arange(-5.0, 65.0, 0.005)
    done = begun + 0.05
    at = np.arange(-5.0, 65.0, PERIOD) + 0.01
    counted = (np.searchsorted(begun, at) - np.searchsorted(done, at)).astype(float)
    kept = (done < lost[0]) | (done > lost[1])
    process = Process(at, counted, begun[kept], done[kept], away)
    return compare("mocks", [process], np.linspace(0.0, 60.0, 61))


def test_littles_law_is_silent_on_what_a_killed_process_took_along() -> None:
    told = _law((20.0, 26.0))
    assert told.counted - told.derived == pytest.approx(1.0, abs=0.02)
    law = _law((20.0, 26.0), (19.0, 27.0))
    assert law.counted == pytest.approx(law.derived, abs=0.02)
    assert law.derived == pytest.approx(10 * (60 - 10) / 60, rel=0.02), "ten seconds were touched"
    assert law.rate == pytest.approx(200 * (60 - 10) / 60, rel=0.02)
    assert law.chance < told.chance


def test_littles_law_still_misses_what_is_lost_at_another_time() -> None:
    law = _law((20.0, 26.0), (40.0, 47.0))
    assert law.counted - law.derived == pytest.approx(1.0, abs=0.02)
