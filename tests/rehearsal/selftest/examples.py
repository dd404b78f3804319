"""Run folders, rows and runs without a rehearsal behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from rehearsal.selftest.expectations import EXPECTATIONS
from rehearsal.selftest.rows import Row, Task, judged
from rehearsal.selftest.running import Made


def planted(defect: str = "loses-acknowledged", seed: int = 1) -> Task:
    """The task that plants a defect."""
    there = EXPECTATIONS[defect]
    return Task(defect, there.scenario, seed, defect, there.system)


CLEAN = Task("clean-01", "selftest", 1001)


def report(
    folder: Path,
    *,
    missed: Iterable[str] = (),
    inconclusive: Iterable[str] = (),
    broken: Iterable[str] = (),
) -> Path:
    """A run folder with a ``report.json`` in which these findings are not met.

    Those missed may say whom they name: ``capacity-suffices@vneid``.
    """
    where: dict[str, list[str]] = {}
    for each in missed:
        name, _, subject = each.partition("@")
        where.setdefault(name, []).extend([subject] if subject else [])
    findings: list[dict[str, object]] = [
        {"name": "no-dossier-doubled", "outcome": "met", "explanation": "None."}
    ]
    findings += [
        {"name": name, "outcome": "missed", "explanation": f"{name} is why.", "where": subjects}
        for name, subjects in where.items()
    ]
    findings += [{"name": each, "outcome": "inconclusive", "explanation": "?"} for each in inconclusive]
    validity = [{"name": each, "outcome": "missed", "explanation": f"{each} broke."} for each in broken]
    outcome = "missed" if where else "inconclusive" if inconclusive else "met"
    content = {
        "outcome": "inconclusive" if broken else outcome,
        "validity": {"outcome": "met", "findings": validity},
        "findings": findings,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_bytes(msgspec.json.encode(content))
    return folder


def row(folder: Path, task: Task, **findings: Iterable[str]) -> Row:
    """The row of a task whose run showed these findings."""
    return judged(task, report(folder / task.name, **findings), seconds=20.0, attempts=1)


Shown = Mapping[str, Iterable[str]] | None
"""The findings of a run that are not met (see :func:`report`); None for one without a verdict."""


class Makes:
    """Makes runs at once. ``shown`` are the findings of each try of a task, the last for all that follow.

    A task that is not named meets everything, or names its defect.
    """

    def __init__(self, folder: Path, shown: Mapping[str, Sequence[Shown]] | None = None) -> None:
        self._folder = folder
        self._shown = dict(shown or {})
        self.made: list[str] = []

    async def __call__(self, task: Task, country_is_gone: Callable[[], None]) -> Made:
        """See :class:`rehearsal.selftest.running.Make`."""
        right = {"missed": [EXPECTATIONS[task.defect].named_by[0]] if task.defect else []}
        tries: Sequence[Shown] = self._shown.get(task.name, [right])
        found = tries[min(self.made.count(task.name), len(tries) - 1)]
        self.made.append(task.name)
        await asyncio.sleep(0)
        country_is_gone()
        if found is None:
            return Made(None, "exit code 4: port 20001 is taken")
        return Made(report(self._folder / task.name, **found))
