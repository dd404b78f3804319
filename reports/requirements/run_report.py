"""The report of one run: what the matrix needs of ``report.json``, and of what it speaks."""

from __future__ import annotations

from pathlib import Path

import msgspec

from reports.errors import RunFolderError
from reports.finding import Kind, Outcome, worst
from reports.requirements.model import Evidence, Shown
from reports.run_check import decoded
from reports.text import Text
from reports.verdict import FORMAT

REPORT = "report.json"

NOT_BELIEVED = Text("Lần chạy không đáng tin.", "The run cannot be believed.")


class _Finding(msgspec.Struct, frozen=True):
    """A finding as ``report.json`` has it: every text is two strings."""

    name: str
    title: str
    outcome: Outcome
    explanation: str
    kind: Kind
    requirements: list[str]
    title_vi: str = ""
    explanation_vi: str = ""

    @property
    def shown(self) -> Shown:
        return Shown(self.name, Text(self.title_vi, self.title), self.outcome, self.told)

    @property
    def told(self) -> Text:
        return Text(self.explanation_vi, self.explanation)


class _Scenario(msgspec.Struct, frozen=True):
    name: str
    hypothesis: str
    hypothesis_vi: str = ""
    scale: float = 1.0


class _Validity(msgspec.Struct, frozen=True):
    outcome: Outcome
    findings: list[_Finding]


class _Stated(msgspec.Struct, frozen=True):
    id: str


class _Making(msgspec.Struct, frozen=True):
    started: str


class RunReport(msgspec.Struct, frozen=True):
    """What the matrix needs of ``report.json`` (:class:`reports.verdict.Verdict`)."""

    format: int
    outcome: Outcome
    expected: Outcome
    scenario: _Scenario
    validity: _Validity
    findings: list[_Finding]
    requirements: list[_Stated]
    making: _Making


def read(folder: Path) -> RunReport:
    """The report of a run. Raises :class:`~reports.errors.RunFolderError`."""
    report = decoded(folder / REPORT, RunReport)
    if report.format != FORMAT:
        raise RunFolderError(
            f"{folder / REPORT}: format is {report.format}; this version reads format {FORMAT}"
        )
    return report


def evidence(report: RunReport, page: str) -> dict[str, list[Evidence]]:
    """Of each obligation that the scenario states: what the findings that bear it say.

    One that nothing in this run bears, for want of a cause, has no evidence: a verdict alone proves nothing.
    """
    broken = [each.told for each in report.validity.findings if each.outcome != "met"]
    believed = report.validity.outcome == "met"
    doubt = Text() if believed else (broken[0] if broken else NOT_BELIEVED)
    found: dict[str, list[Evidence]] = {}
    for stated in report.requirements:
        checks = [each.shown for each in report.findings if stated.id in each.requirements]
        if not checks:
            continue
        outcome = worst(each.outcome for each in checks) if believed else "inconclusive"
        name, started = report.scenario.name, report.making.started
        found[stated.id] = [Evidence(name, "run", started, outcome, checks, page, doubt)]
    return found
