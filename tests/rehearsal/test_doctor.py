"""What the doctor looks at, and that nothing it finds is a traceback."""

from __future__ import annotations

import socket

import pytest

from chaos.errors import PortsError
from rehearsal import doctor
from rehearsal.doctor import Finding, examine, findings


def refused() -> tuple[bool, str]:
    raise PortsError("538 free ports were asked for, 12 found")


def unreadable() -> tuple[bool, str]:
    raise PermissionError(13, "Permission denied", "/proc/x")


@pytest.mark.parametrize(
    ("look", "well", "explanation"),
    [
        pytest.param(lambda: (True, "4 of them"), True, "4 of them", id="well"),
        pytest.param(lambda: (False, "1 of 2"), False, "1 of 2", id="not well"),
        pytest.param(refused, False, "538 free ports were asked for, 12 found", id="refused"),
        pytest.param(unreadable, False, "[Errno 13] Permission denied: '/proc/x'", id="cannot be looked at"),
    ],
)
def test_a_look_becomes_a_finding(look: doctor.Look, well: bool, explanation: str) -> None:
    assert findings([("thing", look)]) == [Finding("thing", well, explanation)]  # type: ignore[list-item]  # a lambda


@pytest.fixture
def closed() -> str:
    """An address where nobody listens."""
    with socket.socket() as once:
        once.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{once.getsockname()[1]}"


def test_everything_that_a_run_needs_is_looked_at(closed: str) -> None:
    found = {finding.subject: finding for finding in examine(closed)}
    assert list(found) == [
        "Python", "processors", "memory", "disk", "open files", "clock", "ports", "Toxiproxy",
    ]  # fmt: skip
    assert found["Python"].well
    assert found["ports"].well
    assert not found["Toxiproxy"].well
    assert closed in found["Toxiproxy"].explanation


@pytest.mark.parametrize(
    ("constant", "value", "subject", "shown"),
    [
        pytest.param("LEAST_PYTHON", (9, 9), "Python", "needed: 9.9 or newer", id="Python"),
        pytest.param("LEAST_CPUS", 10**6, "processors", "needed: 1000000", id="processors"),
        pytest.param("LEAST_MEMORY_GB", 1e6, "memory", "needed: 1e+06", id="memory"),
        pytest.param("LEAST_DISK_GB", 1e9, "disk", "needed: 1e+09 per run", id="disk"),
        pytest.param("LEAST_FILES", 2**63, "open files", "ulimit -Hn", id="open files"),
    ],
)
def test_a_machine_that_has_too_little_is_told_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, closed: str, constant: str, value: object, subject: str, shown: str
) -> None:
    monkeypatch.setattr(doctor, constant, value)
    (finding,) = [each for each in examine(closed) if each.subject == subject]
    assert not finding.well
    assert shown in finding.explanation
