"""Intervals hold the truth as often as they say, and a percentile that cannot be defended is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import coverage
from reports.blocks import Blocks, Floats, Timeline
from reports.intervals import LEVELS, Interval, quantile_ranks, quantiles, share

SEEDS = 200
RUN = Timeline(0.0, 40.0)

SIMULATED = {
    "independent, exponential": (coverage.exponential(4_000), ("p50", "p95", "p99", "p99.9")),
    "independent, lognormal": (coverage.lognormal(2_000), ("p50", "p95", "p99")),
    "autoregressive": (coverage.autoregressive(5_000, 0.9), ("p50", "p95")),
    "queue at 70 %": (coverage.queue(20_000, 0.7), ("p50", "p95", "p99")),
    "queue at 90 %": (coverage.queue(60_000, 0.9), ("p50", "p95")),
    "frozen for 5 s of 40 s": (coverage.frozen(50.0), ("p50", "p95")),
}


@pytest.mark.parametrize("name", SIMULATED)
def test_intervals_hold_the_truth_in_93_of_100_runs_at_least(name: str) -> None:
    process, levels = SIMULATED[name]
    found = coverage.coverage(process, SEEDS)
    for level in levels:
        told = found[level]
        assert (told["said"] or 0) >= 0.9, f"{level} is hardly ever said: {told}"
        assert (told["coverage"] or 0) >= coverage.REQUIRED, f"{level}: {told}"
    for level, told in found.items():
        assert (told["wrong"] or 0) <= 1 - coverage.REQUIRED, f"{level}: too often something untrue: {told}"


@pytest.mark.parametrize("name", ["autoregressive", "queue at 70 %", "queue at 90 %"])
def test_intervals_that_ignore_correlation_would_fail_the_test_above(name: str) -> None:
    process, _ = SIMULATED[name]
    held = 0
    for seed in range(50):
        _, values = process.draw(np.random.default_rng(seed))
        ordered = np.sort(values)
        low, high = quantile_ranks(len(values), len(values), 0.95)
        held += ordered[low - 1] <= process.truth(0.95) <= ordered[high - 1]
    assert held / 50 < 0.8


def test_one_unplanned_event_is_no_basis_for_a_p95() -> None:
    """Of a planned standstill the p95 is known; of one that just happened, nobody knows how often it will."""
    at, values = coverage.frozen(50.0).draw(np.random.default_rng(7))
    planned = _of(at, values, Timeline.of(0.0, 40.0, [coverage.FROZEN]))[0.95]
    unplanned = _of(at, values, RUN)[0.95]
    assert planned.value == pytest.approx(3.0, rel=0.2)
    assert unplanned.value is None
    assert unplanned.estimate == planned.estimate
    assert unplanned.effective < unplanned.needed < unplanned.count


def _of(at: Floats, values: Floats, timeline: Timeline = RUN) -> dict[float, Interval]:
    return dict(zip(LEVELS, quantiles(values, Blocks(at, timeline), LEVELS), strict=True))


def _evenly(n: int) -> Floats:
    return np.linspace(0.0, 40.0, n, endpoint=False)


@pytest.mark.parametrize(("level", "needed"), [(0.5, 5), (0.95, 59), (0.99, 299), (0.999, 2995)])
def test_too_few_samples_give_no_percentile_and_say_how_many_it_takes(level: float, needed: int) -> None:
    values = np.random.default_rng(1).permutation(needed - 1) / 1000
    interval = _of(_evenly(needed - 1), values)[level]
    assert (interval.value, interval.low, interval.high) == (None, None, None)
    assert (interval.count, interval.needed) == (needed - 1, needed)
    assert interval.estimate is not None


def test_no_samples_at_all() -> None:
    assert _of(np.empty(0), np.empty(0))[0.5] == Interval(None, None, None, 0, 0.0, 5)


@pytest.mark.parametrize("n", [300, 3_000, 10_000])
def test_a_constant_time_is_known_exactly_and_not_rounded(n: int) -> None:
    """A true 1.049 s never passes for less than one second: Locust's statistics would say 1.0 s."""
    for interval in _of(_evenly(n), np.full(n, 1.049)).values():
        assert interval.estimate == 1.049
        assert interval.effective == n
        if interval.value is not None:
            assert (interval.low, interval.high) == (1.049, 1.049)


def test_equal_times_are_not_taken_for_correlated_because_of_their_place_in_the_journal() -> None:
    values = np.where(np.arange(4_000) % 10 == 0, 0.2, 0.1)
    assert _of(_evenly(4_000), values)[0.95].effective == pytest.approx(4_000, rel=0.05)


@pytest.mark.parametrize(
    ("n", "level", "expected"),
    [
        # Hahn and Meeker, Statistical Intervals: the tightest symmetric ranks that hold 95 %
        pytest.param(10, 0.5, (2, 9), id="the median of ten"),
        pytest.param(100, 0.5, (40, 61), id="the median of a hundred"),
        pytest.param(1_000, 0.95, (936, 964), id="the p95 of a thousand"),
        pytest.param(300, 0.99, (293, 300), id="the p99 of three hundred: up to the largest"),
    ],
)
def test_the_ranks_for_independent_samples_are_those_of_the_binomial(
    n: int, level: float, expected: tuple[int, int]
) -> None:
    low, high = quantile_ranks(n, n, level)

    def at_most(k: int) -> float:
        return sum(math.comb(n, i) * level**i * (1 - level) ** (n - i) for i in range(k + 1))

    assert at_most(low - 1) <= 0.025 or low == 1
    assert 1 - at_most(high - 1) <= 0.025 or high == n
    assert (low, high) == expected


def test_samples_that_are_worth_a_tenth_have_the_interval_of_a_tenth() -> None:
    few, many = quantile_ranks(1_000, 1_000, 0.95), quantile_ranks(10_000, 1_000, 0.95)
    # in parts of all samples, rounded outwards
    assert (many[0] - 1) / 10_000 == pytest.approx((few[0] - 1) / 1_000, abs=1e-3)
    assert many[1] / 10_000 == pytest.approx(few[1] / 1_000, abs=1e-3)


@settings(max_examples=60)
@given(
    st.lists(st.floats(0, 40, exclude_max=True), min_size=1, max_size=400),
    st.integers(0, 2**32 - 1),
    st.lists(st.tuples(st.floats(0, 40), st.floats(0, 40)), max_size=3),
)
def test_what_always_holds(instants: list[float], seed: int, windows: list[tuple[float, float]]) -> None:
    rng = np.random.default_rng(seed)
    at, values = np.array(instants), rng.lognormal(size=len(instants))
    timeline = Timeline.of(0.0, 40.0, windows)
    told = _of(at, values, timeline)
    for interval in told.values():
        assert 0 < interval.effective <= interval.count == len(values)
        assert interval.estimate in values
        if interval.low is not None and interval.high is not None and interval.estimate is not None:
            assert interval.low <= interval.estimate <= interval.high
    order = rng.permutation(len(values))
    assert _of(at[order], values[order], timeline) == told, "the order of the journal must not matter"
    doubled = _of(at, values * 2, timeline)
    assert [each.high for each in doubled.values()] == [each.high and each.high * 2 for each in told.values()]


@pytest.mark.parametrize(
    ("windows", "episodes"),
    [
        pytest.param([], (), id="no fault"),
        pytest.param([(5, 10)], ((5, 10),), id="one fault"),
        pytest.param([(5, 10), (8, 12)], ((5, 8), (8, 10), (10, 12)), id="overlapping faults"),
        pytest.param([(8, 12), (5, 8)], ((5, 8), (8, 12)), id="one after the other"),
        pytest.param([(-5, 3), (38, 50)], ((0, 3), (38, 40)), id="cut at the edges"),
        pytest.param([(-5, -1), (50, 60), (7, 7)], (), id="outside, or without length"),
        pytest.param([(0, 25)], (), id="most of the time"),
    ],
)
def test_the_episodes_of_fault_windows(
    windows: list[tuple[float, float]], episodes: tuple[tuple[float, float], ...]
) -> None:
    assert Timeline.of(0, 40, windows).episodes == episodes


def test_a_rate_that_changes_with_the_plan_is_no_correlation() -> None:
    """Nobody comes before the twentieth second, and a planned fault makes every answer slow: of independent
    samples the plan leaves most of what they are worth."""
    at = np.sort(np.random.default_rng(3).uniform(20, 40, 4_000))
    values = np.random.default_rng(4).exponential(size=4_000)
    values[(at >= 25) & (at < 28)] += 10
    interval = _of(at, values, Timeline.of(0.0, 40.0, [(25.0, 28.0)]))[0.95]
    assert interval.effective > 2_000


# shares


def _share(hit: list[bool] | Floats) -> Interval:
    blocks = Blocks(_evenly(len(hit)), RUN)
    return share(blocks.counts(np.array(hit, dtype=bool)), blocks)


def test_the_share_of_independent_samples_has_the_interval_of_clopper_and_pearson() -> None:
    none, every = _share([False] * 1_000), _share([True] * 1_000)
    # of n without any: 1 − 0.025^(1/n)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 1_000))
    assert (none.low, every.high) == (0.0, 1.0)
    assert every.low == pytest.approx(0.025 ** (1 / 1_000))


def test_bad_answers_in_one_burst_make_the_share_less_certain_than_scattered_ones() -> None:
    scattered, burst = np.zeros(4_000), np.zeros(4_000)
    scattered[np.random.default_rng(1).choice(4_000, 200, replace=False)] = 1
    burst[1_000:1_200] = 1
    spread, lumped = _share(scattered), _share(burst)
    assert spread.estimate == lumped.estimate == 0.05
    assert spread.effective > 3_000
    assert lumped.effective < 100


def test_the_share_of_nothing_is_unknown() -> None:
    assert _share([]) == Interval(None, None, None, 0, 0.0, 1)
