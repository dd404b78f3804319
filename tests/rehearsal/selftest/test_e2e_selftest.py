"""One defect and one clean control, with real countries and the real Toxiproxy; then judged again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from rehearsal.cli import guarded
from rehearsal.errors import ExitCode
from rehearsal.selftest.command import FOLDER, command
from tests.rehearsal.running import ROOT, WITHIN

pytestmark = pytest.mark.e2e

CALL = "import sys; from rehearsal import cli; from rehearsal.selftest.command import command; "
CALL += "sys.exit(cli.guarded(command, sys.argv[1:]))"


def test_a_defect_is_detected_and_a_clean_country_raises_no_alarm(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    arguments = ["--only", "loses-deliveries", "--clean", "1", "--at-once", "2"]
    arguments += ["--runs", str(tmp_path), "--json", str(file)]
    assert guarded(command, arguments) == ExitCode.MET, file.read_text()
    figures = json.loads(file.read_bytes())
    assert [figures[name] for name in ("planted", "detected", "clean", "false_alarms")] == [1, 1, 1, 0]
    defect, clean = figures["rows"]
    assert "right-case-system" in defect["missed"]
    assert clean["missed"] == []
    for row in figures["rows"]:
        assert (Path(row["folder"]) / "report.html").exists()
        assert not (Path(row["folder"]) / "stores").exists(), "what is not needed is not kept"
        (Path(row["folder"]) / "report.json").unlink()
    assert guarded(command, [*arguments, "--judge-again"]) == ExitCode.MET
    again = json.loads(file.read_bytes())
    assert [row["folder"] for row in again["rows"]] == [row["folder"] for row in figures["rows"]]
    assert (Path(defect["folder"]) / "report.json").exists()


def test_ctrl_c_ends_every_process(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", CALL, "--only", "stale-reads", "--clean", "0", "--runs", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        process_group=0,
    )
    deadline = time.monotonic() + WITHIN
    runs = tmp_path / FOLDER / "runs" / "stale-reads"
    while not list(runs.glob("*/*/run.json")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    started = psutil.Process(process.pid).children(recursive=True)
    assert started
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=WITHIN)
    assert process.returncode == ExitCode.INTERRUPTED
    assert b"0 runs are kept" in said
    _, left = psutil.wait_procs(started, timeout=5)
    assert left == []
