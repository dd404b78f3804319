"""No visitor ends unseen."""

import gevent
import pytest
from gevent.event import Event

from rehearsal.swarm.crowd import Crowd
from rehearsal.swarm.progress import Progress
from rehearsal.swarm.recorder import RecorderError
from rehearsal.swarm.transport import Exhausted
from scenarios.journeys.testing import arrival
from scenarios.journeys.visitor import Script, Visitor
from tests.rehearsal.swarm.fakes import FakeWorld, response


def crowd_of(script: Script, fake: FakeWorld | None = None) -> tuple[Crowd, Progress, list[Exception]]:
    progress = Progress()
    failures: list[Exception] = []
    world = (fake or FakeWorld()).world
    return Crowd(world, {"journey": script}, progress, failures.append), progress, failures


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
