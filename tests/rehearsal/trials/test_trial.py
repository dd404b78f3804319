"""A trial is a plan like any other: pure, complete, and readable by swarm, prober and reports."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from mocks.capacity import ServiceTime
from rehearsal import plan as plans
from rehearsal.arrivals import digest
from rehearsal.country import province_codes
from rehearsal.prober.plan import load as load_probes
from rehearsal.swarm.settings import load_playbook, load_settings
from rehearsal.trials.trial import LINK, PLAYBOOK, UNLIMITED, Trial, planned
from reports.plan import Plan as ReportsPlan
from reports.run_check import decoded

TRIAL = Trial(name="steady", rate=200, seconds=30.5, service=ServiceTime("exponential", 0.005), probes=5)


def test_the_same_trial_is_the_same_plan_and_another_seed_is_another() -> None:
    first, again = planned(TRIAL), planned(TRIAL)
    assert first.plan == again.plan
    assert first.arrivals.equals(again.arrivals)
    assert first.plan.arrivals.sha256 == digest(first.arrivals)
    other = planned(dataclasses.replace(TRIAL, seed=2))
    assert other.plan.arrivals.sha256 != first.plan.arrivals.sha256


def test_arrivals_are_a_poisson_process() -> None:
    times = np.array(planned(TRIAL).arrivals.column("planned").to_pylist()) / 1e9
    assert ((times >= 0) & (times <= TRIAL.seconds)).all()
    assert (np.diff(times) >= 0).all()
    expected = TRIAL.rate * TRIAL.seconds
    assert len(times) == pytest.approx(expected, abs=4 * expected**0.5)
    gaps = np.diff(times)
    assert gaps.std() / gaps.mean() == pytest.approx(1.0, abs=0.05), (
        "exponential gaps vary as much as their mean"
    )


def test_given_instants_are_kept_to_the_nanosecond() -> None:
    given = planned(dataclasses.replace(TRIAL, rate=0, instants=(0.5, 0.75, 2.000000001), seconds=3))
    assert given.arrivals.column("planned").to_pylist() == [500_000_000, 750_000_000, 2_000_000_001]
    assert given.plan.arrivals.expected_per_second == (2.0, 0.0, 1.0)


def test_the_expected_rate_covers_a_last_second_that_is_cut() -> None:
    expected = planned(TRIAL).plan.arrivals.expected_per_second
    assert (len(expected), expected[0]) == (31, 200.0)
    assert expected[-1] == pytest.approx(100.0)


def test_every_province_has_its_turn() -> None:
    provinces = planned(TRIAL).arrivals.column("province").to_pylist()
    assert provinces[: len(province_codes())] == list(province_codes())


@pytest.mark.parametrize(("servers", "told"), [(0, UNLIMITED), (3, 3)])
def test_the_plan_declares_the_stub(servers: int, told: int) -> None:
    (system,) = planned(dataclasses.replace(TRIAL, servers=servers)).plan.systems
    assert (system.servers, system.service_distribution, system.service_mean) == (told, "exponential", 0.005)


def test_everybody_reads_what_they_need_of_it(tmp_path: Path) -> None:
    plans.write(planned(TRIAL), tmp_path)
    (tmp_path / "targets.json").write_text(f'{{"links": {{"{LINK}": "127.0.0.1:80"}}}}')
    assert plans.read(tmp_path) == planned(TRIAL).plan
    assert load_settings(tmp_path).policy.patience == TRIAL.patience
    assert [probe.rate for probe in load_probes(tmp_path).probes] == [5.0]
    assert decoded(tmp_path / "plan.json", ReportsPlan).validity.lag_p99 == TRIAL.validity.lag_p99
    assert TRIAL.journey in load_playbook(PLAYBOOK).scripts
