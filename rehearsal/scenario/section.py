"""The base of every table of a scenario file, and the types of value that all tables share.

A *moment* is a time relative to the cutover minute T0 and always carries a sign: ``"-40s"``, ``"+1m30s"``,
``"T0"``, ``"T0+20s"``. A *duration* never does: ``"20s"``, ``"1m30s"``, ``"800ms"``. Both become seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Annotated, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from chaos import units
from rehearsal.errors import suggest

_PART = r"[0-9]+(?:\.[0-9]+)?(?:us|ms|s|m|h)"
_DURATION = re.compile(rf"(?:{_PART})+")
_MOMENT = re.compile(rf"T0|(?:T0)?(?P<sign>[+-])(?P<amount>(?:{_PART})+)")


class Section(BaseModel):
    """One table of a scenario file: frozen, strict about types, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


def parse_duration(value: object) -> float:
    """Seconds of a duration such as ``"1m30s"``."""
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        hint = (
            f', such as "{value}s"' if isinstance(value, int | float) else ' such as "20s", "1m30s", "800ms"'
        )
        raise PydanticCustomError("duration", "{legal}", {"legal": f"write a duration in quotes{hint}"})
    return sum(map(units.seconds, re.findall(_PART, value)))


def parse_moment(value: object) -> float:
    """Seconds after T0 of a moment such as ``"-40s"`` or ``"T0+20s"``; negative before it."""
    found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        text = str(value)
        hint = (
            f'such as "+{text}" (after the cutover) or "-{text}" (before it)'
            if _DURATION.fullmatch(text)
            else 'such as "-40s", "+1m30s", "T0" or "T0+20s"'
        )
        raise PydanticCustomError("moment", "{legal}", {"legal": f"write a time relative to T0, {hint}"})
    if found["amount"] is None:
        return 0.0
    return parse_duration(found["amount"]) * (-1 if found["sign"] == "-" else 1)


def spell_duration(seconds: float) -> str:
    """The shortest way to write a duration: ``90.0`` is ``"1m30s"``, ``0.8`` is ``"800ms"``."""
    if seconds < 0:
        raise ValueError(f"a duration is never negative, and this is {seconds} s")
    milliseconds = round(seconds * 1000)
    parts = []
    for unit, size in (("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, milliseconds = divmod(milliseconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def spell_moment(seconds: float) -> str:
    """A moment as a scenario file writes it: ``-40.0`` is ``"T0-40s"``."""
    return "T0" if seconds == 0 else f"T0{'-' if seconds < 0 else '+'}{spell_duration(abs(seconds))}"


Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION.pattern}$", "examples": ["20s", "1m30s"]}),
]
Moment = Annotated[
    float,
    BeforeValidator(parse_moment),
    WithJsonSchema({"type": "string", "examples": ["-40s", "+1m30s", "T0", "T0+20s"]}),
]

NAME = "[a-z0-9]+(-[a-z0-9]+)*"
Name = Annotated[str, Field(pattern=f"^{NAME}$")]

T = TypeVar("T")
Many = Annotated[tuple[T, ...], Strict(False)]
"""An array of the file, kept as a tuple (lax: TOML gives a list where a tuple is asked for)."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """Metadata of a ``str`` that must be one of ``legal()``; the message offers the nearest name."""

    what: str
    legal: Callable[[], Collection[str]]

    def check(self, value: object) -> object:
        """The value itself, or an error that says what is legal."""
        if isinstance(value, str) and value not in self.legal():
            context = {"what": self.what, "hint": suggest(value, self.legal())}
            raise PydanticCustomError("unknown_name", "is no {what}; {hint}", context)
        return value

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, object]:
        return {**handler(schema), "enum": list(self.legal())}
