"""Scenarios for tests, made from the good file of ``bad_scenarios`` without touching a disk."""

from __future__ import annotations

import tomllib

from rehearsal.scenario.model import Scenario
from tests.rehearsal.bad_scenarios import GOOD


def scenario(*changes: tuple[str, str]) -> Scenario:
    """The good scenario with each first text written as the second."""
    text = GOOD
    for old, new in changes:
        if old not in text:
            raise ValueError(f"{old!r} is not in the good file")
        text = text.replace(old, new)
    return Scenario.model_validate(tomllib.loads(text))
