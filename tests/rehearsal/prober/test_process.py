"""The prober as a process, and as the conductor sees it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rehearsal.errors import ExitCode, SetUpError
from rehearsal.prober.process import Prober
from rehearsal.run_record import RunFolder
from reports.journal import PROBES
from reports.journal_reader import read_stream
from tests.rehearsal.calibration.stubs import running
from tests.rehearsal.prober.runs import write_run

pytestmark = pytest.mark.e2e

SECONDS, RATE = 1.5, 40
WITHIN = 30.0


def probes(folder: Path) -> list[dict[str, Any]]:
    """Its journal, which must be whole."""
    table, torn = read_stream(folder / "probes.arrows", PROBES)
    assert not torn
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


async def test_it_probes_at_its_instants_whatever_becomes_of_the_answers(folder: RunFolder) -> None:
    with running(folder.path, mean=0.3) as stub:
        write_run(folder.path, stub.address, SECONDS)
        prober = Prober(folder)
        await prober.start()
        t0 = time.monotonic_ns() + 100_000_000
        await prober.begin(t0)
        assert await prober.wait() == ExitCode.MET
        await prober.stop()
        stub.end()
        received = stub.truth()
    rows = probes(folder.path)
    assert len(rows) == len(received) == SECONDS * RATE
    assert {row["caller"] for row in received} == {"prober"}
    assert {(row["step"], row["link"], row["status"], row["error"]) for row in rows} == {
        ("home", "citizens--stub", 200, "")
    }
    planned = sorted(row["planned"] for row in rows)
    assert t0 <= planned[0]
    assert planned[-1] <= t0 + SECONDS * 1e9
    gaps = sorted(after - before for before, after in pairwise(planned))
    assert gaps[len(gaps) // 2] < 50_000_000, "it does not wait for answers that take 300 ms"
    assert all(row["sent"] >= row["planned"] and row["done"] - row["sent"] >= 299_000_000 for row in rows)


class Bare:
    """The process without its conductor."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rehearsal.prober", "--run", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def begin(self) -> None:
        assert self.process.stdout
        assert json.loads(self.process.stdout.readline()) == {"event": "ready"}
        self.tell(json.dumps({"t0_monotonic_ns": time.monotonic_ns()}).encode())

    def tell(self, line: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def ended(self) -> tuple[int, str]:
        said = self.process.communicate(timeout=WITHIN)[1]
        return self.process.returncode, said.decode()


@pytest.mark.parametrize("how", ["SIGTERM", "end of its stdin"])
def test_one_that_is_ended_early_writes_what_it_has(tmp_path: Path, how: str) -> None:
    with running(tmp_path) as stub:
        write_run(tmp_path, stub.address, seconds=60)
        prober = Bare(tmp_path)
        prober.begin()
        time.sleep(0.6)
        if how == "SIGTERM":
            prober.process.send_signal(signal.SIGTERM)
        assert prober.ended() == (ExitCode.INTERRUPTED, "")
    assert len(probes(tmp_path)) > 10


def test_a_clock_that_is_none_is_one_clear_error(tmp_path: Path) -> None:
    write_run(tmp_path, "127.0.0.1:9", seconds=60)
    prober = Bare(tmp_path)
    prober.tell(b'{"t0": 1}')
    status, said = prober.ended()
    assert status == ExitCode.USAGE
    assert said.startswith("prober: stdin: ")
    assert '{"t0_monotonic_ns": N}' in said
    assert "Traceback" not in said


async def test_one_that_does_not_come_up_is_named_with_its_reason(folder: RunFolder) -> None:
    with pytest.raises(SetUpError, match=r"process prober ended with status 2; .*\n.*plan\.json"):
        await Prober(folder).start()
