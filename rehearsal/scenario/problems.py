"""Turns pydantic's errors into problems that a reader of the scenario file understands.

pydantic says *what* failed and a path in its own terms (with the tags of unions in it). A problem says
*where in the file*, *what stands there*, and *what would be legal*.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from rehearsal.errors import nearest, suggest

Path = tuple[str | int, ...]
BASE = "base"
"""The one legal key at the top of a file that is no table of the scenario: ``reading`` takes it out."""
VALUE_SHOWN = 60
"""Longer values are cut in a message."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at a path. ``value`` only where it is not simply what the file says there."""

    path: Path
    message: str
    value: str = ""


def spell_path(path: Path) -> str:
    """``("faults", 1, "links", 0)`` as ``faults[1].links[0]``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def spell_value(value: object) -> str:
    """A value as TOML writes it, cut where it is long."""
    if isinstance(value, Mapping):
        text = "{" + ", ".join(f"{key} = {spell_value(item)}" for key, item in value.items()) + "}"
    elif isinstance(value, Sequence) and not isinstance(value, str):
        text = "[" + ", ".join(map(spell_value, value)) + "]"
    elif isinstance(value, datetime | date):
        text = value.isoformat()
    elif isinstance(value, str | bool):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = str(value)
    return text if len(text) <= VALUE_SHOWN else text[: VALUE_SHOWN - 1] + "…"


def findings(model: type[BaseModel], error: ValidationError, also: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Every finding of a failed validation, in pydantic's order. ``also``: further legal keys at the top.

    What pydantic says twice is said once: a mistyped key is not missing as well, and an array whose entries
    are all wrong is not empty.
    """
    details = error.errors(include_url=False)
    unknown = [
        _locate(model, detail["loc"], also) for detail in details if detail["type"] == "extra_forbidden"
    ]
    explained = {
        (*spot.path[:-1], near)
        for spot in unknown
        for near in nearest(str(spot.path[-1]), spot.legal, count=1)
    }
    for detail in details:
        spot = _locate(model, detail["loc"], also)
        twice = (detail["type"] == "missing" and spot.path in explained) or (
            detail["type"] == "too_short" and detail["input"]
        )
        if not twice:
            yield _finding(spot, detail)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where pydantic's path leads: the path in the file, the type that was asked for, the legal keys."""

    path: Path
    type: object
    legal: tuple[str, ...]  # the keys of the table in which the last part of the path stands


def keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The legal keys of a table, as the file writes them."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _locate(model: type[BaseModel], loc: Path, also: tuple[str, ...]) -> _Spot:
    path: list[str | int] = []
    kind: object = model
    legal: tuple[str, ...] = ()
    for part in loc:
        kind = _plain(kind)
        if chosen := _tagged(_members(kind), part):
            kind = chosen  # the tag of a union is no key of the file
            continue
        if part == "[key]":  # a key of a free table, already in the path
            kind = get_args(kind)[0] if get_args(kind) else kind
            continue
        path.append(part)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = keys(kind)
            legal = (*fields, *also) if kind is model else tuple(fields)
            kind = fields[str(part)].annotation if str(part) in fields else None
        elif get_origin(kind) is dict:
            kind = get_args(kind)[1]
        elif get_origin(kind) is tuple:
            kind = get_args(kind)[0]
    return _Spot(tuple(path), _plain(kind), legal)


def _plain(kind: object) -> object:
    """A type without ``Annotated`` and ``None``."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if _is_union(kind):
        members = [member for member in get_args(kind) if member is not types.NoneType]
        return _plain(members[0]) if len(members) == 1 else kind
    return kind


def _is_union(kind: object) -> bool:
    return get_origin(kind) in (Union, types.UnionType)


def _members(kind: object) -> list[type[BaseModel]]:
    """The tables of a union of tables."""
    if not _is_union(kind):
        return []
    return [
        member
        for member in map(_plain, get_args(kind))
        if isinstance(member, type) and issubclass(member, BaseModel)
    ]


def _tags(member: type[BaseModel], discriminator: str) -> tuple[str, ...]:
    return tuple(map(str, get_args(member.model_fields[discriminator].annotation)))


def _tagged(members: Sequence[type[BaseModel]], tag: object) -> type[BaseModel] | None:
    for member in members:
        for field in member.model_fields.values():
            if get_origin(field.annotation) is Literal and tag in get_args(field.annotation):
                return member
    return None


_MEANT = {
    "int_type": "must be a whole number without quotes",
    "float_type": "must be a number without quotes",
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false",
    "tuple_type": "must be an array: [ ... ]",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "missing": "must be given",
    "too_short": "must hold at least one entry",
    "string_too_short": "must not be empty",
    "timezone_aware": "must have an offset, such as 2025-07-01T00:00:00+07:00",
    "datetime_type": "write a date and time with its offset, such as 2025-07-01T00:00:00+07:00",
    "finite_number": "must be a finite number",
}


def _finding(spot: _Spot, detail: ErrorDetails) -> Finding:
    context, given = detail.get("ctx", {}), detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            key = str(spot.path[-1])
            return Finding(spot.path, f'unknown key "{key}"; {suggest(key, spot.legal)}')
        case "literal_error":
            legal = tuple(map(str, get_args(spot.type)))
            return Finding(spot.path, f"is not legal here; {suggest(str(given), legal)}")
        case "union_tag_invalid" | "union_tag_not_found":
            key = context["discriminator"].strip("'")
            legal = tuple(tag for member in _members(spot.type) for tag in _tags(member, key))
            tag = str(context.get("tag", ""))
            hint = (
                f"is no {key}; {suggest(tag, legal)}" if tag else f"must be given (legal: {', '.join(legal)})"
            )
            return Finding((*spot.path, key), hint)
        case "string_pattern_mismatch":
            slug = re.sub(r"[^a-z0-9]+", "-", str(given).casefold()).strip("-") or "closing-night"
            return Finding(spot.path, f'must be small letters, digits and single hyphens, such as "{slug}"')
        case "unknown_name":  # of a key too, where what stands at the path is not the name
            return Finding(spot.path, detail["msg"], value=spell_value(given))
        case kind if kind in _MEANT:
            return Finding(spot.path, _MEANT[kind])
        case _:
            message = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
            return Finding(spot.path, message)
