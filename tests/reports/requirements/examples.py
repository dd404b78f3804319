"""Demands, and folders of runs, without a rehearsal behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from reports.evidence_file import CommandCheck, CommandEvidence, write
from reports.finding import Outcome, worst
from reports.requirements.model import (
    Deadline,
    Demands,
    Directive,
    Obligation,
    Reading,
    SignOff,
    Statement,
    System,
)
from reports.text import Text

A, B, SIGNED, NOBODY = "LC-1", "LC-2", "VP-1", "VP-2"
"""A is stated by a scenario and by a command, B by a scenario; one is for a signature, one for nobody."""
NIGHT, SWEEP = "the-night", "readiness"


def obligation(id_: str) -> Obligation:
    return Obligation(
        id=id_,
        directive=id_.partition("-")[0],
        clause=Text("1.a", "1.a"),
        who=Text("Chủ tịch & cán bộ", "Chairmen & officials"),
        obligation=Text(f"Làm <{id_}>", f"Do <{id_}>"),
        measure="",
        deadline=Text("trước ngày 25/6/2025", "before 2025-06-25"),
        systems=["SYS-01"],
        due="2025-06-24",
    )


DEMANDS = Demands(
    made="2025-06-30T08:00:00+07:00",
    directives=[
        Directive("LC", Text("Chỉ thị", "Instruction")),
        Directive("VP", Text("Thông báo", "Notice")),
    ],
    obligations=[obligation(id_) for id_ in (A, B, SIGNED, NOBODY)],
    statements=[
        Statement(NIGHT, "run", f"rehearse run {NIGHT}", [A, B]),
        Statement("second", "run", "rehearse run second", [A]),
        Statement(SWEEP, "command", "rehearse readiness", [A]),
    ],
    sign_offs=[SignOff(SIGNED, Text("Do người làm.", "Done by people."), Text("Chủ tịch", "The chairman"))],
    systems=[
        System("SYS-01", Text("Cổng", "Portal"), "mock", ["national-portal"], ["journey:read"], Text()),
        System(
            "SYS-02",
            Text("Thư", "Mail"),
            "not-rehearsable",
            [],
            [],
            Text("Không liên quan.", "Off the way."),
            Text("Giám đốc", "The director"),
        ),
    ],
    deadlines=[
        Deadline("addresses", [Reading("2025-06-24", [A], Text("Trước.", "Before."))], "2025-06-24", Text())
    ],
)

Findings = Mapping[str, tuple[Outcome, Sequence[str]]]
"""Name → how it came out, and the obligations that it states."""


def run(
    runs: Path,
    findings: Findings,
    *,
    scenario: str = NIGHT,
    started: str = "20250630-220000",
    states: Sequence[str] = (A, B),
    expected: Outcome = "met",
    scale: float = 1.0,
    broken: str = "",
    page: bool = True,
) -> Path:
    """A folder with the ``report.json`` of a run. ``broken``: why it cannot be believed."""
    folder = runs / scenario / started
    folder.mkdir(parents=True)
    outcome = worst(found for found, _ in findings.values())
    content = {
        "format": 1,
        "outcome": "inconclusive" if broken else outcome,
        "expected": expected,
        "scenario": {"name": scenario, "hypothesis": "It holds.", "hypothesis_vi": "Ổn.", "scale": scale},
        "validity": {
            "outcome": "inconclusive" if broken else "met",
            "findings": [_finding("lag", "missed", [], broken)] if broken else [],
        },
        "findings": [_finding(name, found, ids) for name, (found, ids) in findings.items()],
        "requirements": [{"id": id_} for id_ in states],
        "making": {"started": f"at {started}"},
    }
    (folder / "plan.json").write_bytes(b"{}")
    (folder / "report.json").write_bytes(msgspec.json.encode(content))
    if page:
        (folder / "report.html").write_bytes(b"<!DOCTYPE html>")
    return folder


def _finding(name: str, outcome: Outcome, ids: Sequence[str], told: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "title": f"Title of {name}",
        "title_vi": f"Tên của {name}",
        "outcome": outcome,
        "explanation": told or f"{name} is {outcome}.",
        "explanation_vi": f"{name}: {outcome}.",
        "kind": "service",
        "requirements": list(ids),
    }


def called(
    runs: Path,
    checks: Findings,
    *,
    kind: str = SWEEP,
    started: str = "20250630-060000",
    page: bool = True,
    subject: str = "",
) -> Path:
    """A folder with the ``evidence.json`` of a command."""
    folder = runs / kind / started
    folder.mkdir(parents=True)
    found = [
        CommandCheck(name, Text(name, name), outcome, list(ids), Text("Vậy.", f"{name} said so."), 34)
        for name, (outcome, ids) in checks.items()
    ]
    moment = f"2025-06-30T{started[9:11]}:00:00+07:00"
    outcome = worst(each.outcome for each in found)
    write(folder, CommandEvidence(kind, moment, outcome, found, subject))
    if page:
        (folder / f"{kind}.html").write_bytes(b"<!DOCTYPE html>")
    return folder
