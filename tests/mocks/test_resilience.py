"""Backoff with full jitter, and the circuit breaker."""

import random

import pytest

from mocks.resilience import Backoff, Breaker


@pytest.mark.parametrize(
    ("failures", "longest"), [(0, 0.1), (1, 0.1), (2, 0.2), (5, 1.6), (6, 2.0), (60, 2.0)]
)
def test_pauses_are_spread_over_a_window_that_doubles(failures: int, longest: float) -> None:
    rng = random.Random(3)
    pauses = [Backoff(first=0.1, longest=2.0).pause(failures, rng) for _ in range(2_000)]
    assert 0 <= min(pauses) < 0.05 * longest
    assert 0.95 * longest < max(pauses) <= longest
    assert sum(pauses) / len(pauses) == pytest.approx(longest / 2, rel=0.05)


def test_a_breaker_opens_after_the_threshold_and_not_before() -> None:
    breaker = Breaker(threshold=3, cool_down=1.0)
    for now in (1.0, 2.0):
        breaker.failed(now)
        assert breaker.allows(now)
        assert breaker.waits(now) == 0
    breaker.failed(3.0)
    assert not breaker.allows(3.999)
    assert breaker.waits(3.25) == pytest.approx(0.75)


def test_a_success_makes_it_forget_what_failed_before() -> None:
    breaker = Breaker(threshold=2)
    breaker.failed(1.0)
    breaker.succeeded()
    breaker.failed(2.0)
    assert breaker.allows(2.0)


def opened() -> Breaker:
    breaker = Breaker(threshold=1, cool_down=1.0)
    breaker.failed(10.0)
    return breaker


def test_half_open_lets_one_call_through() -> None:
    breaker = opened()
    assert breaker.allows(11.0)
    assert breaker.probing
    assert not breaker.allows(11.0)
    assert not breaker.allows(99.0)


def test_half_open_and_well_closes_it() -> None:
    breaker = opened()
    breaker.allows(11.0)
    breaker.succeeded()
    assert not breaker.probing
    assert breaker.allows(11.0)
    assert breaker.allows(11.0)


def test_half_open_and_failed_opens_it_for_another_cool_down() -> None:
    breaker = opened()
    breaker.allows(11.0)
    breaker.failed(11.5)
    assert not breaker.allows(12.4)
    assert breaker.allows(12.5)
