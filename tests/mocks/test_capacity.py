"""Declared capacity: c servers, FIFO, a bounded queue; saturation as queueing theory says."""

import math
import random
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.capacity import Admission, Capacity, Counters, ServiceTime, Station


def station(servers: int, queue: int, mean: float = 1.0) -> Station:
    return Station(Capacity(servers, ServiceTime("constant", mean), queue), random.Random(1))


@dataclass(frozen=True)
class Case:
    arrivals: tuple[float, ...]
    servers: int
    queue: int
    starts: tuple[float | None, ...]
    """When each request starts; None where it is refused."""


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Case((0, 0), 2, 0, (0, 0)), id="free servers start at once, without any queue"),
        pytest.param(Case((0, 0), 1, 0, (0, None)), id="no queue and no free server: refused"),
        pytest.param(Case((0, 0, 0), 1, 1, (0, 1, None)), id="the queue has one place"),
        pytest.param(Case((0, 0, 1), 1, 1, (0, 1, 2)), id="a place is free when its holder starts"),
        pytest.param(Case((0, 0, 0, 0), 2, 2, (0, 0, 1, 1)), id="two servers take two from the queue"),
        pytest.param(Case((0, 0.5, 0.9), 2, 1, (0, 0.5, 1)), id="the earliest free server takes the next"),
        pytest.param(Case((0, 5), 1, 0, (0, 5)), id="an idle server waits for nobody"),
        pytest.param(Case((0, 1), 1, 0, (0, 1)), id="free again at the very instant it is done"),
        pytest.param(Case((0, 0, 0, 2.5), 1, 5, (0, 1, 2, 3)), id="a late one queues behind what is left"),
    ],
)
def test_when_requests_start(case: Case) -> None:
    served = station(case.servers, case.queue)
    admitted = [served.admit(at) for at in case.arrivals]
    assert tuple(each.starts if each else None for each in admitted) == case.starts


def test_counters_tell_what_was_done() -> None:
    served = station(servers=1, queue=1, mean=2.0)
    for _ in range(4):
        served.admit(10.0)
    assert served.counters == Counters(requests=4, served=2, refused=2, busy_seconds=4.0, queue_peak=1)
    assert served.waiting(10.0) == 1
    assert served.waiting(12.0) == 0


@pytest.mark.parametrize("kind", ["constant", "exponential", "lognormal"])
def test_service_times_have_the_declared_mean(kind: str) -> None:
    rng = random.Random(5)
    service = ServiceTime(kind, mean=0.2, sigma=0.5)  # type: ignore[arg-type]  # the three literals
    drawn = [service.draw(rng) for _ in range(40_000)]
    assert min(drawn) > 0
    assert sum(drawn) / len(drawn) == pytest.approx(0.2, rel=0.02)


gaps = st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=60)


@given(gaps=gaps, servers=st.integers(1, 4), queue=st.integers(0, 5), seed=st.integers(0, 100))
def test_what_always_holds(gaps: list[float], servers: int, queue: int, seed: int) -> None:
    served = Station(Capacity(servers, ServiceTime("exponential", 1.0), queue), random.Random(seed))
    now, admitted, refused = 0.0, list[Admission](), 0
    for gap in gaps:
        now += gap
        waiting = sum(each.starts > now for each in admitted)
        in_service = sum(each.starts <= now < each.finishes for each in admitted)
        admission = served.admit(now)
        if admission is None:
            refused += 1
            assert waiting == queue, "refused while there was a place in the queue"
            assert in_service == servers, "refused while a server was free"
            continue
        assert admission.starts >= admission.arrived == now
        assert admission.starts == now or in_service == servers, "made to wait while a server was free"
        assert admission.starts >= max((each.starts for each in admitted), default=0.0), "not FIFO"
        admitted.append(admission)
        assert served.waiting(now) <= queue
    for each in admitted:
        at_once = sum(other.starts <= each.starts < other.finishes for other in admitted)
        assert at_once <= servers or each.starts == each.finishes
    counters = served.counters
    assert (counters.requests, counters.served, counters.refused) == (len(gaps), len(admitted), refused)
    assert counters.queue_peak <= queue


def erlang_c(servers: int, offered: float) -> float:
    """Probability that a request waits in M/M/c, ``offered`` = λ/μ (A. K. Erlang, 1917).

    With ρ = a/c: C(c, a) = (a^c / c!) / ((1 − ρ) Σ_{k<c} a^k/k! + a^c / c!).
    """
    full = offered**servers / math.factorial(servers)
    free = sum(offered**k / math.factorial(k) for k in range(servers)) * (1 - offered / servers)
    return full / (free + full)


def test_waiting_follows_erlang_c() -> None:
    servers, mean, utilisation, count = 4, 0.1, 0.8, 300_000
    rate = utilisation * servers / mean
    rng = random.Random(20)
    served = Station(
        Capacity(servers, ServiceTime("exponential", mean), queue=10**6), random.Random(rng.random())
    )
    now, waits = 0.0, list[float]()
    for _ in range(count):
        now += rng.expovariate(rate)
        admission = served.admit(now)
        assert admission is not None
        waits.append(admission.starts - admission.arrived)
    waiting = erlang_c(servers, rate * mean)
    # mean wait in M/M/c: C(c, a) / (c μ − λ)
    assert sum(waits) / count == pytest.approx(waiting / (servers / mean - rate), rel=0.04)
    assert sum(wait > 0 for wait in waits) / count == pytest.approx(waiting, rel=0.02)
    assert served.counters.busy_seconds / (servers * now) == pytest.approx(utilisation, rel=0.01)
