"""Faults of links, of systems and of processes at once, with real processes and the real Toxiproxy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.errors import ExitCode
from tests.rehearsal.running import Rehearsal, rehearse

pytestmark = pytest.mark.e2e

THREE_PLACES = """\
base = "smoke"

[scenario]
name = "three-places"

[clock]
end = "+12s"
drain_limit = "30s"

[[arrivals]]
actor = "citizen"
weights = "uniform"
phases = [{ shape = "constant", for = "14s", rate = 25 }]

[arrivals.journeys]
read-procedure = 1
look-up-dossier = 1
sign-in = 4
submit-dossier = 8
submit-and-pay = 4
collect-result = 1

[[arrivals]]
actor = "official"
weights = "uniform"
journeys = { process-dossiers = 1 }
phases = [{ shape = "constant", for = "14s", rate = 2 }]

[[faults]]
name = "vneid-brown"
kind = "brown-out"
links = ["citizens--vneid", "national-portal--vneid"]
severe = "600ms"
steps = 3
at = "+300ms"
for = "6s"
recover_within = "5s"

[[faults]]
name = "vneid-errors"
kind = "errors"
systems = ["vneid"]
share = 0.5
at = "+500ms"
for = "6s"
recover_within = "5s"

[[faults]]
name = "vneid-crash"
kind = "killed"
systems = ["vneid"]
at = "+2s"
for = "1s"
recover_within = "8s"
"""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """One run for all these tests; it has ended."""
    folder = tmp_path_factory.mktemp("three-places")
    scenario = folder / "three-places.toml"
    scenario.write_text(THREE_PLACES, encoding="utf-8")
    with rehearse(folder, "run", str(scenario)) as running:
        running.until_event("phase", phase="load")
        running.ended()
        yield running


def told(night: Rehearsal, event: str) -> dict[str, dict[str, Any]]:
    """The events of a kind, by fault."""
    return {each["fault"]: each for each in night.events() if each["event"] == event}


def test_the_run_comes_to_its_end_with_complete_evidence(night: Rehearsal) -> None:
    assert night.process.returncode in (ExitCode.MET, ExitCode.MISSED, ExitCode.INCONCLUSIVE), night.said
    assert "Traceback" not in night.said
    run = night.json("run.json")
    assert (run["ended"], run["drained"], run["backlog"]) == ("completed", True, {})
    found = {each["name"]: each for each in night.json("report.json")["validity"]["findings"]}
    for name in (
        "run-completed", "journals-complete", "arrivals-accounted", "requests-accounted", "both-ends-agree",
        "drained", "faults-healed", "fault-hit.vneid-brown", "fault-hit.vneid-errors",
        "fault-hit.vneid-crash", "littles-law.mocks",
    ):  # fmt: skip
        assert found[name]["outcome"] == "met", found[name]


def test_every_fault_was_on_and_its_cure_is_proved(night: Rehearsal) -> None:
    applied, healed = told(night, "fault-applied"), told(night, "fault-healed")
    planned = {fault["name"]: fault for fault in night.json("plan.json")["faults"]}
    assert set(applied) == set(healed) == set(planned)
    for name, fault in planned.items():
        assert (applied[name]["place"], applied[name]["systems"]) == (fault["place"], fault["systems"])
        assert sorted(healed[name]["proved"]) == sorted(fault["links"])
    [switch] = applied["vneid-errors"]["state"]["vneid"]
    assert (switch["kind"], switch["share"]) == ("errors", 0.5)
    stages = [each for each in night.events() if each["event"] == "fault-stage"]
    assert [(each["fault"], each["stage"], each["of"]) for each in stages] == [
        ("vneid-brown", 1, 3),
        ("vneid-brown", 2, 3),
    ]


def test_the_killed_system_had_two_lives_and_its_switch_in_both(night: Rehearsal) -> None:
    for journal in ("received.vneid", "calls.vneid", "pulse.mocks-vneid"):
        assert len(list(night.folder.glob(f"{journal}.*.arrows"))) == 2
    assert told(night, "process-ended")["vneid-crash"]["status"] == -9
    assert told(night, "process-started")["vneid-crash"]["process"] == "mocks-vneid"
    run = night.json("run.json")
    assert "vneid" not in run["counters"], "its station forgot what it had counted"
    assert len(run["counters"]) == 135


def test_nothing_is_left(night: Rehearsal) -> None:
    assert night.left(within=3.0) == []
