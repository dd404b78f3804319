"""The prober sends one request in every period, and no two in the same rhythm."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rehearsal.prober.schedule import instants


@given(
    start=st.floats(-100, 100),
    length=st.floats(0.01, 50),
    rate=st.floats(0.1, 100),
    seed=st.integers(0, 2**32),
)
def test_there_is_one_in_every_period(start: float, length: float, rate: float, seed: int) -> None:
    found = list(instants(start, start + length, rate, random.Random(seed)))
    assert found == sorted(found)
    assert all(start <= at <= start + length for at in found)
    whole = int(length * rate + 1e-9)
    assert whole <= len(found) <= whole + 1
    for number, at in enumerate(found):
        assert number - 1e-6 <= (at - start) * rate <= number + 1 + 1e-6, "each in a period of its own"


def test_the_same_seed_gives_the_same_instants_and_no_rhythm() -> None:
    first, again, other = (list(instants(0, 60, 10, random.Random(seed))) for seed in (1, 1, 2))
    assert first == again != other
    gaps = [later - earlier for earlier, later in pairwise(first)]
    assert min(gaps) < 0.02 < 0.18 < max(gaps)
