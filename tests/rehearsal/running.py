"""Rehearsals in processes of their own, for the end-to-end tests."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
WITHIN = 90.0
"""Seconds that anything may take on a machine that is busy with other things."""

NIGHT = """\
[scenario]
name = "short-night"
title = { vi = "Đêm ngắn", en = "Short night" }
hypothesis = { vi = "Bị ngắt giữa chừng.", en = "It is broken off." }
date = 2025-07-01T00:00:00+07:00
requirements = ["VP318-0-2"]
owner = "The test"
expect = "met"
seed = 7

[clock]
start = "-1s"
end = "+60s"
warm_up = "0s"
drain_limit = "10s"

[visitors]
think_scale = 0.005

[[arrivals]]
actor = "citizen"
journeys = { read-procedure = 1, submit-dossier = 1 }
phases = [{ shape = "constant", for = "61s", rate = 5 }]

[[faults]]
name = "vneid-cut"
kind = "cut"
links = ["citizens--vneid", "national-portal--vneid"]
at = "-1s"
for = "50s"
recover_within = "5s"

[[slo]]
name = "any-answer"
title = { vi = "Mọi thao tác", en = "Any step" }
within = "3s"
objective = 0.9
"""
"""A minute with a fault that is on nearly all the time: none of these tests lets it come to its end."""


class Rehearsal:
    """``python -m rehearsal ...``, with everything that it has started."""

    def __init__(self, process: subprocess.Popen[bytes], runs: Path, said: Path) -> None:
        self.process = process
        self._runs = runs
        self._said = said
        self.started: list[psutil.Process] = []

    @property
    def said(self) -> str:
        """Its output until now."""
        return self._said.read_text()

    @property
    def folder(self) -> Path:
        """The run folder."""
        return (self._runs / "latest").resolve()

    def until(self, what: str, there: Callable[[], bool]) -> None:
        """Wait until something is there; then everything that was started by then is in ``started``."""
        deadline = time.monotonic() + WITHIN
        while not there():
            assert self.process.poll() is None, f"ended before {what}: {self.said}"
            assert time.monotonic() < deadline, f"no {what}: {self.said}"
            time.sleep(0.05)
        self.started = psutil.Process(self.process.pid).children(recursive=True)

    def until_event(self, event: str, **details: object) -> None:
        """Wait until something was noted."""
        wanted = {"event": event, **details}
        self.until(str(wanted), lambda: any(wanted.items() <= noted.items() for noted in self.events()))

    def events(self) -> list[dict[str, Any]]:
        """What was noted until now."""
        with suppress(FileNotFoundError):
            lines = (self.folder / "events.jsonl").read_text().splitlines(keepends=True)
            return [json.loads(line) for line in lines if line.endswith("\n")]
        return []

    def serves(self) -> bool:
        """Whether the country says that it is up."""
        return (self.folder / "targets.json").exists()

    def json(self, name: str) -> dict[str, Any]:
        """A file of the run folder."""
        content: dict[str, Any] = json.loads((self.folder / name).read_bytes())
        return content

    def pid_of(self, *words: str) -> int:
        """The process that was started with these words in its command line."""
        (found,) = [each for each in self.started if all(word in " ".join(each.cmdline()) for word in words)]
        return found.pid

    def ended(self) -> int:
        """Its exit code."""
        return self.process.wait(WITHIN)

    def left(self, within: float = 0.0) -> list[str]:
        """What still runs of all that it started, or speaks of its run folder."""
        deadline = time.monotonic() + within
        while True:
            names = [_command(each) for each in (*self.started, *psutil.process_iter()) if self._ours(each)]
            if not names or time.monotonic() > deadline:
                return names
            time.sleep(0.05)

    def _ours(self, process: psutil.Process) -> bool:
        with suppress(psutil.NoSuchProcess):
            if process.status() == psutil.STATUS_ZOMBIE or process.pid in (os.getpid(), self.process.pid):
                return False
            return (process in self.started and process.is_running()) or str(self._runs) in _command(process)
        return False


def _command(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        return f"{process.pid} {' '.join(process.cmdline())}"
    return ""


@contextmanager
def rehearse(folder: Path, *arguments: str) -> Iterator[Rehearsal]:
    """Start a command with its runs below a folder; whatever is left of it in the end is killed."""
    runs, said = folder / "runs", folder / "said"
    beside = ("--beside-others",) if arguments[0] == "run" else ()  # tests run side by side
    # leader of a group of its own, like the foreground job of a terminal
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "rehearsal", *arguments, *beside, "--runs", str(runs)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    running = Rehearsal(process, runs, said)
    try:
        yield running
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        for each in running.started:
            with suppress(psutil.NoSuchProcess):
                each.kill()


def short_night(folder: Path) -> str:
    """A scenario file of the short night."""
    path = folder / "short-night.toml"
    path.write_text(NIGHT, encoding="utf-8")
    return str(path)
