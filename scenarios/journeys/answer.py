"""An answer as a visitor sees it, and whether it is right.

``judge`` is the one place that says what a right answer is; the swarm and the fake visitor of the tests
both use it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar, overload

import msgspec

Model = TypeVar("Model")

RETRIED_REFUSALS = frozenset({408, 425, 429})
"""The 4xx statuses that mean "not now" rather than "no" (RFC 9110, RFC 8470, RFC 6585)."""

_NO_NAME = re.compile(r"[^a-z0-9]+")


class Wrong(Exception):  # noqa: N818 -- it says something about an answer, it is no fault of the program
    """An answer with a right status and a wrong content. ``what`` is wrong, in one or two words."""

    def __init__(self, what: str) -> None:
        self.what = _NO_NAME.sub("-", what.lower()).strip("-") or "content"
        super().__init__(f"wrong {what}")


class Headers:
    """Header fields in the order in which they came; names are matched in any case."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[tuple[bytes, bytes]] = ()) -> None:
        self._fields = tuple(fields)

    def get(self, name: str, default: str = "") -> str:
        """The first field of that name, or ``default``."""
        wanted = name.lower().encode()
        for field, value in self._fields:
            if field.lower() == wanted:
                return value.decode("latin-1")
        return default

    def get_all(self, name: str) -> list[str]:
        """Every field of that name (``Set-Cookie`` comes more than once)."""
        wanted = name.lower().encode()
        return [value.decode("latin-1") for field, value in self._fields if field.lower() == wanted]


class Answer:
    """A complete HTTP answer: ``status``, ``headers``, ``body``, and the ``system`` that was asked."""

    __slots__ = ("_json", "body", "headers", "status", "system")

    def __init__(
        self, status: int, headers: Headers | None = None, body: bytes = b"", *, system: str = ""
    ) -> None:
        self.status = status
        self.headers = headers if headers is not None else Headers()
        self.body = body
        self.system = system
        self._json: Any = msgspec.UNSET

    @property
    def location(self) -> str:
        """The ``Location`` header, or "" where there is none."""
        return self.headers.get("location")

    @overload
    def json(self) -> Any: ...
    @overload
    def json(self, model: type[Model]) -> Model: ...
    def json(self, model: type[Model] | None = None) -> Any:
        """The body read as JSON, into ``model`` where one is given.

        Raises :class:`Wrong` ("json") where the body is no JSON or does not fit the model.
        """
        try:
            if model is not None:
                return msgspec.json.decode(self.body, type=model)
            if self._json is msgspec.UNSET:
                self._json = msgspec.json.decode(self.body)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Wrong("json") from error
        return self._json

    def field(self, *path: str | int) -> Any:
        """One value inside the JSON body: ``answer.field("dossiers", 0, "code")``.

        Raises :class:`Wrong` with the last name of the path where nothing lies there.
        """
        value = self.json()
        try:
            for part in path:
                value = value[part]
        except (LookupError, TypeError) as error:
            name = next((part for part in reversed(path) if isinstance(part, str)), "content")
            raise Wrong(name) from error
        return value

    def __repr__(self) -> str:
        return f"<Answer {self.status} of {self.system or '?'}, {len(self.body)} bytes>"


Check = Callable[[Answer], str | None]
"""Looks at the content of an answer with a right status; gives the name of what is wrong, or None.

It may also raise :class:`Wrong`; a ``LookupError``, ``TypeError`` or ``ValueError`` on the way through the
content means that the content is wrong.
"""


def judge(answer: Answer, expect: Collection[int], check: Check | None) -> str:
    """``""`` for a right answer, else ``http-<status>`` or ``wrong-<what>``."""
    if answer.status not in expect:
        return f"http-{answer.status}"
    if check is None:
        return ""
    try:
        what = check(answer)
    except Wrong as wrong:
        return f"wrong-{wrong.what}"
    except (LookupError, TypeError, ValueError):
        return "wrong-content"
    return f"wrong-{Wrong(what).what}" if what else ""


def worth_another_try(status: int, error: str) -> bool:
    """Whether a person would try the same again.

    A page that never came, a server's own error and a wrong page are tried again; a clear "no" (any other
    status, such as 403 or 410) is believed.
    """
    return not error.startswith("http-") or status >= 500 or status in RETRIED_REFUSALS
