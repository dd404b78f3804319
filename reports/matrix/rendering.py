"""The matrix as a page, a summary and a file for machines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader

from reports import files
from reports.matrix.expectation import RULE, Effect, Level, not_worse
from reports.matrix.files import Role
from reports.matrix.model import Cell, Group, Matrix
from reports.matrix.words import (
    EFFECT_WORDS,
    JOURNEYS,
    LEVEL_MEANINGS,
    LEVEL_SYMBOLS,
    LEVEL_WORDS,
    PLACES,
    ROLES,
    STATE_SYMBOLS,
    STATES,
)
from reports.render.environment import environment
from reports.text import Text


def write_all(matrix: Matrix, folder: Path) -> list[Path]:
    """Write ``matrix.html``, ``matrix.md`` and ``matrix.json`` into the folder; their paths."""
    contents = {
        "matrix.html": html(matrix).encode(),
        "matrix.md": markdown(matrix).encode(),
        "matrix.json": files.indented(matrix),
    }
    return files.write_all(folder, contents)


def html(matrix: Matrix) -> str:
    """The whole page; nothing in it is fetched from anywhere, and it links to the reports of its runs."""
    return _rendered("matrix.html.j2", matrix, autoescape=True)


def markdown(matrix: Matrix) -> str:
    """A short summary in English with the verdict in both languages."""
    return _rendered("matrix.md.j2", matrix, autoescape=False)


def worst_seen(group: Group, journey: str) -> tuple[Level | None, bool]:
    """The worst that visitors of a journey saw in any cell of a group, and whether all of it was expected."""
    seen = [each for cell in group.cells for each in cell.journeys if each.journey == journey and each.seen]
    worst = None
    for each in seen:
        if each.seen and (worst is None or not not_worse(each.seen, worst)):
            worst = each.seen
    return worst, all(each.as_expected for each in seen)


def parameters(values: dict[str, str | int]) -> str:
    """Parameters in short: ``latency 1200ms, jitter 2s``."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items())


def rule_rows() -> list[tuple[Role, list[tuple[Effect, Level]]]]:
    """The rule as a table: for each role, what may be seen at worst under each effect."""
    return [(role, [(effect, RULE[role].get(effect, "full")) for effect in EFFECT_WORDS]) for role in ROLES]


def in_state(cells: Iterable[Cell], *states: str) -> list[Cell]:
    """The cells of which became one of these."""
    return [cell for cell in cells if cell.state in states]


def _rendered(template: str, matrix: Matrix, *, autoescape: bool) -> str:
    made: Environment = environment(autoescape=autoescape)
    own, shared = PackageLoader("reports.matrix"), made.loader
    made.loader = ChoiceLoader([own, shared] if shared else [own])
    made.filters.update(parameters=parameters, in_state=in_state)
    made.globals.update(
        levels=LEVEL_WORDS,
        level_meanings=LEVEL_MEANINGS,
        level_symbols=LEVEL_SYMBOLS,
        states=STATES,
        state_symbols=STATE_SYMBOLS,
        roles=ROLES,
        effects=EFFECT_WORDS,
        places=PLACES,
        rule=rule_rows(),
        worst_seen=worst_seen,
    )
    heads = {name: JOURNEYS.get(name, Text(name, name)) for name in matrix.journeys}
    titles = {dependency.name: dependency.title for dependency in matrix.dependencies}
    return made.get_template(template).render(matrix=matrix, heads=heads, titles=titles)
