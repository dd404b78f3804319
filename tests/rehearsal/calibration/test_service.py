"""The stub's truth: its quantiles follow from the distribution, its draws from seed and number."""

from __future__ import annotations

import random

import pytest

from mocks.capacity import ServiceTime
from rehearsal.calibration.service import desk, quantile

EXPONENTIAL = ServiceTime("exponential", 0.010)
LOGNORMAL = ServiceTime("lognormal", 0.010, 0.5)
CONSTANT = ServiceTime("constant", 0.010)


@pytest.mark.parametrize(
    ("service", "q", "seconds"),
    [
        pytest.param(CONSTANT, 0.5, 0.010, id="constant"),
        pytest.param(ServiceTime("exponential", 0.0), 0.99, 0.0, id="no service at all"),
        pytest.param(EXPONENTIAL, 0.5, 0.0069315, id="exponential: m ln 2"),
        pytest.param(EXPONENTIAL, 0.999, 0.0690776, id="exponential: m ln 1000"),
        pytest.param(LOGNORMAL, 0.5, 0.0088250, id="lognormal: m exp(-s²/2)"),
        pytest.param(LOGNORMAL, 0.99, 0.0282395, id="lognormal: z = 2.3263"),
    ],
)
def test_quantiles_are_exact(service: ServiceTime, q: float, seconds: float) -> None:
    assert quantile(service, q) == pytest.approx(seconds, rel=1e-4)


@pytest.mark.parametrize("service", [EXPONENTIAL, LOGNORMAL], ids=lambda service: service.distribution)
def test_what_is_drawn_has_these_quantiles(service: ServiceTime) -> None:
    rng, count = random.Random(7), 40_000
    drawn = [service.draw(rng) for _ in range(count)]
    for q in (0.5, 0.95, 0.99):
        below = sum(each <= quantile(service, q) for each in drawn) / count
        assert below == pytest.approx(q, abs=4 * (q * (1 - q) / count) ** 0.5), (
            f"share below its p{100 * q:g}"
        )


@pytest.mark.parametrize("servers", [0, 1, 3], ids=["unlimited", "one server", "three servers"])
def test_the_nth_request_draws_the_nth_service_time_whenever_it_comes(servers: int) -> None:
    rng = random.Random(5)
    expected = [EXPONENTIAL.draw(rng) for _ in range(50)]
    for gap in (0.0, 0.001, 1.0):
        served = desk(EXPONENTIAL, servers, queue=100, seed=5)
        admissions = [served.admit(number * gap) for number in range(50)]
        drawn = [each.finishes - each.starts for each in admissions if each is not None]
        assert drawn == pytest.approx(expected)


def test_unlimited_servers_let_nobody_wait_and_one_server_lets_everybody() -> None:
    unlimited, single = desk(CONSTANT, 0, 0, 1), desk(CONSTANT, 1, 2, 1)
    assert [each and each.starts for each in (unlimited.admit(1.0) for _ in range(4))] == [1.0] * 4
    starts = [each and each.starts for each in (single.admit(1.0) for _ in range(4))]
    assert starts == [1.0, pytest.approx(1.01), pytest.approx(1.02), None], "the queue holds two"
