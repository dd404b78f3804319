"""The figures about the instrument, against what they must be by construction."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_strategies

from reports.evidence import Evidence
from reports.instrument import Instrument, instrument
from reports.instrument.accounts import arrival_account, missing_arrivals, request_accounts
from reports.instrument.chance import standard_errors
from reports.instrument.event_loops import PERIOD, Loop, loop
from reports.instrument.little import LittlesLaw, Process, compare, integral, under_way
from reports.instrument.prober import Compared, paired
from reports.instrument.prober import compare as compare_quantile
from tests.reports import defects, instrument_defects
from tests.reports.conftest import evidence_of
from tests.reports.factory import Night

# accounts


@pytest.mark.parametrize(
    "plant",
    [
        defects.no_defect,
        instrument_defects.under_offered,
        instrument_defects.forgotten_arrivals,
        instrument_defects.killed_worker,
    ],
    ids=lambda plant: plant.__name__,
)
def test_arrivals_balance_for_every_second_province_and_worker(
    run: Night, tmp_path: Path, plant: Callable[[Night], None]
) -> None:
    plant(run)
    evidence = evidence_of(run.write(tmp_path / "run"))
    account = arrival_account(evidence)
    rows = pd.DataFrame(
        {
            "second": np.floor(account.planned),
            "province": evidence.frames.arrivals["province"].astype(str),
            "worker": account.worker,
            "planned": 1,
            "found": account.begun.astype(int) + account.dropped + account.unaccounted,
        }
    )
    for dimension in ("second", "province", "worker"):
        sums = rows.groupby(dimension)[["planned", "found"]].sum()
        assert (sums["planned"] == sums["found"]).all(), dimension


def test_every_figure_of_a_clean_night_is_there(evidence: Evidence) -> None:
    told = instrument(evidence)
    assert [(w.worker, w.host, w.finished, w.unaccounted) for w in told.workers] == [
        (0, "host-0", True, 0),
        (1, "host-1", True, 0),
    ]
    assert sum(w.planned for w in told.workers) == evidence.run.plan.arrivals.count
    assert all(w.loop and w.loop.cause == "" and w.loop.covered > 0.99 for w in told.workers)
    assert all(w.loop and w.loop.cpu == pytest.approx(0.3, rel=0.02) for w in told.workers)
    assert [loop.process for loop in told.mocks] == ["mocks-national", "mocks-provinces"]
    assert len(told.clocks) == 4
    assert [(seen.step, len(seen.quantiles)) for seen in told.probes] == [("track", 2)]
    assert [law.side for law in told.littles_law] == ["swarm", "mocks"]
    assert msgspec.json.decode(msgspec.json.encode(told), type=Instrument) == told


def test_what_a_killed_worker_took_with_it_is_known_per_second(run: Night, tmp_path: Path) -> None:
    instrument_defects.killed_worker(run)
    evidence = evidence_of(run.write(tmp_path / "run"))
    missing = missing_arrivals(evidence)[1]
    planned = evidence.frames.arrivals["planned"]
    mine = planned[planned.index % 2 == 1]
    for second, n in enumerate(missing.per_second, start=missing.first):
        due = int(((mine >= max(second, 10)) & (mine < second + 1)).sum())
        assert n == due, f"second {second}"
    account = request_accounts(evidence)[1]
    assert account.lost == account.unwritten + account.under_way > 0


# event loops

LIMIT = 0.1


def _pulses(
    stalls: list[tuple[float, float]], *, cpu: float, waited: float, thread: float, kernel: bool = True
) -> pd.DataFrame:
    """60 s of pulses with stalls (at, lasts), during which these shares of the time were so spent."""
    due = np.arange(0.0, 60.0, PERIOD)
    at, thread_lag = due + 0.0005, np.full(len(due), 0.0004)
    used, without = 0.2 * at, 0.01 * at
    for begin, lasts in stalls:
        inside, after = (due >= begin) & (due < begin + lasts), due >= begin
        at[inside] = begin + lasts
        thread_lag[inside] = thread * lasts
        used[after] += cpu * lasts
        without[after] += waited * lasts
    return pd.DataFrame(
        {
            "process": "worker-0", "at": at, "loop_lag": at - due, "thread_lag": thread_lag, "cpu": used,
            "waited": without if kernel else 0.0, "in_flight": 1,
        }
    )  # fmt: skip


def _loop(pulses: pd.DataFrame) -> Loop:
    return loop("worker-0", pulses.sample(frac=1, random_state=3), 1.0, 59.0, LIMIT)


EVERY_SECOND = [(float(second), 0.4) for second in range(2, 58)]


@pytest.mark.parametrize(
    ("cpu", "waited", "thread", "kernel", "cause"),
    [
        pytest.param(0.1, 0.9, 0.95, True, "starved", id="no-cpu"),
        pytest.param(0.45, 0.55, 0.6, True, "starved", id="shares-its-core"),
        pytest.param(0.1, 0.0, 0.95, False, "starved", id="no-cpu-and-a-kernel-that-does-not-count"),
        pytest.param(1.0, 0.0, 0.04, True, "busy", id="python-code"),
        pytest.param(1.0, 0.0, 0.95, True, "busy", id="c-code-that-keeps-the-interpreter-lock"),
        pytest.param(0.0, 0.0, 1.0, True, "stopped", id="sigstop"),
        pytest.param(0.0, 0.0, 0.0, True, "blocked", id="waits-in-a-call"),
    ],
)
def test_the_cause_of_lateness_is_told_apart(
    cpu: float, waited: float, thread: float, kernel: bool, cause: str
) -> None:
    seen = _loop(_pulses(EVERY_SECOND, cpu=cpu, waited=waited, thread=thread, kernel=kernel))
    assert seen.cause == cause
    assert seen.lag_p99 == pytest.approx(0.4, abs=PERIOD)


def test_one_long_stall_weighs_as_long_as_it_lasted() -> None:
    """Frozen for 6 of 58 s: a tenth of the time is late, though only one turn of the loop was."""
    seen = _loop(_pulses([(20.0, 6.0)], cpu=0.0, waited=0.0, thread=1.0))
    assert seen.lag_max == pytest.approx(6.0, abs=PERIOD)
    assert seen.lag_p99 == pytest.approx(6.0 - 0.58, abs=2 * PERIOD)
    assert seen.lag_p50 == pytest.approx(0.0005)
    assert seen.covered == 1.0


def test_a_stop_that_the_thread_tells_of_one_turn_later_is_no_blocked_loop() -> None:
    pulses = _pulses([(20.0, 3.0)], cpu=0.0, waited=0.0, thread=0.0)
    first_after = pulses.index[pulses["at"] > 23.0][0]
    pulses.loc[first_after, "thread_lag"] = 3.0
    assert _loop(pulses).cause == "stopped"


def test_time_without_any_pulse_is_not_covered() -> None:
    pulses = _pulses([], cpu=0.0, waited=0.0, thread=0.0)
    seen = _loop(pulses[(pulses["at"] < 30.0)])
    assert seen.covered == pytest.approx(0.5, abs=0.01)


def test_too_few_pulses_give_no_figures() -> None:
    assert loop("worker-0", _pulses([], cpu=0, waited=0, thread=0), 1.0, 4.0, LIMIT).lag_p99 is None


# Little's law


def _brute(begun: np.ndarray, done: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return np.array(
        [np.clip(np.minimum(done, b) - np.maximum(begun, a), 0, None).sum() for a, b in pairwise(edges)]
    )


@given(
    begun=numpy_strategies.arrays(float, st.integers(0, 40), elements=st.floats(-5, 15, width=32)),
    lasts=st.floats(0, 8),
    spread=st.floats(0, 3),
)
def test_requests_under_way_are_those_of_every_overlap(
    begun: np.ndarray, lasts: float, spread: float
) -> None:
    done = begun + lasts + spread * np.linspace(0, 1, len(begun))
    edges = np.linspace(0.0, 10.0, 11)
    np.testing.assert_allclose(under_way(begun, done, edges), _brute(begun, done, edges), atol=1e-6)


@given(st.lists(st.floats(0.01, 0.9), min_size=2, max_size=60), st.integers(0, 1000))
def test_what_was_sampled_is_integrated_without_a_gap(gaps: list[float], seed: int) -> None:
    at = np.cumsum(gaps)
    values = np.random.default_rng(seed).integers(0, 9, len(at)).astype(float)
    whole = np.array([at[0] - PERIOD, at[-1] + PERIOD])
    parts = np.linspace(at[0] - 1, at[-1] + 1, 7)
    expected = np.trapezoid(np.concatenate([[0], values, [0]]), np.concatenate([whole[:1], at, whole[1:]]))
    assert integral(at, values, whole).sum() == pytest.approx(expected)
    assert integral(at, values, parts).sum() == pytest.approx(expected)


def _queue(rate: float, mean: float, seed: int, seconds: float = 60.0) -> tuple[np.ndarray, np.ndarray]:
    """M/G/∞ with a surge to five times the rate in its middle third: when requests began and were done."""
    rng = np.random.default_rng(seed)
    at = rng.uniform(-5.0, seconds + 5.0, rng.poisson(rate * (seconds + 10.0)))
    surge = rng.uniform(seconds / 3, 2 * seconds / 3, rng.poisson(4 * rate * seconds / 3))
    begun = np.concatenate([at, surge])
    return begun, begun + rng.lognormal(math.log(mean) - 0.5, 1.0, len(begun))


EDGES = np.linspace(0.0, 60.0, 61)
TICKS = np.arange(-5.0, 65.0, PERIOD)


def _number(begun: np.ndarray, done: np.ndarray, at: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.sort(begun), at, "right") - np.searchsorted(np.sort(done), at, "right")


def _law(
    begun: np.ndarray, done: np.ndarray, kept: np.ndarray | slice = slice(None), at: np.ndarray = TICKS
) -> LittlesLaw:
    """Counted of all requests at these instants, derived of those that were kept."""
    return compare("swarm", [Process(at, _number(begun, done, at), begun[kept], done[kept])], EDGES)


@pytest.mark.parametrize("rate", [2.0, 20.0, 300.0])
@pytest.mark.parametrize("seed", range(4))
def test_littles_law_holds_in_a_surge(rate: float, seed: int) -> None:
    begun, done = _queue(rate, 0.05, seed)
    law = _law(begun, done)
    assert law.known
    assert law.counted == pytest.approx(law.derived, rel=1e-9)
    assert law.derived == pytest.approx(_brute(begun, done, EDGES).sum() / 60)


@pytest.mark.parametrize("seed", range(4))
def test_littles_law_misses_one_request_in_twenty(seed: int) -> None:
    begun, done = _queue(300.0, 0.05, seed)
    kept = np.random.default_rng(seed).random(len(begun)) > 0.05
    law = _law(begun, done, kept)
    assert law.known
    assert not law.holds, f"counted {law.counted:.3f}, derived {law.derived:.3f}, allowed {law.tolerance:.3f}"
    assert law.counted > law.derived


def test_a_loop_that_counts_when_most_is_under_way_counts_no_more_than_there_is() -> None:
    begun, done = _queue(300.0, 0.05, 1)
    fine = TICKS[:-1, None] + np.arange(10) * PERIOD / 10
    number = _number(begun, done, fine.ravel()).reshape(fine.shape)
    at = np.take_along_axis(fine, number.argmax(axis=1)[:, None], axis=1).ravel()
    law = _law(begun, done, at=at)
    inside = (at >= 0) & (at <= 60)
    assert _number(begun, done, at)[inside].mean() > 1.05 * law.derived, "such instants see too much"
    assert law.counted == pytest.approx(law.derived, rel=1e-9)


def test_an_answer_that_the_counter_notices_late_is_a_gap_of_as_many_as_come_meanwhile() -> None:
    begun, done = _queue(300.0, 0.05, 1)
    noticed = _number(begun, done + 0.003, TICKS)
    law = compare("swarm", [Process(TICKS, noticed, begun, done)], EDGES)
    assert law.counted - law.derived == pytest.approx(law.rate * 0.003, rel=0.2)
    assert not law.holds


def test_a_process_that_does_not_count_is_no_agreement() -> None:
    begun, done = _queue(300.0, 0.05, 1)
    nothing = np.zeros(0)
    both = compare("mocks", [Process(TICKS, _number(begun, done, TICKS), begun, done)] * 2, EDGES)
    half = compare(
        "mocks",
        [
            Process(TICKS, _number(begun, done, TICKS), begun, done),
            Process(nothing, nothing, begun, done),
        ],
        EDGES,
    )
    assert both.holds
    assert both.derived == pytest.approx(half.derived)
    assert half.counted == pytest.approx(half.derived / 2)
    assert not half.holds


@pytest.mark.parametrize(("requests", "known"), [(0, False), (5, False), (6, True), (100, True)], ids=str)
def test_a_handful_of_requests_is_too_little_for_littles_law(requests: int, known: bool) -> None:
    begun = 1.01 + 0.5 * np.arange(requests)
    law = _law(begun, begun + PERIOD)
    assert law.seen == requests
    assert law.known == known
    if known:
        assert law.chance == pytest.approx(3 / requests * law.derived)


def test_what_falls_between_two_counts_is_not_seen() -> None:
    begun = 1.01 + 0.5 * np.arange(100)
    law = _law(begun, begun + PERIOD / 5)
    assert law.derived == pytest.approx(100 * PERIOD / 5 / 60)
    assert (law.seen, law.known) == (0, False)


# the prober


def _country(planned: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Response times in a country that slows down fivefold in its surge and stands still from 40 to 45 s."""
    pace = np.where((planned > 20) & (planned < 40), 5.0, 1.0)
    frozen = np.where((planned >= 40) & (planned < 45), 45 - planned, 0.0)
    return frozen + 0.02 * pace * rng.lognormal(0.0, 0.8, len(planned))


def _seen(at: np.ndarray, response: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"planned": at, "response": response})


def _both(seed: int, added: float = 0.0, quantile: float = 0.95) -> Compared:
    """The prober asks evenly, the swarm mostly in the surge."""
    rng = np.random.default_rng(seed)
    probed = (np.arange(600) + rng.random(600)) / 10
    asked = np.concatenate([rng.uniform(0, 60, 900), rng.uniform(20, 40, 1800)])
    return compare_quantile(
        paired(_seen(asked, _country(asked, rng) + added), _seen(probed, _country(probed, rng))), quantile
    )


@pytest.mark.parametrize("quantile", [0.5, 0.95])
def test_two_who_see_the_same_country_agree_through_surge_and_freeze(quantile: float) -> None:
    alarms = [seed for seed in range(60) if not _both(seed, quantile=quantile).agrees]
    assert alarms == [], "seeds of false alarms"


def test_without_pairing_the_surge_alone_would_look_like_a_disagreement() -> None:
    rng = np.random.default_rng(1)
    probed, asked = rng.uniform(0, 60, 600), rng.uniform(20, 40, 1800)
    swarm, prober = (float(np.median(_country(at, rng))) for at in (asked, probed))
    assert swarm - prober > 0.02
    assert _both(1, quantile=0.5).agrees


def test_a_swarm_that_adds_to_every_answer_is_found() -> None:
    missed = [seed for seed in range(30) if _both(seed, added=0.15, quantile=0.5).agrees]
    assert missed == [], "seeds of runs whose swarm added 150 ms unseen"


def test_a_difference_of_a_few_milliseconds_is_none() -> None:
    assert all(_both(seed, added=0.005, quantile=0.5).agrees for seed in range(10))


def test_constant_answers_that_differ_are_found_though_nothing_varies() -> None:
    at = np.arange(0, 20, 0.1)
    seen = compare_quantile(paired(_seen(at, np.full(200, 0.4)), _seen(at, np.full(200, 0.01))), 0.5)
    assert (seen.swarm, seen.prober, seen.agrees) == (0.4, 0.01, False)


def test_chance_explains_more_where_fewer_batches_estimate_it() -> None:
    assert standard_errors(100_000) == pytest.approx(3.0, abs=0.001)
    assert standard_errors(9) == pytest.approx(4.28, abs=0.01)
    assert standard_errors(1) == math.inf
