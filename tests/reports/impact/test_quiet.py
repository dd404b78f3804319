"""Which time is free of faults, and which cure counts where several faults end together."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.evidence import Window
from reports.impact.quiet import cured_together, inside, lasting, overlapping, quiet, undisturbed_until
from reports.plan import Clock, Fault


def _evidence(*faults: tuple[str, float, float], recover_within: float = 5.0) -> Any:
    windows = [
        Window(Fault(name, "cut", [], start, end, recover_within), start, end, frozenset())
        for name, start, end in faults
    ]
    plan = SimpleNamespace(clock=Clock(start=-20.0, end=100.0, warm_up=5.0))
    return SimpleNamespace(windows=windows, run=SimpleNamespace(plan=plan))


CASES = [
    # faults (name, start, end), the quiet time
    ([], [(-15.0, 100.0)]),
    ([("a", 10.0, 20.0)], [(-15.0, 10.0), (25.0, 100.0)]),
    ([("a", 10.0, 20.0), ("b", 15.0, 30.0)], [(-15.0, 10.0), (35.0, 100.0)]),
    ([("b", 22.0, 30.0), ("a", 10.0, 20.0)], [(-15.0, 10.0), (35.0, 100.0)]),
    ([("a", 10.0, 50.0), ("b", 20.0, 30.0)], [(-15.0, 10.0), (55.0, 100.0)]),
    ([("a", -20.0, 5.0)], [(10.0, 100.0)]),
    ([("a", 10.0, 97.0)], [(-15.0, 10.0)]),
    ([("a", -20.0, 100.0)], []),
]


@pytest.mark.parametrize(("faults", "expected"), CASES)
def test_quiet_is_the_judged_time_without_faults_and_their_aftermath(
    faults: list[tuple[str, float, float]], expected: list[tuple[float, float]]
) -> None:
    assert quiet(_evidence(*faults)) == expected


def test_quiet_time_before_a_moment_ends_there() -> None:
    spans = quiet(_evidence(("a", 10.0, 20.0)), until=40.0)
    assert spans == [(-15.0, 10.0), (25.0, 40.0)]
    assert lasting(spans) == 40.0


@given(
    st.lists(st.integers(0, 40), min_size=0, max_size=8, unique=True).filter(lambda e: len(e) % 2 == 0),
    st.lists(st.integers(-2, 42), max_size=20),
)
def test_an_instant_is_inside_where_a_span_holds_it(edges: list[int], instants: list[int]) -> None:
    edges = sorted(edges)
    spans = [(float(a), float(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    expected = [any(start <= at < end for start, end in spans) for at in instants]
    assert inside(pd.Series(instants, dtype="float64"), spans).tolist() == expected


def test_the_last_cure_of_overlapping_faults_counts() -> None:
    evidence = _evidence(
        ("a", 0.0, 10.0), ("b", 8.0, 15.0), ("c", 14.0, 20.0), ("d", 30.0, 40.0), ("e", 2.0, 9.0)
    )
    by_name = {window.fault.name: window for window in evidence.windows}
    chain = cured_together(evidence, by_name["a"], lambda _: True)
    assert [window.fault.name for window in chain] == ["a", "b", "c"]
    alone = cured_together(evidence, by_name["a"], lambda other: other.fault.name != "b")
    assert [window.fault.name for window in alone] == ["a"]


def test_what_follows_is_observed_until_the_next_fault_on_the_same() -> None:
    evidence = _evidence(("a", 0.0, 10.0), ("b", 30.0, 40.0))
    assert undisturbed_until(evidence, 10.0, lambda _: True) == 30.0
    assert undisturbed_until(evidence, 10.0, lambda _: False) == 100.0


def test_a_fault_that_is_still_to_be_recovered_from_overlaps() -> None:
    evidence = _evidence(("a", 0.0, 10.0), ("b", 14.0, 20.0), ("c", 16.0, 18.0))
    first, second, _ = evidence.windows
    assert [window.fault.name for window in overlapping(evidence, second)] == ["a", "c"]
    assert overlapping(evidence, first) == []
    assert np.isclose(quiet(evidence)[-1][0], 25.0)
