"""What to plant, as a TOML file says it: ``dossier-lost = 3``, a line for each kind."""

from __future__ import annotations

import tomllib
from pathlib import Path

from rehearsal.conversion.faults.registry import KINDS_PLANTED
from rehearsal.errors import Problem, ScenarioError, suggest

MOST = 10_000


def read_file(path: Path) -> dict[str, int]:
    """Kind → how many. Raises `ScenarioError`, which holds every problem found."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError([Problem(str(path), "", f"cannot be read: {error.strerror}")]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError([Problem(str(path), "", f"is no TOML: {error}")]) from error
    problems = []
    for kind, number in content.items():
        if kind not in KINDS_PLANTED:
            problems.append(Problem(f"{path}: {kind}", "", f"unknown kind; {suggest(kind, KINDS_PLANTED)}"))
        elif type(number) is not int or not 1 <= number <= MOST:
            problems.append(Problem(f"{path}: {kind}", repr(number), f"legal is a number from 1 to {MOST}"))
    if not content:
        problems.append(Problem(str(path), "", "names no fault; legal is a line such as dossier-lost = 3"))
    if problems:
        raise ScenarioError(problems)
    return content
