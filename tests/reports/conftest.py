"""Shared nights: playing one takes longer than judging it."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import reports
from reports.evidence import Evidence
from reports.finding import Finding
from reports.frames import load
from reports.ledger import reconcile
from reports.run import Run
from reports.verdict import Verdict
from tests.reports.factory import Night, night


@cache
def _played() -> bytes:
    return pickle.dumps(night(rate=24))


@pytest.fixture
def run() -> Night:
    """An uneventful night, free to be changed."""
    played: Night = pickle.loads(_played())  # noqa: S301  pickled above; much faster than a deep copy
    return played


@pytest.fixture
def judge(tmp_path: Path) -> Callable[[Night], Verdict]:
    """Write the folder, damage it if wished, judge it."""

    def judged(run: Night, damage: Callable[[Path], None] = lambda _folder: None) -> Verdict:
        folder = run.write(tmp_path / "run")
        damage(folder)
        return reports.build(folder)

    return judged


def finding(verdict: Verdict, name: str) -> Finding:
    """The finding of that name; the test fails with the names there are."""
    every = {found.name: found for found in verdict.validity.findings + verdict.findings}
    assert name in every, f"no finding {name!r}; there are {sorted(every)}"
    return every[name]


@pytest.fixture
def evidence(run: Night, tmp_path: Path) -> Evidence:
    """The evidence of an uneventful night."""
    return evidence_of(run.write(tmp_path / "run"))


@pytest.fixture
def nothing(run: Night, tmp_path: Path) -> Evidence:
    """A completed run in which nobody came and nothing was stored."""
    for rows in (run.arrivals, run.samples, run.intents, run.received, run.calls, run.stored):
        rows.clear()
    run.run["counters"] = {}
    return evidence_of(run.write(tmp_path / "run"))


def evidence_of(folder: Path) -> Evidence:
    """The evidence of a run folder."""
    opened = Run.open(folder)
    journals = load(opened)
    assert journals.stored is not None
    return Evidence(opened, journals, reconcile(opened.plan, journals.intents, journals.stored))


def plain(text: str) -> str:
    """Thin spaces as plain ones, for comparing."""
    return text.replace("\u202f", " ")
