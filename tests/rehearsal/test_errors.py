"""Exit codes, and the words in which a mistake is answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal import errors
from rehearsal.errors import ExitCode, nearest, suggest


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(errors.RehearsalError, 70, id="our own fault"),
        pytest.param(errors.UsageError, 2, id="usage"),
        pytest.param(errors.ScenarioError, 2, id="scenario"),
        pytest.param(errors.EvidenceError, 3, id="evidence"),
        pytest.param(errors.SetUpError, 4, id="environment"),
        pytest.param(errors.Interrupted, 130, id="Ctrl-C"),
    ],
)
def test_each_way_of_ending_has_its_exit_code(error: type[errors.RehearsalError], code: int) -> None:
    assert error.exit_code == code


def test_exit_codes_are_distinct() -> None:
    assert len({int(code) for code in ExitCode}) == len(ExitCode) == 7


def test_the_nearest_names_come_best_first() -> None:
    assert nearest("smok", ["closing-night", "smokes", "smoke"]) == ["smoke", "smokes"]


def test_capitals_do_not_matter() -> None:
    assert nearest("ttg96-2A-4", ["TTG96-2a-4", "LC-1-6"])[0] == "TTG96-2a-4"


@given(st.text(max_size=12), st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=20, unique=True))
def test_whatever_was_written_something_legal_is_offered(name: str, legal: list[str]) -> None:
    offered = nearest(name, legal)
    assert 1 <= len(offered) <= 3
    assert set(offered) <= set(legal)


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=20, unique_by=str.casefold), st.data())
def test_a_legal_name_is_its_own_nearest(legal: list[str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(legal))
    assert nearest(name, legal)[0] == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("smok", 'did you mean "smoke"? (legal: smoke, night)', id="a slip of the pen"),
        pytest.param("xyz", 'the nearest is "smoke" (legal: smoke, night)', id="something else altogether"),
    ],
)
def test_a_guess_is_a_question_only_where_it_is_likely(name: str, said: str) -> None:
    assert suggest(name, ["smoke", "night"]) == said


def test_a_long_list_of_legal_names_is_cut_and_counted() -> None:
    assert suggest("n3", [f"n{number}" for number in range(20)]).endswith("n11 and 8 more)")


def test_nothing_legal_is_said_plainly() -> None:
    assert suggest("x", []) == "nothing is legal here"
