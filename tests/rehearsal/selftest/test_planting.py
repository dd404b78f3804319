"""What is planted is one defect in one system, and nothing else differs from the scenario but the seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal import arrivals, country
from rehearsal.errors import SetUpError
from rehearsal.plan import make_plan
from rehearsal.scenario import load
from rehearsal.scenario.reading import find
from rehearsal.selftest.expectations import EXPECTATIONS, SCENARIOS, WHOLE
from rehearsal.selftest.planting import content_hash, plant, tasks
from rehearsal.selftest.rows import Task
from tests.rehearsal.selftest.examples import CLEAN, planted


def test_every_defect_once_and_clean_runs_in_turns_each_with_a_seed_of_its_own() -> None:
    todo = list(tasks((), 7, seed=5))
    assert [task.defect for task in todo] == [*EXPECTATIONS, *[""] * 7]
    assert {task.scenario for task in todo[-7:]} == set(SCENARIOS)
    assert len({task.seed for task in todo}) == len({task.name for task in todo}) == len(todo)
    assert min(task.seed for task in todo) == 5


def test_a_seed_does_not_depend_on_what_else_is_run() -> None:
    every = {task.name: task for task in tasks((), 3, seed=1)}
    some = list(tasks(("stale-reads", "slow-leak"), 2, seed=1))
    assert [task.name for task in some] == ["stale-reads", "slow-leak", "clean-01", "clean-02"]
    assert all(every[task.name] == task for task in some)


@pytest.mark.parametrize("defect", EXPECTATIONS)
def test_one_defect_is_planted_in_one_system(defect: str, tmp_path: Path) -> None:
    task = planted(defect, seed=77)
    scenario, base = load(plant(task, tmp_path)), load(task.scenario)
    assert (scenario.scenario.seed, scenario.scenario.expect) == (77, "missed")
    weak = {each.name: each.defects for each in make_plan(scenario, 1).plan.systems if each.defects}
    assert weak == {EXPECTATIONS[defect].system: (defect,)}
    same = set(type(base).model_fields) - {"scenario", "systems"}
    assert {name: getattr(scenario, name) for name in same} == {name: getattr(base, name) for name in same}


def test_nothing_is_planted_in_a_clean_run(tmp_path: Path) -> None:
    scenario = load(plant(CLEAN, tmp_path))
    assert (scenario.systems, scenario.scenario.seed, scenario.scenario.expect) == ({}, CLEAN.seed, "met")


def test_the_hash_changes_with_the_scenario_and_with_nothing_else(tmp_path: Path) -> None:
    def hashed(task: Task, folder: str = "a") -> str:
        return content_hash(plant(task, tmp_path / folder))

    task = planted()
    assert hashed(task) == hashed(task, "b"), "the same from another folder"
    other = planted(seed=2), planted("stale-reads"), Task(task.name, "selftest", 1)
    assert len({hashed(each) for each in (task, *other)}) == 1 + len(other)


def test_the_hash_changes_with_what_is_inherited(tmp_path: Path) -> None:
    base = tmp_path / "selftest.toml"  # found beside the file, before that of the project
    text = find("selftest").read_text(encoding="utf-8")
    base.write_text(text, encoding="utf-8")
    before = content_hash(plant(CLEAN, tmp_path))
    base.write_text(text.replace('patience = "5s"', 'patience = "6s"'), encoding="utf-8")
    assert content_hash(plant(CLEAN, tmp_path)) != before


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetUpError, match=r"clean-01\.toml: cannot be written"):
        plant(CLEAN, tmp_path / "file")


def test_in_every_run_every_province_gets_a_dossier_by_the_national_portal() -> None:
    """Else whether it is connected would not be known, and the run would be inconclusive at every try."""
    scenarios = {name: load(name) for name in SCENARIOS}
    for task in tasks((), 20, seed=1):
        if task.scenario == WHOLE:
            continue  # what is planted there is missed whoever gets a dossier, and no clean run is made of it
        scenario = scenarios[task.scenario]
        head = scenario.scenario.model_copy(update={"seed": task.seed})
        drawn = arrivals.draw(scenario.model_copy(update={"scenario": head}))
        rows = zip(
            *(drawn.column(name).to_pylist() for name in ("province", "journey", "entrance")), strict=True
        )
        reached = {
            province
            for province, journey, entrance in rows
            if journey == "submit-and-pay"
            or (journey == "submit-dossier" and entrance != "provincial-portal")
        }
        assert set(country.province_codes()) <= reached, task
