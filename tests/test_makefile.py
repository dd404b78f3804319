"""The doors of the project that do more than one thing, with commands that only say that they were called."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NIGHT = ["all", "readiness", "conversion", "requirements"]


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make on this machine")
@pytest.mark.parametrize(
    ("codes", "worst"),
    [
        pytest.param([0, 0, 0, 0], 0, id="all well"),
        pytest.param([1, 0, 0, 0], 1, id="the first"),
        pytest.param([0, 0, 3, 0], 3, id="one in between"),
        pytest.param([1, 4, 0, 3], 4, id="several"),
    ],
)
def test_the_night_does_everything_and_ends_with_the_worst_code(
    tmp_path: Path, codes: list[int], worst: int
) -> None:
    called = tmp_path / "called"
    rehearse = tmp_path / "rehearse"
    cases = "\n".join(f"{name}) exit {code};;" for name, code in zip(NIGHT, codes, strict=True))
    rehearse.write_text(f'#!/bin/sh\necho "$@" >> {called}\ncase $1 in\n{cases}\nesac\nexit 99\n')
    rehearse.chmod(0o755)
    command = ["make", "--old-file=setup", "rehearse-all", f"BIN={tmp_path}"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert called.read_text().split() == NIGHT
    assert made.returncode == (2 if worst else 0), "make itself knows no other code"
    assert not worst or f"Error {worst}" in made.stderr
