"""Counts add up over workers and survive the way to the master."""

import math

import msgpack  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.swarm.progress import Lag, Progress

LAGS = st.lists(st.integers(-1_000_000_000, 60_000_000_000), max_size=50)


def lag_of(lags: list[int]) -> Lag:
    lag = Lag()
    for each in lags:
        lag.add(each)
    return lag


def test_without_lags_the_quantile_is_zero() -> None:
    assert Lag().quantile_ms(0.99) == 0.0


@given(LAGS.filter(bool), st.sampled_from([0.5, 0.9, 0.99, 1.0]))
def test_a_quantile_is_at_most_a_fifth_above_the_exact_one(lags: list[int], q: float) -> None:
    exact = max(sorted(lags)[math.ceil(q * len(lags)) - 1], 10_000) / 1e6
    assert exact * 0.999 <= lag_of(lags).quantile_ms(q) <= exact * 2**0.25 * 1.001


@given(LAGS, LAGS)
def test_lags_of_two_workers_add_up(one: list[int], two: list[int]) -> None:
    both = Progress(lag=lag_of(one)) + Progress(lag=lag_of(two))
    assert both.lag == lag_of(one + two)


@pytest.mark.parametrize("outcome", ["ok", "failed", "unknown"])
def test_a_sample_is_counted_once(outcome: str) -> None:
    progress = Progress()
    progress.count([outcome], [1_000], [5_001_000])
    counts = (progress.ok, progress.failed, progress.unknown)
    assert (progress.requests, sum(counts), getattr(progress, outcome)) == (1, 1, 1)


@given(LAGS)
def test_samples_are_counted_by_their_columns(lags: list[int]) -> None:
    progress = Progress()
    progress.count(["ok"] * len(lags), [7] * len(lags), [7 + lag for lag in lags])
    assert progress.lag == lag_of(lags)
    assert (progress.requests, progress.ok) == (len(lags), len(lags))


def test_of_many_samples_some_lags_are_looked_at() -> None:
    progress = Progress()
    progress.count(["failed"] * 10_000, [0] * 10_000, [*range(0, 10_000_000, 1000)])
    assert (progress.requests, progress.failed) == (10_000, 10_000)
    assert 200 <= sum(progress.lag.buckets.values()) <= 300
    assert progress.lag.quantile_ms(0.5) == pytest.approx(5, rel=0.2)


def test_all_counts_add_up() -> None:
    fields = [field for field in Progress.__struct_fields__ if field != "lag"]
    one, two = Progress(), Progress()
    for number, field in enumerate(fields):
        setattr(one, field, number)
        setattr(two, field, 100)
    assert [getattr(one + two, field) for field in fields] == [100 + number for number in range(len(fields))]


@given(LAGS)
def test_a_message_comes_back_as_it_was(lags: list[int]) -> None:
    """Locust packs messages with msgpack and reads them with integer keys allowed."""
    progress = Progress(planned=3, started=2, lag=lag_of(lags))
    packed = msgpack.loads(msgpack.dumps(progress.to_message()), strict_map_key=False)
    assert Progress.from_message(packed) == progress
