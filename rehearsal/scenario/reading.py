"""Finds scenario files, reads them, and merges each onto the one it is based on.

A file with ``base = "closing-night"`` inherits everything of that scenario:

* a table is merged key by key, to any depth; a key of the file wins over the same key of its base;
* everything else, arrays and arrays of tables included, replaces the base's value whole;
* what a base says cannot be taken away, only said anew.

A base is looked for beside the file that names it, then among the scenarios of the project.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import scenarios
from rehearsal.errors import Problem, ScenarioError, suggest
from rehearsal.scenario.problems import BASE, Finding, spell_path, spell_value

FOLDER = Path(scenarios.__file__).parent
_POSITION = re.compile(
    r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)"
)

Tree = dict[str, object]


@dataclass(frozen=True)
class Document:
    """A scenario file as merged. ``layers``: each file with what it says itself, the one asked for first."""

    path: Path
    merged: Tree
    layers: tuple[tuple[Path, Tree], ...]

    def place(self, finding: Finding) -> Problem:
        """The problem a finding is, with the file that says the wrong thing.

        That is the first in which the key stands; for something missing, the first that has the table.
        """
        for length in range(len(finding.path), 0, -1):
            for file, tree in self.layers:
                written = _at(tree, finding.path[:length])
                if written is not _NOTHING:
                    value = spell_value(written) if length == len(finding.path) else ""
                    return _problem(file, finding, finding.value or value)
        return _problem(self.path, finding, finding.value)


def available(folder: Path = FOLDER) -> dict[str, Path]:
    """The scenarios of a folder, by name, in the order of names."""
    return {path.stem: path for path in sorted(folder.glob("*.toml"), key=lambda path: path.stem)}


def find(path_or_name: str | Path, beside: Path | None = None) -> Path:
    """The file that a path, or the name of a scenario, stands for. Raises :class:`ScenarioError`.

    ``beside`` is the folder that relative paths start from and where a name is looked for first.
    """
    text = str(path_or_name)
    if text.endswith(".toml") or Path(text).name != text:
        path = (beside or Path()) / text
        if path.is_file():
            return path
        near = list(map(str, available(path.parent).values()))
        hint = suggest(text, near) if near else suggest(path.stem, available())
        raise ScenarioError([Problem("scenario", spell_value(text), f"no such file; {hint}")])
    known = available() | (available(beside) if beside else {})
    if text not in known:
        raise ScenarioError(
            [Problem("scenario", spell_value(text), f"is no scenario; {suggest(text, known)}")]
        )
    return known[text]


def read(path: Path) -> Document:
    """Read a file and everything it is based on. Raises :class:`ScenarioError`."""
    layers: list[tuple[Path, Tree]] = []
    following: Path | None = path
    while following is not None:
        tree = parse(following)
        base = tree.pop(BASE, None)
        layers.append((following, tree))
        following = _base(base, [file for file, _ in layers])
    merged: Tree = {}
    for _, tree in reversed(layers):
        merged = merge(tree, onto=merged)
    return Document(path, merged, tuple(layers))


def parse(path: Path) -> Tree:
    """One file as TOML. A syntax error names line and column. Raises :class:`ScenarioError`."""
    try:
        text = path.read_bytes().decode()
        return tomllib.loads(text)
    except OSError as error:
        raise ScenarioError([Problem(path.name, "", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        byte = f"byte 0x{error.object[error.start]:02x}"
        raise ScenarioError(
            [Problem(f"{path.name}:{line}", byte, "is no UTF-8: save the file as UTF-8")]
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError([_syntax_problem(path, text, str(error))]) from error


def merge(tree: Tree, onto: Tree) -> Tree:
    """``tree`` laid over ``onto``: tables key by key, everything else replaced whole. Neither is changed."""
    result = dict(onto)
    for key, value in tree.items():
        below = onto.get(key)
        result[key] = (
            merge(value, onto=below) if isinstance(value, dict) and isinstance(below, dict) else value
        )
    return result


def _base(name: object, chain: Sequence[Path]) -> Path | None:
    if name is None:
        return None
    file = chain[-1]
    place, value = f"{file.name}: base", spell_value(name)
    if not isinstance(name, str):
        raise ScenarioError([Problem(place, value, "must be the name of a scenario, in quotes")])
    try:
        found = find(name, beside=file.parent)
    except ScenarioError as error:
        raise ScenarioError([Problem(place, value, problem.message) for problem in error.problems]) from None
    if found.resolve() in [path.resolve() for path in chain]:
        circle = " → ".join([path.stem for path in chain] + [found.stem])
        message = f"goes round in a circle: {circle}; let one of them stand without a base"
        raise ScenarioError([Problem(place, value, message)])
    return found


def _syntax_problem(path: Path, text: str, message: str) -> Problem:
    found = _POSITION.fullmatch(message)
    lines = text.splitlines() or [""]
    if found is None:
        return Problem(path.name, "", f"is no TOML: {message}")
    line = int(found["line"] or len(lines))
    column = int(found["column"] or len(lines[-1]) + 1)
    shown = lines[line - 1].strip() if line <= len(lines) else ""
    return Problem(f"{path.name}:{line}:{column}", shown, f"is no TOML here: {found['reason']}")


def _problem(file: Path, finding: Finding, value: str) -> Problem:
    place = spell_path(finding.path)
    return Problem(f"{file.name}: {place}" if place else file.name, value, finding.message)


_NOTHING = object()


def _at(tree: object, path: Sequence[str | int]) -> object:
    """What stands at a path, or ``_NOTHING``."""
    for part in path:
        if isinstance(tree, Mapping) and part in tree:
            tree = tree[str(part)]
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
        else:
            return _NOTHING
    return tree
