"""The search finds the boundary from any start, in few runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.scaling.search import CLOSE_ENOUGH, Bounds, following


def searched(boundary: float, start: float, limit: float) -> tuple[Bounds, list[float]]:
    """Scales up to ``boundary`` hold."""
    bounds, tried = Bounds(), list[float]()
    while (scale := following(bounds, start, limit)) is not None:
        assert scale not in tried, f"{scale} was tried twice: {tried}"
        tried.append(scale)
        bounds = bounds.noted(scale, scale <= boundary)
    return bounds, tried


@given(st.floats(0.05, 3), st.floats(0.1, 1))
def test_the_boundary_lies_between_the_bounds(boundary: float, start: float) -> None:
    bounds, tried = searched(boundary, start, limit=2)
    assert len(tried) <= 12
    if bounds.failed is None:
        assert bounds.held == pytest.approx(2), "everything up to the limit held"
    elif bounds.held:
        assert bounds.held <= boundary < bounds.failed
        assert bounds.failed <= bounds.held * CLOSE_ENOUGH * 1.01
    else:
        assert boundary < bounds.failed <= start / 4, "not even an eighth of the start holds"


@pytest.mark.parametrize(
    ("boundary", "tried"),
    [
        (9.0, [0.5, 0.75, 1.0]),
        (0.6, [0.5, 0.75, 0.612, 0.553, 0.582]),
        (0.3, [0.5, 0.25, 0.354, 0.297, 0.324]),
        (0.01, [0.5, 0.25, 0.125, 0.062]),
    ],
)
def test_the_runs_that_it_takes(boundary: float, tried: list[float]) -> None:
    assert searched(boundary, 0.5, limit=1.0)[1] == tried


def test_a_failure_below_what_held_is_chance() -> None:
    assert Bounds(held=0.5).noted(0.4, held=False).held == 0.5
