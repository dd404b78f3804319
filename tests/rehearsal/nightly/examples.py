"""Runs of a night without a rehearsal behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from rehearsal.nightly.reasons import REASONS
from rehearsal.selftest.rows import Task
from rehearsal.selftest.running import Made
from tests.rehearsal.selftest.examples import report

Missed = Iterable[str] | None
"""The findings that a run missed, with whom they name (``check@subject``); None for one without a verdict."""


class AsExpected:
    """Makes runs at once; each ends as it should, but for those of ``otherwise``."""

    def __init__(self, folder: Path, otherwise: Mapping[str, Missed] | None = None) -> None:
        self._folder = folder
        self._otherwise = dict(otherwise or {})
        self.made: list[str] = []

    async def __call__(self, task: Task, country_is_gone: Callable[[], None]) -> Made:
        """See :class:`rehearsal.selftest.running.Make`."""
        self.made.append(task.name)
        country_is_gone()
        missed = self._otherwise.get(task.name, REASONS.get(task.name, ()))
        if missed is None:
            return Made(None, "exit code 4: port 20001 is taken")
        return Made(report(self._folder / task.name, missed=missed))
