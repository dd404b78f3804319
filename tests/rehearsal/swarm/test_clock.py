"""Offsets from four timestamps: right within half of the round trip, whatever the network does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.swarm.clock import Clocks, Estimate, Exchange, Reading, estimate, read

OFFSETS = st.integers(-(10**15), 10**15)
WAYS = st.integers(0, 10**9)


def exchange(
    offset: int, there: int, back: int, *, service: int = 1000, day: int = 0, at: int = 0
) -> Exchange:
    """As it is seen where the other clock reads ``offset`` (and the other day's clock ``day``) more."""
    instants = (at, at + there, at + there + service, at + there + service + back)
    sent, received, answered, heard = (Reading(instant, instant) for instant in instants)

    def far(reading: Reading) -> Reading:
        return Reading(reading.monotonic + offset, reading.day + day)

    return Exchange(sent, far(received), far(answered), heard)


@pytest.mark.parametrize(
    ("there", "back", "found", "delay"),
    [
        pytest.param(200, 200, 5000, 400, id="both ways alike"),
        pytest.param(300, 100, 5100, 400, id="slower there"),
        pytest.param(100, 300, 4900, 400, id="slower back"),
        pytest.param(0, 0, 5000, 0, id="no way at all"),
    ],
)
def test_the_example_of_the_rfc(there: int, back: int, found: int, delay: int) -> None:
    seen = exchange(5000, there, back)
    assert (seen.offset, seen.delay) == (found, delay)


@given(OFFSETS, st.lists(st.tuples(WAYS, WAYS), min_size=1, max_size=20), OFFSETS)
def test_the_truth_lies_within_the_uncertainty(offset: int, ways: list[tuple[int, int]], day: int) -> None:
    found = estimate([exchange(offset, there, back, day=day) for there, back in ways])
    assert found is not None
    assert abs(found.offset - offset) <= found.uncertainty
    assert abs(found.day_offset - day) <= found.uncertainty
    assert found.uncertainty <= min(there + back for there, back in ways) // 2 + 1


def test_of_several_exchanges_the_quickest_counts() -> None:
    slow, quick = exchange(7, 9_000, 1_000), exchange(7, 30, 10)
    assert estimate([slow, quick, slow]) == Estimate(offset=17, uncertainty=20, day_offset=10)
    assert estimate([]) is None


@pytest.mark.parametrize(
    ("offset", "uncertainty", "correction"),
    [
        pytest.param(90, 100, 0, id="it may be the very same clock"),
        pytest.param(-100, 100, 0, id="just so"),
        pytest.param(101, 100, 101, id="it is another"),
        pytest.param(-5000, 100, -5000, id="it is another, behind"),
    ],
)
def test_only_another_clock_is_corrected(offset: int, uncertainty: int, correction: int) -> None:
    assert Estimate(offset, uncertainty, 0).correction == correction


def test_our_own_clocks_agree_with_ourselves() -> None:
    found = estimate([Exchange(read(), read(), read(), read()) for _ in range(20)])
    assert found is not None
    assert found.correction == 0


def test_drift_is_what_the_offset_has_changed_by() -> None:
    clocks = Clocks()
    clocks.begin(1, Estimate(100, 9, 5))
    clocks.begin(0, Estimate(5000, 8, 4))
    clocks.end(0, Estimate(5070, 8, 0))
    assert [
        (row["worker"], row["host"], row["offset_ns"], row["drift_ns"]) for row in clocks.table({0: "a"})
    ] == [
        (0, "a", 5000, 70),
        (1, "", 100, 0),
    ]
    assert clocks.correction(0) == 5000
