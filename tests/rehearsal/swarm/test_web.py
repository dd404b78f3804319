"""``locust`` in the project folder plays the journeys of the plan.

Importing Locust patches the process, so each test runs it in one of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.errors import ExitCode
from tests.rehearsal.swarm.country import running_country, write_run

ROOT = Path(__file__).parents[3]


def run(*command: str, run_folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "REHEARSAL_RUN"}
    if run_folder is not None:
        environment["REHEARSAL_RUN"] = str(run_folder)
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


def test_tasks_are_repeated_in_proportion_to_the_plan() -> None:
    program = """
from rehearsal.swarm.web import Citizen, weigh
names = [task.__name__ for task in Citizen.tasks]
weigh(Citizen, lambda name: {names[0]: 300, names[1]: 100}.get(name, 0))
counts = {name: sum(task.__name__ == name for task in Citizen.tasks) for name in names}
assert counts == {**dict.fromkeys(names, 0), names[0]: 75, names[1]: 25}, counts
before = list(Citizen.tasks)
weigh(Citizen, lambda name: 0)
assert Citizen.tasks == before, "a plan without citizens leaves the tasks alone"
"""
    done = run("-c", program)
    assert done.returncode == 0, done.stderr


def test_a_sample_becomes_a_request_of_locust() -> None:
    program = """
from locust.env import Environment
from rehearsal.swarm.web import LocustJournal
from tests.rehearsal.swarm.test_recorder import SAMPLE
environment = Environment()
seen = []
environment.events.request.add_listener(lambda **request: seen.append(request))
journal = LocustJournal(environment)
journal.sample(SAMPLE._replace(planned=0, done=5_000_000))
journal.sample(SAMPLE._replace(outcome="failed", error="http-503"))
right, wrong = seen
assert (right["name"], right["request_type"]) == ("pay/home", "vneid")
assert (right["response_time"], right["response_length"], right["exception"]) == (5.0, 20, None)
assert str(wrong["exception"]) == "http-503"
"""
    done = run("-c", program)
    assert done.returncode == 0, done.stderr


@pytest.mark.e2e
def test_locust_plays_the_journeys_against_a_running_country(tmp_path: Path) -> None:
    with running_country() as country:
        write_run(tmp_path, country.address, 5, seconds=1, journey="read-procedure")
        done = run(
            "-m", "locust", "--headless", "-u", "1", "-t", "2s", "--json", "--exit-code-on-error", "0",
            "Citizen",
            run_folder=tmp_path,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    names = {(each["method"], each["name"]) for each in json.loads(done.stdout)}
    assert ("national-portal", "read-procedure/home") in names


@pytest.mark.e2e
def test_a_folder_without_a_country_is_one_clear_error(tmp_path: Path) -> None:
    done = run("-m", "locust", "--headless", "-u", "1", "-t", "2s", run_folder=tmp_path)
    assert done.returncode == ExitCode.USAGE
    assert "plan.json" in done.stderr
    assert "Traceback" not in done.stderr
