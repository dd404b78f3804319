"""A run folder, and a plan small enough for tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rehearsal.plan import Plan, make_plan
from rehearsal.run_record import RunFolder
from tests.rehearsal.examples import scenario

STARTED = datetime(2025, 7, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The plan of the good scenario, for two workers."""
    return make_plan(scenario(), 2).plan


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[RunFolder]:
    """An open run folder."""
    (tmp_path / "logs").mkdir()
    opened = RunFolder(tmp_path, "evening", STARTED)
    yield opened
    opened.close()


def events(folder: RunFolder) -> list[dict[str, Any]]:
    """What was noted so far."""
    return [json.loads(line) for line in (folder.path / "events.jsonl").read_text().splitlines()]
