"""From a task to a scenario file: the scenario of its kind with another seed, and with one defect."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from itertools import cycle, islice
from pathlib import Path

from rehearsal.errors import SetUpError
from rehearsal.scenario import load
from rehearsal.selftest.expectations import EXPECTATIONS, HANGS, LINKS, QUIET, RESTART
from rehearsal.selftest.rows import Task

CLEAN_TURNS = (QUIET, LINKS, QUIET, RESTART, QUIET, HANGS)
"""Most defects are planted on the quiet day: most controls are of it, too."""


def tasks(only: Collection[str], clean: int, seed: int) -> Iterator[Task]:
    """Every defect once, or those of ``only``; then ``clean`` controls, by turns in each scenario.

    Each run has a seed of its own, which does not depend on what else is run: ``seed`` plus the number of its
    expectation, or plus 1,000 and the number of the control.
    """
    for number, each in enumerate(EXPECTATIONS.values()):
        if not only or each.defect in only:
            yield Task(each.defect, each.scenario, seed + number, each.defect, each.system)
    for number, scenario in enumerate(islice(cycle(CLEAN_TURNS), clean), start=1):
        yield Task(f"clean-{number:02d}", scenario, seed + 1000 + number)


def plant(task: Task, folder: Path) -> Path:
    """Write the scenario of a task into a folder. Raises :class:`SetUpError`."""
    lines = [
        f"base = {json.dumps(task.scenario)}",
        "[scenario]",
        f"name = {json.dumps(task.name)}",
        f"seed = {task.seed}",
        f'expect = "{"missed" if task.defect else "met"}"',
    ]
    if task.defect:
        lines += [f"[systems.{task.system}]", f"defects = [{json.dumps(task.defect)}]"]
    path = folder / f"{task.name}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise SetUpError(f"{path}: cannot be written ({error.strerror}); name another with --runs") from error
    return path


def content_hash(scenario: Path) -> str:
    """SHA-256 of everything that a scenario says, what it inherits and every default included.

    Raises :class:`~rehearsal.errors.ScenarioError`.
    """
    return hashlib.sha256(load(scenario).model_dump_json().encode()).hexdigest()
