"""The queue of impatient callers follows theory, and its invariants hold for any calls."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.agents import Agents, Attempt

CALLS = st.lists(
    st.tuples(st.floats(0, 5), st.floats(0, 5), st.floats(0, 5)).map(tuple), min_size=1, max_size=60
)


@given(calls=CALLS, number=st.integers(1, 3))
def test_what_always_holds(calls: list[tuple[float, float, float]], number: int) -> None:
    agents, now, talks = Agents(number), 0.0, list[tuple[float, float]]()
    for pause, patience, talk in calls:
        now += pause
        attempt = agents.call(now, patience, talk)
        assert 0 <= attempt.waits <= patience
        if not attempt.answered:
            assert attempt.waits == patience, "nobody hangs up before the patience ends"
            continue
        begin = now + attempt.waits
        talks.append((begin, begin + talk))
        # no more talks at once than there are agents: at the begin of this one, itself included
        assert sum(1 for start, end in talks if start <= begin < end) <= number


def test_whoever_gives_up_takes_nobody_s_time() -> None:
    agents = Agents(1)
    assert agents.call(0.0, 9.0, 10.0) == Attempt(True, 0.0)
    assert agents.call(1.0, 2.0, 99.0) == Attempt(False, 2.0)
    assert agents.call(4.0, 9.0, 1.0) == Attempt(True, 6.0), "the one before did not come into the queue"


def erlang_a(rate: float, talk: float, patience: float, agents: int) -> float:
    """The share of callers of M/M/c+M who give up, from its birth-death chain.

    In state n calls end at min(n, c)/talk + max(n − c, 0)/patience; abandoned are those of the second term.
    """
    weight, total, abandoned = 1.0, 1.0, 0.0
    for n in range(1, 2_000):
        ends = min(n, agents) / talk + max(n - agents, 0) / patience
        weight *= rate / ends
        total += weight
        abandoned += weight * max(n - agents, 0) / patience
    return abandoned / total / rate


@pytest.mark.parametrize(
    ("rate", "agents"),
    [(1.0, 4), (1.4, 4), (3.0, 4), (0.5, 1)],
    ids=["ample", "full", "flooded", "one agent"],
)
def test_abandonment_is_that_of_erlang_a(rate: float, agents: int) -> None:
    calls, talk, patience = 60_000, 3.0, 2.5
    rng, line, now, gave_up = random.Random(7), Agents(agents), 0.0, 0
    for _ in range(calls):
        now += rng.expovariate(rate)
        attempt = line.call(now, rng.expovariate(1 / patience), rng.expovariate(1 / talk))
        gave_up += not attempt.answered
    expected = erlang_a(rate, talk, patience, agents)
    # calls in a queue are correlated: five standard deviations of independent ones
    assert gave_up / calls == pytest.approx(expected, abs=5 * math.sqrt(expected * (1 - expected) / calls))
