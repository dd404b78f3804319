"""What scenarios there are, and what a scenario file may say, for people and for editors."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rehearsal.errors import Problem, ScenarioError
from rehearsal.scenario.loading import load
from rehearsal.scenario.model import Expectation, Scenario, Text
from rehearsal.scenario.reading import available

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Summary:
    """A scenario in one line. ``duration`` is that of the clock in seconds, without starting and draining."""

    name: str
    title: Text
    expect: Expectation
    date: datetime
    duration: float
    hypothesis: Text


def list_scenarios() -> list[Summary]:
    """Every scenario of the project, by name.

    Raises :class:`ScenarioError` with the problems of all files that cannot be used.
    """
    summaries: list[Summary] = []
    problems: list[Problem] = []
    for path in available().values():
        try:
            summaries.append(summarise(load(path)))
        except ScenarioError as error:
            problems.extend(error.problems)
    if problems:
        raise ScenarioError(problems)
    return summaries


def summarise(scenario: Scenario) -> Summary:
    """What a list says about a scenario."""
    head, clock = scenario.scenario, scenario.clock
    return Summary(head.name, head.title, head.expect, head.date, clock.end - clock.start, head.hypothesis)


def json_schema() -> Json:
    """JSON Schema (draft 2020-12) of a scenario file, for completion and checks in an editor.

    A file with a ``base`` need not say everything: it is held to the same keys and values, but only arrays,
    which replace those of the base whole, must be complete.
    """
    whole = Scenario.model_json_schema(by_alias=True)
    definitions = whole.pop("$defs")
    partial = _without_required(whole, definitions)
    base = {
        "type": "string",
        "description": "the scenario from which everything is inherited that is not said here",
    }
    partial["properties"]["base"] = base
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of a cutover rehearsal",
        "if": {"required": ["base"]},
        "then": partial,
        "else": whole,
        "$defs": definitions,
    }


def _without_required(schema: Json, definitions: Json) -> Json:
    """A copy in which no table needs a key, down to the first array; references are written out."""
    if "$ref" in schema:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**definitions[schema["$ref"].rpartition("/")[2]], **beside}
    result = {key: copy.deepcopy(value) for key, value in schema.items() if key != "required"}
    if "properties" in result:
        result["properties"] = {
            name: _without_required(value, definitions) for name, value in result["properties"].items()
        }
    if isinstance(result.get("additionalProperties"), dict):
        result["additionalProperties"] = _without_required(result["additionalProperties"], definitions)
    return result
