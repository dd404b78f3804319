"""The rows of the matrix: what is to be run, and what each run showed. Pure but for reading a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import msgspec

from rehearsal.decoding import decoded
from rehearsal.errors import EvidenceError
from rehearsal.scaling.attempt import Finding, Outcome
from rehearsal.selftest.expectations import EXPECTATIONS

RowOutcome = Literal["met", "missed", "inconclusive", "failed"]
FAILED: RowOutcome = "failed"
"""The outcome of a run that came to no verdict."""


class Task(msgspec.Struct, frozen=True):
    """One run to be made. Without a defect it is a clean control. ``name`` is its scenario's own name."""

    name: str
    scenario: str
    seed: int
    defect: str = ""
    system: str = ""


class Row(msgspec.Struct, frozen=True):
    """What one run showed.

    ``expected`` are the checks that would name the defect rightly (names or globs), ``named_by`` those of
    the ``missed`` that do. ``missed`` holds no finding on the validity of the run: ``broken`` holds what
    kept it from being conclusive. ``where`` says of findings that were missed whom they name (systems, links
    or provinces). ``explanation`` is what the first finding says. ``seconds`` counts all attempts.
    """

    name: str
    defect: str
    system: str
    scenario: str
    seed: int
    expected: tuple[str, ...]
    missed: tuple[str, ...]
    named_by: tuple[str, ...]
    broken: tuple[str, ...]
    outcome: RowOutcome
    explanation: str
    folder: str
    seconds: float
    attempts: int
    where: Mapping[str, tuple[str, ...]] = {}

    @property
    def conclusive(self) -> bool:
        """Whether the run can be believed at all."""
        return self.outcome in ("met", "missed")

    @property
    def detected(self) -> bool:
        """A defect was planted, the run can be believed, and a check named it rightly."""
        return self.outcome == "missed" and bool(self.named_by)

    @property
    def false_alarm(self) -> bool:
        """No defect was planted, the run can be believed, and something was missed."""
        return not self.defect and self.outcome == "missed"

    @property
    def as_it_should_be(self) -> bool:
        """A defect was detected, or a clean country met everything."""
        return self.detected if self.defect else self.outcome == "met"


class _Located(Finding, frozen=True):
    where: tuple[str, ...] = ()


class _Validity(msgspec.Struct, frozen=True):
    findings: list[Finding]


class _Report(msgspec.Struct, frozen=True):
    outcome: Outcome
    validity: _Validity
    findings: list[_Located]


def judged(task: Task, folder: Path, *, seconds: float, attempts: int) -> Row:
    """Read what a run showed from its ``report.json``. Raises :class:`EvidenceError`."""
    report = decoded(folder / "report.json", _Report, EvidenceError)
    missed = [each for each in report.findings if each.outcome == "missed"]
    broken = [each for each in report.validity.findings if each.outcome != "met"]
    unknown = [each for each in report.findings if each.outcome == "inconclusive"]
    expectation = EXPECTATIONS.get(task.defect)
    named = expectation.naming(each.name for each in missed) if expectation else []
    told: Sequence[Finding] = broken or [each for each in missed if each.name in named] or missed or unknown
    return _row(
        task,
        outcome=report.outcome,
        missed=[each.name for each in missed],
        where={each.name: each.where for each in missed if each.where},
        named_by=named,
        broken=[each.name for each in broken or unknown],
        explanation=told[0].explanation if told else "",
        folder=str(folder),
        seconds=seconds,
        attempts=attempts,
    )


def without_verdict(task: Task, reason: str, *, seconds: float, attempts: int) -> Row:
    """The row of a run that came to no verdict."""
    return _row(task, outcome=FAILED, explanation=reason, seconds=seconds, attempts=attempts)


def _row(
    task: Task,
    *,
    outcome: RowOutcome,
    explanation: str,
    seconds: float,
    attempts: int,
    missed: Sequence[str] = (),
    where: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    named_by: Sequence[str] = (),
    broken: Sequence[str] = (),
    folder: str = "",
) -> Row:
    expectation = EXPECTATIONS.get(task.defect)
    return Row(
        name=task.name,
        defect=task.defect,
        system=task.system,
        scenario=task.scenario,
        seed=task.seed,
        expected=tuple(expectation.named_by) if expectation else (),
        missed=tuple(missed),
        named_by=tuple(named_by),
        broken=tuple(broken),
        outcome=outcome,
        explanation=explanation,
        folder=folder,
        seconds=round(seconds, 1),
        attempts=attempts,
        where=dict(where),
    )
