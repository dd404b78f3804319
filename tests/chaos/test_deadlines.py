"""By when which links must be whole again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaos.deadlines import GRACE_NS, Deadlines, Overdue


def expecting(*promises: tuple[str, str, int | None, bool]) -> Deadlines:
    deadlines = Deadlines()
    for fault, link, until, severs in promises:
        deadlines.promise(fault, [link], until, severs=severs)
    return deadlines


@pytest.mark.parametrize(
    ("promises", "now", "expected"),
    [
        pytest.param([], 10, [], id="nothing promised"),
        pytest.param([("slow", "a--b", 10, False)], 9, [], id="not yet"),
        pytest.param([("slow", "a--b", 10, False)], 10, [("slow", "a--b", True)], id="a link that is slow"),
        pytest.param([("cut", "a--b", 10, True)], 10, [("cut", "a--b", True)], id="a link that is cut"),
        pytest.param([("cut", "a--b", None, True)], 10**18, [], id="without a deadline"),
        pytest.param(
            [("cut", "a--b", 10, True), ("other", "a--b", 20, True)],
            10,
            [("cut", "a--b", False)],
            id="cut by another for longer",
        ),
        pytest.param(
            [("cut", "a--b", 10, True), ("other", "a--b", None, True)],
            10,
            [("cut", "a--b", False)],
            id="cut by another for ever",
        ),
        pytest.param(
            [("cut", "a--b", 10, True), ("slow", "a--b", 20, False), ("cut", "c--d", 20, True)],
            10,
            [("cut", "a--b", True)],
            id="slowed by another, and another link cut, for longer",
        ),
        pytest.param(
            [("cut", "a--b", 10, True), ("other", "a--b", 10, True)],
            10,
            [("cut", "a--b", True), ("other", "a--b", True)],
            id="cut by two, both overdue",
        ),
        pytest.param(
            [("cut", "a--b", 10, True), ("cut", "a--b", 20, False)],
            10,
            [],
            id="promised again, as by the next stage",
        ),
    ],
)
def test_what_is_overdue(
    promises: list[tuple[str, str, int | None, bool]], now: int, expected: list[tuple[str, str, bool]]
) -> None:
    assert expecting(*promises).overdue(now + GRACE_NS) == [Overdue(*each) for each in expected]


def test_what_was_cured_is_not_overdue() -> None:
    deadlines = Deadlines()
    deadlines.promise("cut", ["a--b", "c--d"], 10, severs=True)
    deadlines.keep("cut", ["a--b", "never--there"])
    assert [each.link for each in deadlines.overdue(10 + GRACE_NS)] == ["c--d"]
    assert deadlines.links == {"c--d"}
    deadlines.keep_all()
    assert deadlines.overdue(10 + GRACE_NS) == []


def test_what_is_overdue_stays_so_until_it_is_cured() -> None:
    deadlines = expecting(("cut", "a--b", 10, True))
    assert deadlines.overdue(10 + GRACE_NS) == deadlines.overdue(11 + GRACE_NS) != []


PROMISES = st.lists(
    st.tuples(
        st.sampled_from(["one", "two", "three"]),
        st.sampled_from(["a--b", "c--d"]),
        st.none() | st.integers(0, 100),
        st.booleans(),
    )
)


@given(PROMISES)
def test_nothing_is_overdue_before_the_next_instant_and_something_is_at_it(
    promises: list[tuple[str, str, int | None, bool]],
) -> None:
    deadlines = expecting(*promises)
    soonest = deadlines.next()
    if soonest is None:
        assert deadlines.overdue(10**18) == []
    else:
        assert deadlines.overdue(soonest - 1) == []
        assert deadlines.overdue(soonest)
