"""No visitor ends unseen."""

from dataclasses import dataclass, field

import gevent
import pytest
from gevent.event import Event

from rehearsal.swarm.crowd import Crowd
from rehearsal.swarm.progress import Progress
from rehearsal.swarm.recorder import End, RecorderError
from rehearsal.swarm.transport import Exhausted
from scenarios.journeys.testing import arrival
from scenarios.journeys.visitor import Script, Visitor
from tests.rehearsal.swarm.fakes import T0, FakeWorld, response


@dataclass
class FakeVisits:
    """Every visit that began must end once."""

    begun: int = 0
    ends: list[tuple[int, End]] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)

    def began(self) -> None:
        self.begun += 1

    def ended(self, arrival: int, at: int, end: End) -> None:
        assert at >= T0
        self.ends.append((arrival, end))

    def dropped(self, arrival: int) -> None:
        self.left_out.append(arrival)


def crowd_of(script: Script, fake: FakeWorld | None = None) -> tuple[Crowd, Progress, list[Exception]]:
    crowd, progress, failures, _ = recorded_crowd_of(script, fake)
    return crowd, progress, failures


def recorded_crowd_of(
    script: Script, fake: FakeWorld | None = None
) -> tuple[Crowd, Progress, list[Exception], FakeVisits]:
    progress, visits = Progress(), FakeVisits()
    failures: list[Exception] = []
    world = (fake or FakeWorld()).world
    return Crowd(world, {"journey": script}, progress, visits, failures.append), progress, failures, visits


def raiser(error: BaseException) -> Script:
    def script(_: Visitor) -> None:
        raise error

    return script


def one_page(visitor: Visitor) -> None:
    visitor.request("home", "national-portal", "GET", "/")


def test_a_visitor_who_ends_well_is_only_counted_as_started() -> None:
    fake = FakeWorld(response(), response())
    crowd, progress, failures = crowd_of(one_page, fake)
    crowd.start(arrival(0))
    crowd.start(arrival(1))
    assert progress.in_flight == 2
    crowd.end(5)
    assert progress == Progress(started=2)
    assert failures == []
    assert all(wire.closed for wire in fake.wires)


def test_a_visitor_who_gives_up_is_counted() -> None:
    crowd, progress, failures = crowd_of(one_page, FakeWorld(response(404)))
    crowd.start(arrival())
    crowd.end(5)
    assert progress == Progress(started=1, gave_up=1)
    assert failures == []


@pytest.mark.parametrize("error", [RecorderError("disk full"), Exhausted("no descriptors")])
def test_what_makes_the_run_worthless_stops_it(error: Exception) -> None:
    crowd, progress, failures = crowd_of(raiser(error))
    crowd.start(arrival())
    crowd.end(5)
    assert failures == [error]
    assert progress.in_flight == 0


def test_a_journey_that_fails_is_counted_each_time_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    crowd, progress, failures = crowd_of(raiser(KeyError("code")))
    for number in range(3):
        crowd.start(arrival(number))
    crowd.end(5)
    assert progress == Progress(started=3, crashed=3)
    assert failures == []
    assert [record.getMessage() for record in caplog.records] == ["journey journey failed for arrival 0"]


def test_visitors_who_outlast_the_grace_are_cut() -> None:
    crowd, progress, _ = crowd_of(lambda _: gevent.sleep(60))
    crowd.start(arrival())
    gevent.sleep(0)
    crowd.end(0)
    assert progress == Progress(started=1, cut=1)


def test_a_visitor_who_is_cut_before_the_first_step_is_counted_too() -> None:
    began = Event()
    crowd, progress, _ = crowd_of(lambda _: began.set())
    crowd.start(arrival())
    crowd.end(0)
    assert progress.started == 1
    assert progress.in_flight == 0
    assert progress.cut == (0 if began.is_set() else 1)


@pytest.mark.parametrize(
    ("script", "end"),
    [
        pytest.param(lambda _: None, "finished", id="comes to its end"),
        pytest.param(one_page, "gave-up", id="loses patience"),
        pytest.param(raiser(KeyError("code")), "crashed", id="the journey's own code fails"),
        pytest.param(lambda _: gevent.sleep(60), "cut", id="outlasts the grace"),
        pytest.param(raiser(Exhausted("no descriptors")), "cut", id="the run stops"),
    ],
)
def test_every_visit_is_recorded_with_its_end(script: Script, end: End) -> None:
    crowd, _, _, visits = recorded_crowd_of(script, FakeWorld(response(404)))
    crowd.start(arrival(7))
    gevent.sleep(0)
    crowd.end(0)
    assert (visits.begun, visits.ends) == (1, [(7, end)])


def test_a_visit_cut_before_its_first_instruction_is_recorded() -> None:
    crowd, _, _, visits = recorded_crowd_of(lambda _: None)
    crowd.start(arrival(7))
    crowd._group.kill(block=True)  # before anybody let it run
    crowd.end(0)
    assert (visits.begun, visits.ends) == (1, [(7, "cut")])


def test_an_arrival_that_is_dropped_is_recorded_and_no_visit() -> None:
    crowd, progress, _, visits = recorded_crowd_of(lambda _: None)
    crowd.drop(arrival(7))
    assert (visits.begun, visits.ends, visits.left_out) == (0, [], [7])
    assert progress.started == 0
