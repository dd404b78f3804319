"""The checks of how faults went find the defects they are there for, and only those."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.checks import backlog, isolation, recovery, retries, retry_spread, steadiness
from reports.checks.retry_spread import ENOUGH, coinciding, equal_pauses
from reports.finding import Finding
from tests.reports import fault_defects as defects
from tests.reports.conftest import evidence_of, plain
from tests.reports.factory import Night

CHECKS = (
    recovery.RECOVERED, backlog.DRAINS, retries.BOUNDED, retry_spread.SPREAD, isolation.PROVINCES,
    isolation.JOURNEYS, steadiness.SERVICE, steadiness.MEMORY,
)  # fmt: skip


@pytest.fixture
def examined(tmp_path: Path) -> Callable[[Night], dict[str, Finding]]:
    def examine(run: Night) -> dict[str, Finding]:
        evidence = evidence_of(run.write(tmp_path / "run"))
        return {found.name: found for check in CHECKS for found in check.findings(evidence)}

    return examine


Examined = Callable[[Night], dict[str, Finding]]

PLANTED = [
    # defect, the findings that tell of it, words of one of them
    (defects.slow_to_drain, ["backlog-drains.lgsp-01-cut"], "Gone after 30.00 s"),
    (defects.never_drained, ["backlog-drains.lgsp-01-cut"], "Not gone in the 34.20 s observed"),
    (defects.one_line_for_all, ["provinces-isolated.lgsp-01-cut"], "Only 01 Hà Nội had the fault"),
    (
        defects.journeys_dragged_along,
        ["journeys-isolated.vneid-slow"],
        "0.00 % / 431 before, 90.91 % / 55 while it lasted",
    ),
    (defects.hasty_retries, ["retries-bounded"], "again 59 times within 5.00 s"),
    (
        defects.storm_after_the_cure,
        ["backlog-drains.payment-ack-lost", "retries-bounded"],
        "long after payment-ack-lost was cured",
    ),
    (defects.fixed_pauses, ["retries-spread"], "national-portal always pauses alike before it tries charge"),
    (defects.one_timer, ["retries-spread"], "different pieces of work again at the same instants"),
    (defects.tiring_vneid, ["service-steady"], "vneid slows down"),
    (defects.leaking_process, ["memory-steady"], "mocks-national ("),
]


@pytest.mark.parametrize(("plant", "broken", "words"), PLANTED, ids=[case[0].__name__ for case in PLANTED])
def test_a_defect_is_found_by_the_check_for_it_and_by_no_other(
    run: Night, examined: Examined, plant: Callable[[Night], None], broken: list[str], words: str
) -> None:
    plant(run)
    missed = {name: found for name, found in examined(run).items() if found.outcome != "met"}
    assert list(missed) == broken, {name: found.explanation.en for name, found in missed.items()}
    assert words in plain(" ".join(found.explanation.en for found in missed.values()))
    assert all(found.explanation.vi and found.where for found in missed.values())


HONEST = [
    (defects.drained_at_once, "backlog-drains.lgsp-01-cut"),
    (defects.patient_retries, "retries-bounded"),
    (defects.patient_retries, "retries-spread"),
    (defects.growing_process, "memory-steady"),
]


@pytest.mark.parametrize(("plant", "name"), HONEST, ids=[f"{case[0].__name__}->{case[1]}" for case in HONEST])
def test_what_honest_systems_do_is_met(
    run: Night, examined: Examined, plant: Callable[[Night], None], name: str
) -> None:
    plant(run)
    found = examined(run)
    assert found[name].outcome == "met", found[name].explanation.en


def test_what_cannot_be_asked_of_a_run_is_not_asked(run: Night, examined: Examined) -> None:
    """An inconclusive finding would make the whole run inconclusive."""
    run.plan["faults"] = []
    run.events = [event for event in run.events if not event["event"].startswith("fault-")]
    run.calls = [call for call in run.calls if not call["error"]]
    assert set(examined(run)) == {"service-steady", "memory-steady"}


def test_a_run_without_anybody_is_not_asked(nothing: object) -> None:
    found = [each.name for check in CHECKS[1:] for each in check.findings(nothing)]  # type: ignore[arg-type]
    assert found == []


def test_a_backlog_that_cannot_be_watched_long_enough_is_inconclusive(run: Night, examined: Examined) -> None:
    defects.never_drained(run)
    run.plan["clock"]["end"] = 12.0
    run.run["drain_seconds"] = 1.0
    assert examined(run)["backlog-drains.lgsp-01-cut"].outcome == "inconclusive"


def test_fewer_than_three_that_waited_are_no_backlog(run: Night, examined: Examined) -> None:
    waiting = {row["record"] for row in defects._delivered(run, of_01=True)[2:]}
    run.stored = [row for row in run.stored if row["record"] not in waiting]
    assert "backlog-drains.lgsp-01-cut" not in examined(run)


# how spread retries are


@given(st.integers(0, 2**32 - 1), st.sampled_from([(0.0, 0.1), (0.0, 2.0), (1.0, 1.25), (0.5, 0.7)]))
def test_pauses_drawn_from_a_range_are_not_equal(seed: int, between: tuple[float, float]) -> None:
    """The chance of an alarm is 10⁻⁵ for the fewest pauses, and less for more."""
    pauses = np.random.default_rng(seed).uniform(*between, 3 * ENOUGH)
    assert equal_pauses([pauses]) is False


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 3.0))
def test_equal_pauses_are_found_though_some_are_late(seed: int, pause: float) -> None:
    rng = np.random.default_rng(seed)
    pauses = pause + rng.exponential(0.0005, 2 * ENOUGH)
    pauses[: ENOUGH // 4] += rng.exponential(0.5, ENOUGH // 4)
    assert equal_pauses([pauses]) is True


def test_of_few_pauses_nothing_is_said() -> None:
    assert equal_pauses([np.full(ENOUGH, 1.0)]) is None
    assert equal_pauses([np.full(ENOUGH + 1, 1.0)]) is True


def _works(count: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.arange(1, count + 1, dtype=np.uint64)


@given(st.integers(0, 2**32 - 1), st.floats(1.0, 1000.0))
def test_independent_retries_do_not_coincide(seed: int, per_second: float) -> None:
    at = np.cumsum(np.random.default_rng(seed).exponential(1 / per_second, 120))
    assert coinciding(at, _works(len(at))) is not True


def test_one_moment_in_which_many_come_is_no_common_timer() -> None:
    at = np.sort(np.concatenate([np.arange(60) * 0.2, np.full(20, 5.05)]))
    assert coinciding(at, _works(len(at))) is False
    timer = np.repeat(np.arange(10.0), 3)
    assert coinciding(timer, _works(len(timer))) is True


def test_tries_of_one_piece_of_work_do_not_coincide_with_themselves() -> None:
    timer = np.repeat(np.arange(10.0), 3)
    assert coinciding(timer, np.ones(len(timer), dtype=np.uint64)) is None
