"""The plan fixes every number of a run, and says in words what will happen."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from chaos.catalogue import LinkFault
from rehearsal import plan as plans
from rehearsal import topology
from rehearsal.errors import EvidenceError, UsageError
from rehearsal.plan import Plan, Planned, make_plan, sentences
from rehearsal.plan.records import System
from rehearsal.scenario import load
from tests.rehearsal.examples import scenario


@pytest.fixture(scope="module")
def planned() -> Planned:
    return make_plan(scenario(), workers=2)


def system(plan: Plan, name: str) -> System:
    [found] = [each for each in plan.systems if each.name == name]
    return found


def test_the_same_scenario_gives_the_same_plan(planned: Planned) -> None:
    again = make_plan(scenario(), workers=2)
    assert again.plan == planned.plan
    assert again.arrivals.equals(planned.arrivals)


def test_plan_json_holds_what_reports_read(planned: Planned) -> None:
    written = json.loads(planned.plan.to_json())
    assert written["format"] == 1
    assert written["scenario"] == {
        "name": "evening",
        "title": {"vi": "Buổi tối", "en": "Evening"},
        "hypothesis": {"vi": "Không gián đoạn.", "en": "No interruption."},
        "requirements": [
            {
                "id": "VP318-0-2",
                "obligation": "Do not interrupt public services or state management "
                "before and after the restructuring",
            }
        ],
        "seed": 7,
        "expect": "met",
        "date": "2025-07-01T00:00:00+07:00",
        "owner": "Head of the rehearsal",
        "scale": 1.0,
    }
    assert written["clock"] == {"start": -10.0, "end": 50.0, "warm_up": 5.0, "drain_limit": 20.0}
    assert written["validity"] == {
        "offered_within": 0.01,
        "lag_p99": 0.25,
        "minimum_samples": 10,
        "loop_lag_p99": 0.25,
        "clock_within": 0.005,
    }
    assert written["slos"][0] == {
        "name": "submit",
        "title": {"vi": "Nộp hồ sơ", "en": "Hand in"},
        "journeys": ["submit-dossier"],
        "steps": ["submit"],
        "within": 3.0,
        "objective": 0.99,
        "requirements": [],
    }
    assert len(written["systems"]) == 136
    assert written["links"][0] == {
        "name": "citizens--national-portal",
        "caller": "citizens",
        "callee": "national-portal",
    }
    assert {"code": "15", "name": "Lào Cai"} in written["provinces"]
    assert {"code": "10", "name": "Lào Cai", "province": "15"} in written["old_provinces"]


def test_a_fault_in_the_plan_is_whole(planned: Planned) -> None:
    slow, cut = planned.plan.faults
    assert (slow.start, slow.end, slow.recover_within) == (5.0, 15.0, 5.0)
    assert slow.links == ("national-portal--vneid",)
    assert slow.title.en == "Slow link"
    assert slow.meaning.vi
    assert slow.colour.startswith("#")
    assert slow.executes == "yes"
    made = slow.catalogued()
    assert made.model_dump() == {"kind": "slow", "latency": 0.8, "jitter": 0.0, "direction": "answers"}
    assert cut.parameters == {}
    assert cut.links == tuple(f"lgsp-{code}--case-{code}" for code in ("11", "12", "14", "15", "19"))


def test_a_fault_of_links_names_no_system(planned: Planned) -> None:
    assert {(fault.place, fault.systems) for fault in planned.plan.faults} == {("link", ())}
    assert planned.plan.alone == frozenset()


NORTH = 'kind = "cut"\nlinks = ["lgsp-1*--case-1*"]'


@pytest.mark.parametrize(
    ("said", "place", "systems", "link", "alone"),
    [
        pytest.param(
            'kind = "killed"\nsystems = ["case-1[15]"]',
            "process",
            ("case-11", "case-15"),
            "officials--case-15",
            {"case-11", "case-15"},
            id="a process",
        ),
        pytest.param(
            'kind = "errors"\nshare = 0.5\nsystems = ["payment"]',
            "system",
            ("payment",),
            "citizens--payment",
            set(),
            id="a system",
        ),
        pytest.param(
            'kind = "duplicate-delivery"\nsystems = ["payment"]',
            "system",
            ("payment",),
            "payment--national-portal",
            set(),
            id="what a system sends on",
        ),
    ],
)
def test_a_fault_has_its_place_its_systems_and_the_links_on_which_it_is_felt(
    said: str, place: str, systems: tuple[str, ...], link: str, alone: set[str]
) -> None:
    plan = make_plan(scenario((NORTH, said)), 1).plan
    fault = plan.faults[1]
    assert (str(fault.place), fault.systems) == (place, systems)
    assert plan.alone == frozenset(alone)
    assert link in fault.links


def test_a_fault_of_links_is_an_instance_of_its_own(planned: Planned) -> None:
    made = planned.plan.faults[1].catalogued()
    assert isinstance(made, LinkFault)
    assert made.instance == "north-cut"


def test_the_sentences_say_where_a_fault_is_and_what_its_process_takes() -> None:
    several = make_plan(scenario((NORTH, 'kind = "killed"\nsystems = ["case-system"]')), 1).plan
    share = make_plan(scenario((NORTH, 'kind = "errors"\nshare = 0.5\nsystems = ["vneid"]')), 1).plan
    said = "\n".join(sentences(several))
    assert "north-cut: system crashed at case-01, case-04, case-08 and 31 more, T0+20s" in said
    assert "120 MB per system in a process of its own" in said
    assert f"about {1000 + 150 + 34 * 120:,} MB of memory" in said
    assert "system errors (status 500, share 0.5) at vneid, T0+20s" in "\n".join(sentences(share))


def test_faults_come_in_the_order_of_time_whatever_the_order_of_the_file() -> None:
    swapped = scenario(('at = "+5s"', 'at = "+32s"'))
    assert [fault.name for fault in make_plan(swapped, 1).plan.faults] == ["north-cut", "vneid-slow"]


def test_the_schedule_is_summed_up_in_the_plan(planned: Planned) -> None:
    summary = planned.plan.arrivals
    assert summary.count == planned.arrivals.num_rows == sum(summary.by_journey.values())
    assert set(summary.by_journey) == {"read-procedure", "submit-dossier", "process-dossiers"}
    assert len(summary.expected_per_second) == 60
    assert summary.workers == 2
    assert len(summary.sha256) == 64


def test_the_number_of_workers_changes_no_arrival(planned: Planned) -> None:
    assert make_plan(scenario(), workers=7).plan.arrivals.sha256 == planned.plan.arrivals.sha256


@pytest.mark.parametrize("workers", [0, -1, 257])
def test_an_impossible_number_of_workers_is_refused(workers: int) -> None:
    with pytest.raises(UsageError, match=f"workers: {workers}: must be from 1 to 256"):
        make_plan(scenario(), workers)


def test_a_system_nobody_mentions_has_the_capacity_of_a_prepared_country(planned: Planned) -> None:
    ready = topology.PREPARED[topology.Kind.LGSP]
    found = system(planned.plan, "lgsp-15")
    assert (found.servers, found.queue, found.service_mean) == (ready.servers, ready.queue, ready.mean)
    assert found.defects == ()


def test_what_is_said_of_a_system_goes_before_what_is_said_of_its_kind() -> None:
    both = scenario(
        ("[systems.lgsp-24]\n", "[systems.lgsp]\nservers = 2\nqueue = 3\n\n[systems.lgsp-24]\nservers = 1\n")
    )
    plan = make_plan(both, 1).plan
    one, other = system(plan, "lgsp-24"), system(plan, "lgsp-15")
    assert (one.servers, one.queue, one.defects) == (1, 3, ("not-connected",))
    assert (other.servers, other.queue, other.defects) == (2, 3, ())


def test_a_service_time_is_taken_over_whole(planned: Planned) -> None:
    vneid = system(planned.plan, "vneid")
    assert (vneid.servers, vneid.service_mean, vneid.service_sigma) == (4, 0.03, 0.4)
    assert vneid.service_distribution == "lognormal"
    assert vneid.queue == topology.PREPARED[topology.Kind.VNEID].queue


def test_a_plan_that_is_written_reads_as_the_same(planned: Planned, tmp_path: Path) -> None:
    plans.write(planned, tmp_path)
    assert plans.read(tmp_path) == planned.plan
    with pa.ipc.open_file(tmp_path / "arrivals.arrow") as file:
        assert file.read_all().equals(planned.arrivals)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "cannot be read: No such file", id="missing"),
        pytest.param('{"format": 1}', "scenario: Field required", id="half"),
        pytest.param("{", "Invalid JSON", id="torn"),
    ],
)
def test_a_plan_that_cannot_be_read_is_named(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "plan.json").write_text(content)
    with pytest.raises(EvidenceError, match=message):
        plans.read(tmp_path)


def test_the_sentences_say_what_will_happen_and_what_it_needs() -> None:
    said = "\n".join(sentences(make_plan(load("closing-night"), workers=2).plan))
    for words in (
        "136 systems are started",
        "401 links",
        "2 worker processes",
        "from T0+10s, when 145 are expected",
        "Visitors arrive for 2m30s, from T0-40s to T0+1m50s",
        "Fault 1, vneid-slow: slow link (latency 800ms, jitter 200ms, direction answers) on citizens--vneid",
        "Fault 3, payment-acknowledgement-lost",
        "538 free ports on 127.0.0.1",
        "one per 700 requests",
        "Expected outcome: MET.",
    ):
        assert words in said


def test_the_sentences_name_each_defect_and_each_capacity_that_differs() -> None:
    said = sentences(make_plan(load("closing-night-unprepared"), workers=1).plan)
    assert "Defect: lgsp-24 was never connected to the case system of its province." in said
    assert "Defect: payment charges again when a request is repeated under the same key." in said
    assert "vneid can serve 100 requests per second; in a prepared country it would be 1067." in said
    assert said[-1] == "Expected outcome: MISSED."


def test_a_plan_without_faults_says_so() -> None:
    calm = scenario().model_copy(update={"faults": ()})
    assert "No fault is planned." in sentences(make_plan(calm, 1).plan)
