"""A rehearsal on three hosts, one of which dies in the middle: the report says which, when, and the loss."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

import pytest

from rehearsal.errors import ExitCode
from rehearsal.swarm_processes import Elsewhere
from reports.text import moment
from tests.rehearsal.hosts import hosts, needs_hosts
from tests.rehearsal.running import WITHIN, rehearse, short_night

pytestmark = [pytest.mark.e2e, needs_hosts]

DAY = 86_400
LOAD, DEATH = 8, 3.0
"""Seconds of load, and the second after T0 in which a host dies."""


def free_port(address: str) -> int:
    with socket.create_server((address, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def brief_night(folder: Path) -> str:
    """The short night, shorter: it comes to its end."""
    path = Path(short_night(folder))
    night = path.read_text(encoding="utf-8")
    for long, short in (('"+60s"', f'"+{LOAD - 1}s"'), ('"61s"', f'"{LOAD}s"'), ('"50s"', '"2s"')):
        assert night.count(long) == 1
        night = night.replace(long, short)
    path.write_text(night, encoding="utf-8")
    return str(path)


def test_a_host_that_dies_in_the_middle_is_named_with_its_moment_and_its_loss(tmp_path: Path) -> None:
    with hosts(0, DAY) as (here, elsewhere):
        master = Elsewhere(2, here, free_port(here))
        arguments = ["--workers", "1", "--expect-workers", "2", "--listen", here, "--port", str(master.port)]
        with rehearse(tmp_path, "run", brief_night(tmp_path), *arguments) as running:
            joining = ["rehearsal", *master.command.split()[1:], "--spool", str(tmp_path)]
            for host in elsewhere:
                host.start(joining, tmp_path / f"{host.name}.log")
            running.until_event("phase", phase="load")
            t0 = running.json("run.json")["t0_monotonic_ns"]
            running.until("the middle", lambda: time.monotonic_ns() >= t0 + DEATH * 1e9)
            elsewhere[1].die()
            assert running.process.wait(WITHIN) == ExitCode.INCONCLUSIVE, running.said

            run, plan, report = (running.json(f"{name}.json") for name in ("run", "plan", "report"))
            (dead,) = (worker for worker in run["workers"] if not worker["finished"])
            last_heard = (dead["lost_at"] - t0) / 1e9
            assert dead["host"] == "host-1"
            assert DEATH - 2.5 <= last_heard <= DEATH + 0.5
            assert [worker["lost_at"] for worker in run["workers"] if worker["finished"]] == [0, 0]
            assert (run["ended"], report["outcome"]) == ("completed", "inconclusive")

            # every worker checked the schedule that the plan and the report name
            (ready,) = (event for event in running.events() if event["event"] == "swarm-ready")
            assert ready["arrivals_sha256"] == plan["arrivals"]["sha256"] == report["arrivals_sha256"]

            # the clock of the dead host was a day ahead; what it left is on ours
            clocks = {clock["process"]: clock for clock in run["clocks"]}
            assert {"worker-0", "worker-1", "worker-2"} < clocks.keys()
            assert clocks[f"worker-{dead['worker']}"]["offset_ns"] == pytest.approx(DAY * 1e9, abs=1e8)
            lost = report["planned"] - report["offered"]
            assert 0 < lost < dead["planned"], "its first seconds are here, the rest is known to be missing"

            said = f"Worker {dead['worker']} on host-1 was lost, last heard at {moment(last_heard)}"
            assert said in running.said
            told = re.search(rf"(\d+) of its {dead['planned']} arrivals were never offered", running.said)
            assert told is not None, running.said
            assert 0 < int(told[1]) <= lost, "those that had begun and left no record are told beside them"
            assert running.left(within=3.0) == []
