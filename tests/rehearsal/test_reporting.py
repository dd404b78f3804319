"""The exit code of a report is one of those that are documented."""

from __future__ import annotations

import subprocess

import pytest

from rehearsal import reporting
from rehearsal.errors import ExitCode

CODES = {"met": (0, 0), "missed": (1, 1), "inconclusive": (3, 3), "killed": (-9, 70), "unheard of": (17, 70)}


@pytest.mark.parametrize(("status", "code"), CODES.values(), ids=CODES)
def test_codes(status: int, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        assert command[1:] == ["-m", "reports.matrix", "write", "here"]
        assert not check
        return subprocess.CompletedProcess(command, status)

    monkeypatch.setattr(subprocess, "run", run)
    assert reporting.report("reports.matrix", "write", "here") == ExitCode(code)
