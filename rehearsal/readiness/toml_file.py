"""TOML files of a sweep, read as scenario files are: all problems at once, each with its place and what is
legal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from rehearsal.errors import ScenarioError
from rehearsal.scenario.problems import Finding, findings
from rehearsal.scenario.reading import Document, Tree, parse

M = TypeVar("M", bound=BaseModel)


def read(path: Path, model: type[M], check: Callable[[Tree], Iterable[Finding]]) -> M:
    """What a file says. ``check`` finds what types cannot, in whatever of the file has the right type.

    Raises :class:`~rehearsal.errors.ScenarioError`.
    """
    tree = parse(path)
    document = Document(path, tree, ((path, tree),))
    problems = [document.place(finding) for finding in (*_misfits(model, tree), *check(tree))]
    if problems:
        raise ScenarioError(problems)
    return model.model_validate(tree)


def _misfits(model: type[M], tree: Tree) -> Iterator[Finding]:
    try:
        model.model_validate(tree)
    except ValidationError as error:
        yield from findings(model, error)
