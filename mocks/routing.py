"""From a method and a path to what serves it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Generic, TypeVar
from urllib.parse import unquote

T = TypeVar("T")
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Router(Generic[T]):
    """Paths such as ``/api/dossiers/{code}``; a name in braces stands for one segment, percent-decoded.

    A path without names goes before all that have some, and these go in the order in which they were added.
    """

    def __init__(self) -> None:
        self._plain: dict[tuple[str, str], T] = {}
        self._named: dict[str, list[tuple[re.Pattern[str], T]]] = {}

    def add(self, method: str, path: str, target: T) -> None:
        """Serve ``path`` with ``target``."""
        if "{" not in path:
            self._plain[method, path] = target
            return
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
        self._named.setdefault(method, []).append((re.compile(pattern), target))

    def find(self, method: str, path: str) -> tuple[T, Mapping[str, str]] | None:
        """What serves a path, and the values of its names; None where nothing does."""
        plain = self._plain.get((method, path))
        if plain is not None:
            return plain, _NOTHING
        for pattern, target in self._named.get(method, ()):
            if found := pattern.fullmatch(path):
                return target, {name: unquote(value) for name, value in found.groupdict().items()}
        return None
