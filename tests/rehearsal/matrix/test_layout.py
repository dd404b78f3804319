"""Cells follow each other without touching; each is played once, in a run that can carry it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.matrix.cells import Cell, singles
from rehearsal.matrix.layout import (
    ALONE,
    LINKS,
    LONGEST,
    MOST_PROCESSES,
    PROCESSES,
    QUIET,
    WARM_UP,
    Pace,
    arranged,
    paced,
    quiet,
)

CELLS = singles()
SETTLED = 5.0
"""Seconds after T0 from which nobody is in the middle of what an old portal began."""
SOME = st.lists(st.sampled_from(CELLS), unique=True, max_size=60)
PACES = st.sampled_from([None, ALONE, Pace(1.0, 2.0)])


@given(SOME, PACES)
def test_every_cell_is_played_once(cells: list[Cell], pace: Pace | None) -> None:
    played = [slot.cell for series in arranged(cells, pace) for slot in series.slots]
    assert sorted(cell.name for cell in played) == sorted(cell.name for cell in cells)


@given(SOME, PACES)
def test_cells_follow_each_other_within_the_clock_and_never_overlap(
    cells: list[Cell], pace: Pace | None
) -> None:
    for series in arranged(cells, pace):
        assert series.slots[0].at == pytest.approx(series.start + WARM_UP)
        assert series.slots[-1].until <= series.end + 1e-9
        for slot in series.slots:
            takes = paced(slot.cell, pace)
            assert slot.end - slot.at == pytest.approx(takes.lasts)
            assert slot.until - slot.end == pytest.approx(takes.recovery)
            assert slot.end - slot.at >= slot.cell.lasts
        for one, next_ in pairwise(series.slots):
            assert next_.at == one.until


@given(SOME)
def test_no_run_is_too_long_or_has_too_many_processes(cells: list[Cell]) -> None:
    for series in arranged(cells):
        assert series.lasts <= LONGEST + WARM_UP + 1e-9
        processes = {name for slot in series.slots for name in slot.cell.processes}
        assert len(processes) <= MOST_PROCESSES


@given(SOME)
def test_what_must_be_played_before_t0_ends_before_it_and_all_else_begins_when_it_is_over(
    cells: list[Cell],
) -> None:
    for series in arranged(cells):
        before = {slot.cell.before_t0 for slot in series.slots}
        assert before == {True} if series.end < 0 else before == {False}
        assert series.end < 0 or series.slots[0].at == series.start + WARM_UP > SETTLED


def test_a_killed_process_gets_more_time_and_an_old_copy_time_to_be_needed_anew() -> None:
    of = {cell.name: cell for cell in CELLS}
    assert paced(of["identity-cut"], None) == LINKS
    assert paced(of["identity-killed"], None) == PROCESSES
    assert paced(of["procedures-cut"], None) == Pace(11.0, LINKS.recovery)
    assert paced(of["identity-cut"], ALONE) == ALONE


def test_the_quiet_run_shows_both_sides_of_t0() -> None:
    assert (quiet().start, quiet().end, quiet().slots) == (-WARM_UP - QUIET, QUIET, ())
