"""What one run at one scale showed, read from its ``report.json`` and ``run.json``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from rehearsal.decoding import decoded
from rehearsal.errors import EvidenceError
from rehearsal.usage import Usage

Outcome = Literal["met", "missed", "inconclusive"]


class Finding(msgspec.Struct, frozen=True):
    """A finding of the report, as far as it is told here."""

    name: str
    outcome: Outcome
    explanation: str
    because_of: list[str] = []


class _Validity(msgspec.Struct, frozen=True):
    outcome: Outcome
    findings: list[Finding]


class _Series(msgspec.Struct, frozen=True):
    planned: list[int]


class _Report(msgspec.Struct, frozen=True):
    outcome: Outcome
    validity: _Validity
    findings: list[Finding]
    peak_requests_per_second: int
    planned: int
    offered: int
    requests_through_links: int
    series: _Series


class _Run(msgspec.Struct, frozen=True):
    usage: Usage


class Attempt(msgspec.Struct, frozen=True):
    """One run. ``valid``: it can be believed. ``limits``: what broke that, or else what was missed."""

    scale: float
    folder: str
    valid: bool
    outcome: Outcome
    sessions_per_second: float
    requests_per_second: int
    planned: int
    offered: int
    limits: list[str]
    explanation: str
    cpu_per_request: Mapping[str, float]
    cpu_share: float


def read(folder: Path, scale: float, cores: int) -> Attempt:
    """Read what a run left. Raises :class:`EvidenceError`."""
    report, usage = (
        decoded(folder / "report.json", _Report, EvidenceError),
        decoded(folder / "run.json", _Run, EvidenceError).usage,
    )
    broken = [finding for finding in report.validity.findings if finding.outcome != "met"]
    missed = [each for each in report.findings if each.outcome != "met" and not each.because_of]
    told = broken or missed
    used = sum(usage.cpu_seconds.values())
    return Attempt(
        scale=scale,
        folder=str(folder),
        valid=report.validity.outcome == "met",
        outcome=report.outcome,
        sessions_per_second=_plateau(report.series.planned),
        requests_per_second=report.peak_requests_per_second,
        planned=report.planned,
        offered=report.offered,
        limits=[finding.name for finding in told],
        explanation=told[0].explanation if told else "",
        cpu_per_request={
            part: cpu / max(report.requests_through_links, 1) for part, cpu in usage.cpu_seconds.items()
        },
        cpu_share=used / (usage.seconds * cores) if usage.seconds else 0.0,
    )


def _plateau(planned: list[int]) -> float:
    """Arrivals per second over the busiest ten seconds: one second alone is chance."""
    width = min(10, len(planned)) or 1
    return max((sum(planned[i : i + width]) / width for i in range(len(planned) - width + 1)), default=0.0)
