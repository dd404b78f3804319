"""Master and workers as real processes against a small server."""

import itertools
import signal
import subprocess
from pathlib import Path

import pytest

from rehearsal.errors import ExitCode
from reports.journal import SAMPLES
from tests.rehearsal.swarm.country import (
    SWARM,
    free_address,
    intents,
    running_country,
    samples,
    swarm,
    write_run,
)

pytestmark = pytest.mark.e2e

ARRIVALS = 200


def test_a_whole_run_offers_every_arrival_at_its_instant_and_leaves_its_evidence(tmp_path: Path) -> None:
    with running_country() as country:
        write_run(tmp_path, country.address, ARRIVALS, seconds=3)
        with swarm(tmp_path) as running:
            t0 = running.begin()
            end = running.until("finished")
            assert running.exit_codes() == [0, 0, 0]
    told = [event["event"] for event in running.seen if event["event"] != "progress"]
    assert told == ["listening", "worker-ready", "worker-ready", "ready", "finished"]
    assert [(each["planned"], each["started"], each["dropped"]) for each in end["workers"]] == [
        (100, 100, 0)
    ] * 2
    last = next(event for event in reversed(running.seen) if event["event"] == "progress")
    assert (last["planned"], last["started"], last["requests"]) == (ARRIVALS, ARRIVALS, 2 * ARRIVALS)
    assert (last["ok"], last["failed"], last["unknown"], last["in_flight"]) == (2 * ARRIVALS, 0, 0, 0)

    rows = list(itertools.chain.from_iterable(samples(tmp_path, worker) for worker in range(2)))
    assert [each["samples"] for each in end["workers"]] == [ARRIVALS, ARRIVALS]
    assert list(rows[0]) == SAMPLES.names
    firsts = {row["arrival"]: row for row in rows if row["step"] == "page"}
    assert sorted(firsts) == list(range(ARRIVALS))
    assert all(row["planned"] == t0 + n * 15_000_000 for n, row in firsts.items())
    assert all(row["planned"] <= row["sent"] <= row["done"] for row in rows)
    assert len({row["span"] for row in rows}) == len(rows)

    submits = {row["arrival"]: row for row in rows if row["step"] == "submit"}
    lines = list(itertools.chain.from_iterable(intents(tmp_path, worker) for worker in range(2)))
    invoked = {line["arrival"]: line for line in lines if line["event"] == "invoke"}
    ended = {line["intent"]: line for line in lines if line["event"] == "ok"}
    assert sorted(invoked) == list(range(ARRIVALS))
    assert all(invoked[n]["at"] <= submits[n]["sent"] for n in invoked)
    assert all(ended[line["intent"]]["record"].startswith("H") for line in invoked.values())
    assert sorted(country.keys) == sorted(line["intent"] for line in invoked.values())
    assert country.callers == {"citizens"}


def test_a_killed_worker_is_told_and_the_other_finishes_its_share(tmp_path: Path) -> None:
    with running_country() as country:
        write_run(tmp_path, country.address, 100, seconds=6)
        with swarm(tmp_path) as running:
            running.begin()
            running.until("progress", lambda event: event["started"] > 10)
            running.workers[1].kill()
            assert running.until("worker-lost")["worker"] == 1
            end = running.until("finished")
            assert running.exit_codes() == [0, 0, -signal.SIGKILL]
    assert [(each["worker"], each["started"]) for each in end["workers"]] == [(0, 50)]
    assert len(samples(tmp_path, 0)) == 100


@pytest.mark.parametrize("how", ["SIGTERM of the master", "end of its stdin"])
def test_a_stopped_swarm_writes_what_it_has_and_leaves_no_process(tmp_path: Path, how: str) -> None:
    with running_country() as country:
        write_run(tmp_path, country.address, 3000, seconds=60, journey="wait")
        with swarm(tmp_path) as running:
            running.begin()
            running.until("progress", lambda event: event["in_flight"] > 10)
            if how == "SIGTERM of the master":
                running.master.terminate()
            else:
                assert running.master.stdin
                running.master.stdin.close()
            end = running.until("finished")
            assert running.exit_codes() == [ExitCode.INTERRUPTED] * 3
    for each in end["workers"]:
        rows = samples(tmp_path, each["worker"])
        assert len(rows) == each["samples"]
        assert each["cut"] > 0
        assert each["started"] + each["dropped"] == 1500
        assert {(row["outcome"], row["error"]) for row in rows} <= {
            ("unknown", "cut"),
            ("unknown", "timeout"),
        }


def test_workers_whose_master_vanished_close_their_files_and_end(tmp_path: Path) -> None:
    with running_country() as country:
        write_run(tmp_path, country.address, 100, seconds=60)
        with swarm(tmp_path) as running:
            running.begin()
            running.until("progress", lambda event: event["requests"] > 0)
            running.master.kill()
            assert running.exit_codes() == [-signal.SIGKILL, ExitCode.OUR_FAULT, ExitCode.OUR_FAULT]
    assert samples(tmp_path, 0)


def test_evidence_that_cannot_be_written_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "intents.1.jsonl").symlink_to("/dev/full")
    with running_country() as country:
        write_run(tmp_path, country.address, 1000, seconds=60)
        with swarm(tmp_path) as running:
            running.begin()
            failed = running.until("failed")
            running.until("finished")
            assert running.exit_codes() == [ExitCode.OUR_FAULT, ExitCode.INTERRUPTED, ExitCode.OUR_FAULT]
    assert failed["worker"] == 1
    assert "No space left" in failed["reason"]


def test_a_country_that_is_not_there_fails_every_request_and_ends_the_run_well(tmp_path: Path) -> None:
    write_run(tmp_path, free_address(), 20, seconds=0.5)
    with swarm(tmp_path, workers=1) as running:
        running.begin()
        (end,) = running.until("finished")["workers"]
        assert running.exit_codes() == [0, 0]
    assert (end["gave_up"], end["samples"]) == (20, 40)
    assert {(row["outcome"], row["error"]) for row in samples(tmp_path, 0)} == {("failed", "connect")}


@pytest.mark.parametrize("role", [("master", "--port", "0"), ("worker", "--port", "1", "--index", "0")])
def test_a_run_folder_without_a_plan_is_one_clear_error(tmp_path: Path, role: tuple[str, ...]) -> None:
    command = [*SWARM, *role, "--run", str(tmp_path), "--workers", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == ExitCode.USAGE
    assert "plan.json" in done.stderr
    assert "Traceback" not in done.stderr
