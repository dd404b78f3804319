"""What an import loads at run time. (Import Linter reads the sources; libraries import lazily, too.)

pandas and matplotlib cost seconds that a process which sends or serves does not have, and importing locust
or gevent patches the whole process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ANALYSIS, SWARM = {"pandas", "matplotlib"}, {"locust", "gevent"}
SYSTEMS = {"httptools", "faker"}

MAKE_AND_WRITE_A_PLAN = """
import tempfile, pathlib, rehearsal.run_command
from rehearsal import plan, scenario
with tempfile.TemporaryDirectory() as folder:
    plan.write(plan.make_plan(scenario.load("smoke"), 2), pathlib.Path(folder))
"""
WRITE_THE_STORES = """
import asyncio, datetime, pathlib, tempfile
from mocks.operator import Stored
from rehearsal.aftermath import read_stores
from rehearsal.run_record import RunFolder
class Country:
    async def stored(self): return [Stored("payment", "charge", "c-1", amount=5)]
    async def counters(self): return {}
with tempfile.TemporaryDirectory() as folder:
    opened = RunFolder(pathlib.Path(folder), "x", datetime.datetime.now())
    asyncio.run(read_stores(Country(), opened))
    opened.close()
"""
JOURNAL_OF_A_MOCK = """
import pathlib, tempfile, mocks.process
from mocks.received import CALLS, Journal
with tempfile.TemporaryDirectory() as folder:
    journal = Journal(pathlib.Path(folder) / "calls.arrows", CALLS)
    journal.append(("a", "b", "a--b", "read", 1, 2, 3, 200, "", "k", "t", "s"))
    journal.close()
"""
JOURNAL_OF_A_WORKER = """
import pathlib, tempfile, rehearsal.swarm.worker, scenarios.journeys.playbook
from rehearsal import plan, scenario
from rehearsal.swarm.settings import load_share
from reports.journal import SAMPLES
from reports.journal_writer import StreamWriter
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    plan.write(plan.make_plan(scenario.load("smoke"), 2), folder)
    assert load_share(folder, 0, 2)
    with StreamWriter(folder / "samples.0.arrows", SAMPLES) as writer:
        writer.append(1, "j", "s", "15", "a--b", 1, 1, 2, 3, 200, "ok", "", 10, 20, "t", "s")
"""


def loaded_by(program: str) -> set[str]:
    """The top-level packages in memory after a program ran in an interpreter of its own."""
    told = (
        program
        + "\nimport json, sys\nprint(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("program", "needed", "barred"),
    [
        pytest.param(
            "import rehearsal.cli, rehearsal.run_command",
            {"click", "pyarrow"},
            ANALYSIS | SWARM | SYSTEMS,
            id="the conductor",
        ),
        pytest.param(MAKE_AND_WRITE_A_PLAN, {"pyarrow"}, ANALYSIS | SWARM | SYSTEMS, id="making a plan"),
        pytest.param(WRITE_THE_STORES, {"pyarrow"}, ANALYSIS | SWARM | SYSTEMS, id="reading the stores"),
        pytest.param(JOURNAL_OF_A_MOCK, SYSTEMS, ANALYSIS | SWARM, id="a process of mocks"),
        pytest.param(JOURNAL_OF_A_WORKER, SWARM, ANALYSIS, id="a worker of the swarm"),
        pytest.param("import reports", set(), ANALYSIS | SWARM, id="the reports before they are asked"),
        pytest.param("import reports.assemble", {"pandas"}, SWARM | SYSTEMS, id="the reports"),
        pytest.param("import chaos.links, chaos.finding", set(), ANALYSIS | SWARM, id="the links"),
        pytest.param("import scenarios.journeys.playbook", set(), ANALYSIS | SWARM, id="the journeys"),
    ],
)
def test_what_is_loaded(program: str, needed: set[str], barred: set[str]) -> None:
    loaded = loaded_by(program)
    assert not loaded & barred
    assert needed <= loaded, "or the check would see nothing"
