"""The smoke scenario from the command line to the verdict, with real processes and the real Toxiproxy."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from rehearsal.errors import ExitCode
from tests.rehearsal.running import ROOT, Rehearsal, rehearse

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def smoke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """One run for all these tests; it has ended."""
    with rehearse(tmp_path_factory.mktemp("smoke"), "run", "smoke") as running:
        running.until_event("phase", phase="load")
        running.ended()
        yield running


def test_a_prepared_country_meets_its_objectives(smoke: Rehearsal) -> None:
    assert smoke.process.returncode == ExitCode.MET, smoke.said
    assert "MET" in smoke.said


def test_the_run_is_the_latest_and_has_all_reports(smoke: Rehearsal) -> None:
    assert smoke.folder.parent.name == "smoke"
    for name in ("report.html", "report.md", "report.json", "junit.xml"):
        assert (smoke.folder / name).stat().st_size > 0
    assert ElementTree.parse(smoke.folder / "junit.xml").getroot().tag == "testsuites"  # noqa: S314 - our own file


def test_the_report_says_what_was_offered_and_by_which_toxiproxy(smoke: Rehearsal) -> None:
    report, plan = smoke.json("report.json"), smoke.json("plan.json")
    assert (report["outcome"], report["expected"]) == ("met", "met")
    assert report["planned"] == plan["arrivals"]["count"] > 0
    assert report["offered"] == report["planned"]
    assert report["samples"] >= report["offered"]
    assert report["toxiproxy_version"] == "2.12.0"
    assert report["arrivals_sha256"] == plan["arrivals"]["sha256"]


def test_the_record_tells_how_the_run_went(smoke: Rehearsal) -> None:
    run = smoke.json("run.json")
    assert (run["ended"], run["drained"], run["backlog"]) == ("completed", True, {})
    assert run["toxiproxy"]["links"] == 401
    assert all(worker["finished"] for worker in run["workers"])
    assert len(run["counters"]) == 136
    assert run["counters"]["national-portal"]["requests"] > 0
    phases = [event["phase"] for event in smoke.events() if event["event"] == "phase"]
    assert phases == ["set-up", "load", "heal", "drain", "read-stores", "done"]


def test_the_fault_was_on_and_its_cure_proved_at_their_instants(smoke: Rehearsal) -> None:
    t0 = smoke.json("run.json")["t0_monotonic_ns"]
    (fault,) = smoke.json("plan.json")["faults"]
    (applied,) = [event for event in smoke.events() if event["event"] == "fault-applied"]
    (healed,) = [event for event in smoke.events() if event["event"] == "fault-healed"]
    assert (applied["at"] - t0) / 1e9 == pytest.approx(fault["start"], abs=1.0)
    assert (healed["healed"] - t0) / 1e9 == pytest.approx(fault["end"], abs=1.0)
    assert sorted(healed["proved"]) == sorted(fault["links"])
    for state in applied["state"].values():
        assert [toxic["attributes"]["latency"] for toxic in state["toxics"]] == [200]


def test_nothing_is_left(smoke: Rehearsal) -> None:
    assert smoke.left(within=3.0) == []


def test_the_reports_made_again_are_the_same_to_the_byte(smoke: Rehearsal) -> None:
    before = (smoke.folder / "report.json").read_bytes()
    (smoke.folder / "report.json").unlink()
    again = subprocess.run(
        [sys.executable, "-m", "rehearsal", "report", str(smoke.folder)], cwd=ROOT, capture_output=True
    )
    assert again.returncode == ExitCode.MET
    assert (smoke.folder / "report.json").read_bytes() == before
