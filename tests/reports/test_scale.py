"""What ten million samples rest on: rows of few bytes, and a synthetic night that is a whole run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import reports
from bench.night_folder import main
from reports.frames import load
from reports.run import Run

BYTES = {"samples": 90, "received": 60, "calls": 60, "visits": 30}
"""The most that a row of a frame may take: ten million samples with all that follows stay below 2 GB."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest night in which every fault meets traffic."""
    path = tmp_path_factory.mktemp("night") / "run"
    result = CliRunner().invoke(main, [str(path), "--samples", "60000"], catch_exceptions=False)
    assert result.exit_code == 0
    return path


def test_a_row_takes_few_bytes(folder: Path) -> None:
    frames = load(Run.open(folder))
    for name, most in BYTES.items():
        frame: pd.DataFrame = getattr(frames, name)
        took = frame.memory_usage(deep=True).sum() / len(frame)
        assert took <= most, f"a row of {name} takes {took:.1f} bytes; at most {most} were expected"


def test_the_night_that_is_timed_is_believed_and_met(folder: Path) -> None:
    verdict = reports.build(folder)
    assert [finding.name for finding in verdict.validity.findings if finding.outcome != "met"] == []
    assert verdict.outcome == "met", [finding.name for finding in verdict.causes]
