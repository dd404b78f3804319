"""The order in which things are to be done follows from the plan alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.faults.cues import Cue, cues, stages
from rehearsal.plan.records import Fault
from tests.rehearsal.faults.examples import fault


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param(
            [fault("late", 5, 9), fault("early", -3, 2)],
            [(-3, "inflict", "early"), (2, "cure", "early"), (5, "inflict", "late"), (9, "cure", "late")],
            id="in the order of time, not of the plan",
        ),
        pytest.param(
            [fault("a", 0, 10), fault("b", 4, 6)],
            [(0, "inflict", "a"), (4, "inflict", "b"), (6, "cure", "b"), (10, "cure", "a")],
            id="one within the other",
        ),
        pytest.param(
            [fault("b", 5, 10), fault("a", 0, 5)],
            [(0, "inflict", "a"), (5, "cure", "a"), (5, "inflict", "b"), (10, "cure", "b")],
            id="a cure before a fault of the same instant",
        ),
        pytest.param(
            [fault("flaps", 1, 3.5, kind="flapping", period=1.0, down=0.25)],
            [
                (1, "inflict", "flaps"), (1.25, "stage", "flaps", 1), (2, "stage", "flaps", 2),
                (2.25, "stage", "flaps", 3), (3, "stage", "flaps", 4), (3.25, "stage", "flaps", 5),
                (3.5, "cure", "flaps"),
            ],
            id="stages between them",
        ),
        pytest.param(
            [fault("crash", 1, 3, kind="killed", systems=("vneid",))],
            [(1, "inflict", "crash"), (3, "cure", "crash")],
            id="a process has no stages",
        ),
    ],
)  # fmt: skip
def test_the_order_of_cues(faults: list[Fault], expected: list[tuple[float, str, str]]) -> None:
    assert cues(faults) == [Cue(*each) for each in expected]  # type: ignore[arg-type]  # the literals are right


@given(
    st.lists(
        st.tuples(
            st.integers(-50, 50), st.integers(1, 30), st.sampled_from(["cut", "flapping", "brown-out"])
        ),
        max_size=6,
    )
)
def test_every_fault_begins_once_and_ends_once_after_its_last_stage(
    windows: list[tuple[int, int, str]],
) -> None:
    faults = [
        fault(f"f-{number}", at, at + lasts, kind=kind) for number, (at, lasts, kind) in enumerate(windows)
    ]
    every = cues(faults)
    assert [cue.at for cue in every] == sorted(cue.at for cue in every)
    for each in faults:
        mine = [cue for cue in every if cue.name == each.name]
        assert [cue.action for cue in mine][:: max(len(mine) - 1, 1)] == ["inflict", "cure"]
        assert [cue.number for cue in mine[:-1]] == list(range(max(len(stages(each)), 1)))
