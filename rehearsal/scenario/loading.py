"""From a file to a scenario, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from rehearsal.errors import ScenarioError
from rehearsal.scenario.checks import CHECKS
from rehearsal.scenario.model import Scenario
from rehearsal.scenario.problems import BASE, Finding, findings
from rehearsal.scenario.reading import Document, Tree, find, read


def load(path_or_name: str | Path) -> Scenario:
    """The scenario of a file, given by path or by its name in ``scenarios/``.

    Raises :class:`ScenarioError` with everything that is wrong.
    """
    document = read(find(path_or_name))
    problems = [document.place(finding) for finding in _findings(document)]
    if problems:
        raise ScenarioError(problems)
    return Scenario.model_validate(document.merged)


def _findings(document: Document) -> Iterator[Finding]:
    try:
        Scenario.model_validate(document.merged)
    except ValidationError as error:
        yield from findings(Scenario, error, (BASE,))
    tables = {"stem": document.path.stem, **_readable(document.merged)}
    for check, needed in CHECKS.items():
        if all(name in tables for name in needed):
            yield from check(**{name: tables[name] for name in needed})


def _readable(merged: Tree) -> dict[str, Any]:
    """The tables of a scenario that can be read by themselves.

    Of an array of tables, and of a table with free keys, those entries that can: ``{number or key: entry}``,
    and as ``all_<name>`` once more where none is missing.
    """
    tables: dict[str, Any] = {}
    for name, field in Scenario.model_fields.items():
        raw = merged.get(name)
        many = get_origin(field.annotation) in (tuple, dict)
        if raw is None and not field.is_required():
            raw = [] if many else {}
        if isinstance(raw, list) and many:
            raw = dict(enumerate(raw))
        if isinstance(raw, Mapping):
            entries = _each(_ENTRIES[name], raw if many else {name: raw})
            tables |= {name: entries} if many else entries
            if len(entries) == len(raw):
                tables[f"all_{name}"] = entries
    return tables


def _each(entry: TypeAdapter[Any], raw: Mapping[Any, object]) -> dict[Any, Any]:
    good = {}
    for key, value in raw.items():
        try:
            good[key] = entry.validate_python(value)
        except ValidationError:
            continue  # reported with the whole file
    return good


def _entry_type(field: FieldInfo) -> Any:
    """The type of a table, or of one entry of a ``tuple[T, ...]`` or ``dict[str, T]`` of tables."""
    match get_origin(field.annotation):
        case origin if origin is tuple:
            return get_args(field.annotation)[0]
        case origin if origin is dict:
            return get_args(field.annotation)[1]
        case _:
            return field.annotation


_ENTRIES = {name: TypeAdapter(_entry_type(field)) for name, field in Scenario.model_fields.items()}
