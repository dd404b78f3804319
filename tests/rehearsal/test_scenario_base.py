"""A scenario may be based on another and say only what differs."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.errors import Problem, ScenarioError
from rehearsal.scenario import load
from rehearsal.scenario.reading import Tree, merge
from tests.rehearsal.bad_scenarios import GOOD, NAME

CHILD = """\
base = "evening"
[scenario]
name = "child"
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def child(folder: Path, more: str = "") -> Path:
    write(folder, NAME, GOOD)
    return write(folder, "child", CHILD + more)


def problems_of(path: Path) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return list(caught.value.problems)


def test_what_is_not_said_is_inherited(tmp_path: Path) -> None:
    own, base = load(child(tmp_path)), load(tmp_path / "evening.toml")
    assert own.scenario == base.scenario.model_copy(update={"name": "child"})
    assert own.model_copy(update={"scenario": base.scenario}) == base


def test_tables_are_merged_key_by_key_at_any_depth(tmp_path: Path) -> None:
    own = load(child(tmp_path, 'title.en = "Child"\n[visitors]\nretries = 5\n[systems.vneid]\nqueue = 1\n'))
    assert (own.scenario.title.en, own.scenario.title.vi) == ("Child", "Buổi tối")
    assert (own.visitors.retries, own.visitors.patience) == (5, 10.0)
    assert (own.systems["vneid"].queue, own.systems["vneid"].servers) == (1, 4)
    assert own.systems["lgsp-24"].defects == ("not-connected",)


def test_arrays_are_replaced_whole(tmp_path: Path) -> None:
    slo = '[[slo]]\nname = "all"\ntitle = { vi = "Tất cả", en = "All" }\nwithin = "1s"\nobjective = 0.5\n'
    own = load(child(tmp_path, f"requirements = []\n{slo}"))
    assert [objective.name for objective in own.slo] == ["all"]
    assert own.scenario.requirements == ()


def test_a_base_may_have_a_base(tmp_path: Path) -> None:
    child(tmp_path, "seed = 8\n")
    grandchild = load(
        write(
            tmp_path,
            "grandchild",
            'base = "child"\n[scenario]\nname = "grandchild"\n[clock]\nwarm_up = "1s"\n',
        )
    )
    assert (grandchild.scenario.seed, grandchild.clock.warm_up, grandchild.clock.start) == (8, 1.0, -10.0)


def test_a_scenario_of_the_project_can_be_a_base_from_anywhere(tmp_path: Path) -> None:
    path = write(tmp_path, "child", CHILD.replace("evening", "smoke"))
    assert load(path).clock == load("smoke").clock


def test_a_problem_is_placed_in_the_file_that_has_it(tmp_path: Path) -> None:
    path = child(tmp_path, '[visitors]\npatince = "1s"\n')
    write(tmp_path, NAME, GOOD.replace("retries = 2", "retries = -2"))
    places = {problem.place: problem.value for problem in problems_of(path)}
    assert places == {"child.toml: visitors.patince": '"1s"', "evening.toml: visitors.retries": "-2"}


def test_what_is_wrong_only_together_is_placed_where_it_is_said(tmp_path: Path) -> None:
    [problem] = problems_of(child(tmp_path, '[clock]\nwarm_up = "2m"\n'))
    assert (problem.place, problem.value) == ("child.toml: clock.warm_up", '"2m"')


@pytest.mark.parametrize(
    ("files", "circle"),
    [
        pytest.param({"child": "child"}, "child → child", id="itself"),
        pytest.param({"child": "other", "other": "child"}, "child → other → child", id="two files"),
        pytest.param({"child": "b", "b": "c", "c": "b"}, "child → b → c → b", id="further down"),
    ],
)
def test_a_circle_of_bases_is_shown(tmp_path: Path, files: dict[str, str], circle: str) -> None:
    for name, base in files.items():
        write(tmp_path, name, f'base = "{base}"\n')
    [problem] = problems_of(tmp_path / "child.toml")
    last = circle.split(" → ")[-2]
    assert problem.place == f"{last}.toml: base"
    assert circle in problem.message


@pytest.mark.parametrize(
    ("base", "value", "message"),
    [
        pytest.param('"evning"', '"evning"', 'did you mean "evening"', id="misspelled"),
        pytest.param('"./nowhere.toml"', '"./nowhere.toml"', "no such file", id="no such path"),
        pytest.param("7", "7", "in quotes", id="no name"),
    ],
)
def test_a_base_that_does_not_exist_is_named(tmp_path: Path, base: str, value: str, message: str) -> None:
    child(tmp_path)
    [problem] = problems_of(write(tmp_path, "child", f"base = {base}\n"))
    assert (problem.place, problem.value) == ("child.toml: base", value)
    assert message in problem.message


TREES = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
TABLES = st.dictionaries(st.sampled_from("abc"), TREES, max_size=3)


@given(TABLES)
def test_merging_with_nothing_changes_nothing(tree: Tree) -> None:
    assert merge(tree, onto={}) == tree == merge({}, onto=tree)


@given(TABLES, TABLES)
def test_merging_again_changes_nothing(a: Tree, b: Tree) -> None:
    once = merge(a, onto=b)
    assert merge(a, onto=once) == once


@given(TABLES, TABLES)
def test_merging_leaves_both_files_as_they_were(a: Tree, b: Tree) -> None:
    before = copy.deepcopy((a, b))
    merge(a, onto=b)
    assert (a, b) == before


@given(TABLES, TABLES)
def test_merging_keeps_every_value_of_the_upper_file(a: Tree, b: Tree) -> None:
    merged = merge(a, onto=b)
    assert set(merged) == set(a) | set(b)
    assert all(merged[key] == value for key, value in a.items() if not isinstance(value, dict))
