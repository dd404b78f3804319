"""Traps 5 and 7: figures that are judged are neither rounded nor merged."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from mocks.capacity import ServiceTime
from rehearsal.trials.trial import Trial
from tests.traps.trials import (
    NAMES,
    NAMES_PER_VISIT,
    PATIENT,
    PLAYBOOK_NAME,
    Judged,
    played,
    step_name,
    uniform,
)

pytestmark = pytest.mark.e2e

SERVICE = 1.049
"""Rounded to two digits, as Locust's statistics keep it, this is 1.0 s."""


@pytest.fixture(scope="module")
def constant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trap 5: answers that all take the same time."""
    trial = Trial(
        name="rounded-percentiles",
        instants=uniform(120.0, 5.5),
        seconds=5.5,
        service=ServiceTime("constant", SERVICE),
        within=1.0,
        validity=PATIENT,
    )
    folder = tmp_path_factory.mktemp("constant") / "run"
    played(trial, folder).believed()
    return folder


def test_percentiles_are_not_rounded(constant: Path) -> None:
    (row,) = Judged.of(constant).verdict.steps
    for name, value, added in (
        ("p50", row.p50_interval.estimate, 0.010),
        ("p95", row.p95_interval.estimate, 0.010),
        ("p99", row.p99_interval.estimate, 0.030),
    ):
        assert value is not None, name
        assert SERVICE <= value < SERVICE + added, name


@pytest.mark.parametrize(("within", "outcome"), [(1.0, "missed"), (1.08, "met")])
def test_an_objective_is_judged_by_the_true_time(constant: Path, within: float, outcome: str) -> None:
    """The verdict is computed from the files: another objective in the plan is another verdict."""
    path = constant / "plan.json"
    plan = json.loads(path.read_bytes())
    plan["slos"][0]["within"] = within
    path.write_text(json.dumps(plan))
    (objective,) = Judged.of(constant).verdict.slos
    assert objective.outcome == outcome
    assert objective.good_share == (1.0 if outcome == "met" else 0.0)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Trap 7: thousands of steps, each a request or two."""
    trial = Trial(
        name="too-many-names",
        instants=uniform(300.0, 5.0),
        seconds=5.5,
        service=ServiceTime("constant", 0.02),
        playbook=PLAYBOOK_NAME,
        journey="many-names",
        validity=PATIENT,
    )
    return played(trial, tmp_path_factory.mktemp("names") / "run")


def test_every_name_keeps_its_exact_count(names: Judged) -> None:
    wanted = Counter(step_name(number) for number in range(names.verdict.planned * NAMES_PER_VISIT))
    assert len(wanted) == NAMES
    assert set(wanted.values()) == {1, 2}
    assert Counter(names.evidence.frames.samples["step"].astype(str)) == wanted


def test_the_report_drops_and_merges_none(names: Judged) -> None:
    wanted = Counter(names.evidence.judged["step"].astype(str))
    assert {row.name: row.count for row in names.verdict.steps} == wanted
    written = json.loads(names.verdict.to_json())
    assert {row["name"]: row["count"] for row in written["steps"]} == wanted
