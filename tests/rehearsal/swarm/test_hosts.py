"""Workers on other hosts: the same schedule, one clock, all journals in the master's folder."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.errors import ExitCode
from tests.rehearsal.hosts import hosts, needs_hosts
from tests.rehearsal.swarm.country import WITHIN, intents, running_country, samples, swarm, write_run

pytestmark = pytest.mark.e2e

ARRIVALS = 150
SECONDS = 3.0
DAY = 86_400
PUNCTUAL_NS = 1_000_000_000
"""A machine that is busy with other tests is late, but not by a day."""


def worker_files(worker: int) -> set[str]:
    streams = {f"samples.{worker}.arrows", f"visits.{worker}.arrows", f"pulse.worker-{worker}.arrows"}
    return {*streams, *(f"{name}.crc" for name in streams), f"intents.{worker}.jsonl", f"counts.{worker}.i64"}


@needs_hosts
def test_three_hosts_of_which_one_has_another_clock_are_one_swarm(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    spools = [tmp_path / f"spool-{number}" for number in range(3)]
    with hosts(0, DAY, 0) as (here, elsewhere), running_country(here) as country:
        write_run(run, country.address, ARRIVALS, seconds=SECONDS)
        with swarm(run, 3, joining=3, host=here) as running:
            for host, spool in zip(elsewhere, spools, strict=True):
                host.start(running.join("--spool", str(spool)), tmp_path / f"{host.name}.log")
            t0 = running.begin(delay=0.5)
            end = running.until("finished")
            assert running.exit_codes() == [0]

    ready = next(event for event in running.seen if event["event"] == "ready")
    came = {event["worker"]: event["host"] for event in running.seen if event["event"] == "worker-ready"}
    assert set(came.values()) == {"host-0", "host-1", "host-2"}
    assert [(each["planned"], each["started"], each["dropped"]) for each in end["workers"]] == [
        (50, 50, 0)
    ] * 3

    # all worked from one schedule, and the clock that is a day ahead was found out
    assert len(ready["sha256"]) == 64
    for clock in ready["clocks"]:
        ahead = DAY * 10**9 if clock["host"] == "host-1" else 0
        assert abs(clock["offset_ns"] - ahead) <= clock["uncertainty_ns"] < PUNCTUAL_NS
        assert clock["host"] == came[clock["worker"]]

    # whatever a worker wrote is here, and nothing is left with it
    assert set.union(*map(worker_files, range(3))) <= {path.name for path in run.iterdir()}
    assert [list(spool.iterdir()) for spool in spools] == [[], [], []]

    # on one clock: planned where the plan says, sent soon after
    rows = list(itertools.chain.from_iterable(samples(run, worker) for worker in range(3)))
    assert len(rows) == 2 * ARRIVALS
    for row in rows:
        if row["step"] == "page":
            assert row["planned"] == t0 + row["arrival"] * round(SECONDS * 1e9) // ARRIVALS
        assert 0 <= row["sent"] - row["planned"] < PUNCTUAL_NS
        assert 0 <= row["done"] - row["sent"] < PUNCTUAL_NS
    lines = list(itertools.chain.from_iterable(intents(run, worker) for worker in range(3)))
    assert sorted(line["intent"] for line in lines if line["event"] == "ok") == sorted(country.keys)
    assert all(t0 <= line["at"] <= t0 + (SECONDS + 5) * 1e9 for line in lines)


def test_one_too_many_is_refused_and_disturbs_nobody(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    with running_country() as country:
        write_run(run, country.address, 60, seconds=12.0)
        with swarm(run, 2, joining=1) as running:
            spool = ["--spool", str(tmp_path), "--keep"]
            joined = subprocess.Popen([sys.executable, "-m", *running.join(*spool)])
            running.begin()
            late = [sys.executable, "-m", *running.join()]
            refused = subprocess.run(late, capture_output=True, text=True, timeout=WITHIN)
            end = running.until("finished")
            assert [*running.exit_codes(), joined.wait(WITHIN)] == [0, 0, 0]
    assert refused.returncode == ExitCode.NO_ENVIRONMENT
    assert refused.stderr == "swarm: the master refuses this worker: all 2 workers of this run are there\n"
    assert [(each["started"], each["samples"]) for each in end["workers"]] == [(30, 60)] * 2
    (kept,) = tmp_path.glob("*-run-worker-1-*")
    for name in worker_files(1):
        assert (kept / name).read_bytes() == (run / name).read_bytes(), name


def test_without_a_master_a_worker_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rehearsal.swarm", "join", "--host", "127.0.0.1", "--port", "1"]
    done = subprocess.run([*command, "--within", "1"], capture_output=True, text=True, timeout=WITHIN)
    assert done.returncode == ExitCode.NO_ENVIRONMENT
    assert done.stderr == "swarm: 127.0.0.1:1: no master of a swarm answered within 1 s\n"
